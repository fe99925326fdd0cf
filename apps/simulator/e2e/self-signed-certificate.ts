import { generateKeyPairSync, sign, X509Certificate } from 'node:crypto';

export interface Certificate {
  /** both as PEM */
  key: string;
  cert: string;
}

/** DER, as far as a certificate needs it. */
const der = (tag: number, ...parts: Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
};
const sequence = (...parts: Uint8Array[]): Buffer => der(0x30, ...parts);
/** UTCTime, `YYMMDDhhmmssZ` */
const time = (at: Date): Buffer =>
  der(0x17, Buffer.from(`${at.toISOString().slice(2, 19).replaceAll(/[-T:]/g, '')}Z`));
/** 1.3.101.112 */
const ED25519 = sequence(der(0x06, Buffer.from([0x2b, 0x65, 0x70])));
/** 2.5.4.3 */
const commonName = (name: string): Buffer =>
  sequence(der(0x31, sequence(der(0x06, Buffer.from([0x55, 0x04, 0x03])), der(0x0c, Buffer.from(name)))));

const HOUR_MS = 3_600_000;

/** A key made just now, and a certificate for it that holds for two hours and that nobody but itself vouches for. */
export function selfSignedCertificate(host: string): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const name = commonName(host);
  const [from, until] = [-HOUR_MS, HOUR_MS].map((ms) => time(new Date(Date.now() + ms)));
  const body = sequence(
    der(0x02, Buffer.from([1])),
    ED25519,
    name,
    sequence(from!, until!),
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
  );
  const signature = der(0x03, Buffer.from([0]), sign(null, body, privateKey));
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
    cert: new X509Certificate(sequence(body, ED25519, signature)).toString(),
  };
}
