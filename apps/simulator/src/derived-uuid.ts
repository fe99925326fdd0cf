import { createHash } from 'node:crypto';

/** A UUID that is the same whenever it is asked for: the further ids that a provider gives to one call. */
export function derivedUuid(of: string): string {
  const hex = createHash('sha256').update(of).digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`];
  return [...parts, hex.slice(20, 32)].join('-');
}
