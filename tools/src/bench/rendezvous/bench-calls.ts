import { type CallKey } from '@greenroom/contracts';
import { mintStreamToken, signTwilio, STREAM_TOKEN_NONCE_BYTES } from '@greenroom/telephony';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type StackDescription } from '../../stack/description';

/*
 * The calls of the bench are Twilio's, so that each stream has to show a token and a signature; their assistant says back
 * what it hears, and so is silent as long as the callers are. Calls that belong together have ids in a row.
 */

export interface CallRange {
  /** what their ids begin with */
  series: string;
  first: number;
  count: number;
}

const ACCOUNT = { provider: 'twilio', account: 'default' } as const;
/** As long as those of our answers by default. */
const TOKEN_MS = 120_000;

export const callIdOf = (series: string, index: number): string => `bench-${series}-${index}`;

export const keyOf = (series: string, index: number): CallKey => ({
  ...ACCOUNT,
  callId: callIdOf(series, index),
});

/** @returns what `each` makes of the index of each call, in their order */
export const mapCalls = <T>({ first, count }: CallRange, each: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, offset) => each(first + offset));

export const readDescription = (stackFile: string): StackDescription =>
  JSON.parse(readFileSync(stackFile, 'utf8')) as StackDescription;

const authTokenOf = ({ accounts }: StackDescription): string =>
  accounts.find(({ provider, account }) => provider === ACCOUNT.provider && account === ACCOUNT.account)
    ?.authToken ?? '';

/** The request that opens a call's media stream, as Twilio would send it, whole. */
export function upgradeRequest(description: StackDescription, { series, index, port }: Upgrade): Buffer {
  const { streamTokenSecret, publicMediaUrl } = description;
  const nonce = randomBytes(STREAM_TOKEN_NONCE_BYTES);
  const token = mintStreamToken(streamTokenSecret, keyOf(series, index), Date.now() + TOKEN_MS, nonce);
  const path = `/ws/${ACCOUNT.provider}/${ACCOUNT.account}/${token}`;
  return request('GET', path, {
    Host: `127.0.0.1:${port}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    'X-Twilio-Signature': signTwilio(authTokenOf(description), publicMediaUrl + path),
  });
}

interface Upgrade {
  series: string;
  index: number;
  /** of the gateway */
  port: number;
}

/** Phone number in E.164. Every call has a customer of its own, as far as the series are told apart by their first letter. */
export const customerOf = (series: string, index: number): string =>
  `+9190${String((series.charCodeAt(0) % 32) * 1_000_000 + index).padStart(8, '0')}`;

const request = (method: string, path: string, headers: Readonly<Record<string, string>>): Buffer =>
  Buffer.from(
    `${method} ${path} HTTP/1.1\r\n${Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`,
  );
