import { createHash, createHmac, randomUUID } from 'node:crypto';
import type { Provider } from '@greenroom/contracts';
import { telnyxPublicKey } from '@greenroom/telephony';
import { plivoNonce, plivoSignature } from '../src/plivo/signature';
import { telnyxSignature } from '../src/telnyx/signature';
import { hs256 } from '../src/vonage/jwt';
import type { HeaderLine, RawRequest } from './raw-request';

/**
 * How each provider shows that a webhook is its own, and how somebody might try to who is not it. Signed here or by the
 * simulator, not by what Greenroom checks signatures with.
 */
export interface Scheme {
  /** two that the account has at once, and one that it does not have */
  secrets: readonly [string, string, string];
  /** the header lines that prove it */
  prove(request: RawRequest, secret: string): HeaderLine[];
  /** the right secret, used in another way */
  forgeries: readonly Forgery[];
  /** rightly signed at a wrong time, or with the nonce of something else; empty: there is none in the scheme */
  untimely: readonly Forgery[];
}

/** @param secret one of the account's */
type Forgery = (request: RawRequest, secret: string) => HeaderLine[];

/** What the providers are told to call: signed, and nothing that listens. */
export const PUBLIC_BASE_URL = 'https://voice.example.com';
export const PUBLIC_MEDIA_URL = 'wss://media.example.com';

/** s; Telnyx's window, and ours for Vonage, are 300 s either way */
const TOO_FAR = 310;

const nowS = (): number => Math.floor(Date.now() / 1000);
const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const inHex = (base64: string): string => Buffer.from(base64, 'base64').toString('hex');
const formOf = ({ body }: RawRequest): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(body));

// --- Exotel: Basic ---

const basic = (text: string): HeaderLine[] => [['Authorization', text]];

const exotel: Scheme = {
  secrets: ['greenroom:a first password', 'greenroom:a second password', 'greenroom:another password'],
  prove: (_, secret) => basic(`Basic ${Buffer.from(secret).toString('base64')}`),
  forgeries: [
    (_, secret) => basic(`Bearer ${Buffer.from(secret).toString('base64')}`),
    (_, secret) => basic(`Basic ${Buffer.from(secret).toString('hex')}`),
    (_, secret) => basic(`Basic ${secret}`),
  ],
  untimely: [],
};

// --- Twilio: X-Twilio-Signature ---

function twilioSignature(request: RawRequest, secret: string, how: { hash: string; as: 'base64' | 'hex' }) {
  const form = formOf(request);
  const names = Object.keys(form).sort();
  const text = PUBLIC_BASE_URL + request.path + names.map((name) => `${name}${form[name]}`).join('');
  return createHmac(how.hash, secret).update(text).digest(how.as);
}

const twilioLine = (value: string): HeaderLine[] => [['X-Twilio-Signature', value]];

const twilio: Scheme = {
  secrets: ['a first auth token', 'a second auth token', 'another auth token'],
  prove: (request, secret) => twilioLine(twilioSignature(request, secret, { hash: 'sha1', as: 'base64' })),
  forgeries: [
    (request, secret) => twilioLine(twilioSignature(request, secret, { hash: 'sha256', as: 'base64' })),
    (request, secret) => twilioLine(twilioSignature(request, secret, { hash: 'sha1', as: 'hex' })),
  ],
  untimely: [],
};

// --- Plivo: X-Plivo-Signature-V3 ---

function plivoLines(request: RawRequest, secret: string): { signature: string; nonce: string } {
  const nonce = plivoNonce();
  const { method, path } = request;
  const signed = { method, url: PUBLIC_BASE_URL + path, form: formOf(request) };
  return { signature: plivoSignature(secret, signed, nonce), nonce };
}

const plivoV3 = (signature: string, nonce: string): HeaderLine[] => [
  ['X-Plivo-Signature-V3', signature],
  ['X-Plivo-Signature-V3-Nonce', nonce],
];

const plivo: Scheme = {
  secrets: ['a first auth token', 'a second auth token', 'another auth token'],
  prove(request, secret) {
    const { signature, nonce } = plivoLines(request, secret);
    return plivoV3(signature, nonce);
  },
  forgeries: [
    // V2, which covers no parameter, under its own name and under that of V3
    (request, secret) => {
      const { signature, nonce } = plivoV2(request, secret);
      return [
        ['X-Plivo-Signature-V2', signature],
        ['X-Plivo-Signature-V2-Nonce', nonce],
      ];
    },
    (request, secret) => {
      const { signature, nonce } = plivoV2(request, secret);
      return plivoV3(signature, nonce);
    },
    (request, secret) => {
      const { signature, nonce } = plivoLines(request, secret);
      return plivoV3(inHex(signature), nonce);
    },
  ],
  untimely: [
    // another nonce than the signed one
    (request, secret) => plivoV3(plivoLines(request, secret).signature, plivoNonce()),
    // signature and nonce of an earlier webhook
    (request, secret) => {
      const earlier = {
        ...request,
        path: `${request.path}${request.path.includes('?') ? '&' : '?'}earlier=1`,
      };
      const { signature, nonce } = plivoLines(earlier, secret);
      return plivoV3(signature, nonce);
    },
  ],
};

