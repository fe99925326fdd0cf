import { createPrivateKey, sign, type KeyObject } from 'node:crypto';

/** PKCS #8 in DER, before the 32 bytes of an Ed25519 seed (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * developers.telnyx.com, "Webhook fundamentals": Ed25519 over `TIMESTAMP|BODY`, in base64.
 * @param key PKCS #8 as PEM, or the seed of 32 bytes in base64
 * @param timestamp unix seconds
 */
export const telnyxSignature = (key: string, timestamp: string, body: string): string =>
  sign(null, Buffer.from(`${timestamp}|${body}`, 'utf8'), privateKey(key)).toString('base64');

const privateKey = (key: string): KeyObject =>
  key.includes('-----BEGIN')
    ? createPrivateKey(key)
    : createPrivateKey({
        key: Buffer.concat([PKCS8, Buffer.from(key, 'base64')]),
        format: 'der',
        type: 'pkcs8',
      });
