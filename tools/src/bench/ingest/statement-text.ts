import { ANNOUNCE } from '@greenroom/entities';
import { CALLERS } from './webhooks';

/*
 * The statement of an announcement for clients that do nothing but run it: every value but the call id and the caller's
 * number is a constant.
 */

/** Of pgbench's own random numbers; a call id twice is as good as impossible. */
const MOST_CALLS = 1_000_000_000_000_000;

const CONSTANTS = ["'exotel'", "'default'", null, null, 'NULL', 'NULL', "'{}'", "'ready'", "'inbound'"];
const REST = ["'+919000000001'", "'+918000000002'", `'{"digits":"1"}'`, "'none'", 'NULL'];

/** With these expressions in place of `$3` and `$4`. */
export function announceWith(callId: string, phone: string): string {
  const values = [...CONSTANTS, ...REST].map((constant, index) => constant ?? (index === 2 ? callId : phone));
  return ANNOUNCE.text.replace(/\$(\d+)/g, (_, number: string) => values[Number(number) - 1] ?? '');
}

/** A script of pgbench's. */
export const pgbenchScript = (): string =>
  [
    `\\set call random(1, ${MOST_CALLS})`,
    `\\set caller 9000000000 + random(0, ${CALLERS - 1})`,
    // the whole statement on one line, since a line that begins with a colon or a backslash would be taken for another thing
    `${announceWith("('pgbench-' || (:call)::text)", "('+91' || (:caller)::text)").replace(/\s+/g, ' ')};`,
    '',
  ].join('\n');
