import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** An Ed25519 pair as Telnyx shows and as the simulator takes it: base64 of 32 bytes each. */
export interface SigningKey {
  publicKey: string;
  seed: string;
}

const KEY_BYTES = 32;

/** The last 32 bytes of either DER are the key itself (RFC 8410). */
export function newSigningKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const last = (der: Buffer): string => der.subarray(-KEY_BYTES).toString('base64');
  return {
    publicKey: last(publicKey.export({ format: 'der', type: 'spki' })),
    seed: last(privateKey.export({ format: 'der', type: 'pkcs8' })),
  };
}

/*
 * The accounts file holds the public halves, since that is what Greenroom gets; the private ones lie beside it, for
 * whoever plays Telnyx. By their public halves, so that an account that is renamed or copied keeps its key.
 */

const fileBeside = (accountsFile: string): string => join(dirname(accountsFile), 'signing-keys.json');

export function keepSigningKeys(accountsFile: string, keys: readonly SigningKey[]): void {
  if (keys.length === 0) return;
  const seeds = Object.fromEntries(keys.map(({ publicKey, seed }) => [publicKey, seed]));
  writeFileSync(fileBeside(accountsFile), `${JSON.stringify(seeds, null, 2)}\n`, { mode: 0o600 });
}

/** Private halves by the public ones; empty where there is no such file, or nothing that can be understood in it. */
export function readSigningKeys(accountsFile: string): Readonly<Record<string, string>> {
  const file = fileBeside(accountsFile);
  if (!existsSync(file)) return {};
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}