function plivoV2({ path }: RawRequest, secret: string): { signature: string; nonce: string } {
  const nonce = plivoNonce();
  const text = PUBLIC_BASE_URL + path.replace(/\?.*$/, '') + nonce;
  return { signature: createHmac('sha256', secret).update(text).digest('base64'), nonce };
}

// --- Telnyx: Ed25519 ---

/** base64 of 32 bytes */
const seed = (byte: number): string => Buffer.alloc(32, byte).toString('base64');

const telnyxLines = (timestamp: string, signature: string): HeaderLine[] => [
  ['telnyx-timestamp', timestamp],
  ['telnyx-signature-ed25519', signature],
];

function telnyxAt(at: number): Forgery {
  return ({ body }, secret) => {
    const timestamp = String(nowS() + at);
    return telnyxLines(timestamp, telnyxSignature(secret, timestamp, body));
  };
}

const telnyx: Scheme = {
  secrets: [seed(1), seed(2), seed(3)],
  prove: telnyxAt(0),
  forgeries: [
    // as long as an Ed25519 signature, with the one key that everybody may know
    ({ body }, secret) => {
      const timestamp = String(nowS());
      const key = Buffer.from(telnyxPublicKey(secret), 'base64');
      const signature = createHmac('sha512', key).update(`${timestamp}|${body}`).digest('base64');
      return telnyxLines(timestamp, signature);
    },
    ({ body }, secret) => {
      const timestamp = String(nowS());
      return telnyxLines(timestamp, inHex(telnyxSignature(secret, timestamp, body)));
    },
  ],
  untimely: [
    telnyxAt(-TOO_FAR),
    telnyxAt(TOO_FAR),
    // fresh, but not the signed one
    ({ body }, secret) => {
      const signed = String(nowS() - TOO_FAR);
      return telnyxLines(String(nowS()), telnyxSignature(secret, signed, body));
    },
  ],
};

// --- Vonage: a JSON Web Token ---

function vonageClaims({ method, body }: RawRequest, more: object = {}): object {
  const hash = createHash('sha256').update(body).digest('hex');
  return {
    ...{ iat: nowS(), jti: randomUUID(), iss: 'Vonage', api_key: 'a1b2c3d' },
    ...(method === 'POST' && { payload_hash: hash }),
    ...more,
  };
}

const bearer = (token: string): HeaderLine[] => [['Authorization', `Bearer ${token}`]];

/** @param sign makes the last part, of the two before it */
function tokenWith(alg: string, sign: (signed: string, secret: string) => string): Forgery {
  return (request, secret) => {
    const signed = `${base64url({ alg, typ: 'JWT' })}.${base64url(vonageClaims(request))}`;
    return bearer(`${signed}.${sign(signed, secret)}`);
  };
}

const vonageWith =
  (claims: () => object): Forgery =>
  (request, secret) =>
    bearer(hs256(secret, vonageClaims(request, claims())));

const hmac = (hash: string, as: 'base64url' | 'hex') => (text: string, secret: string) =>
  createHmac(hash, secret).update(text).digest(as);

const vonage: Scheme = {
  secrets: ['a first signature secret', 'a second signature secret', 'another signature secret'],
  prove: vonageWith(() => ({})),
  forgeries: [
    tokenWith('none', () => ''),
    tokenWith('none', hmac('sha256', 'base64url')),
    tokenWith('HS512', hmac('sha512', 'base64url')),
    tokenWith('HS256', hmac('sha512', 'base64url')),
    tokenWith('HS256', hmac('sha256', 'hex')),
  ],
  untimely: [
    vonageWith(() => ({ iat: nowS() - TOO_FAR })),
    vonageWith(() => ({ iat: nowS() + TOO_FAR })),
    vonageWith(() => ({ iat: undefined })),
    vonageWith(() => ({ exp: nowS() - TOO_FAR })),
  ],
};

export const SCHEMES: Readonly<Record<Provider, Scheme>> = { exotel, twilio, plivo, telnyx, vonage };
