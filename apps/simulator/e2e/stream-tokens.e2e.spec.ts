import { randomBytes } from 'node:crypto';
import type { CallKey } from '@greenroom/contracts';
import { mintStreamToken, signTwilio, STREAM_TOKEN_NONCE_BYTES } from '@greenroom/telephony';
import { failOnLeaks } from '@greenroom/testing';
import { WebSocket } from 'ws';
import { placeCall } from '../src/place-call';
import { useStack } from './running-stack';

// so many wrong upgrades of one address are otherwise turned away without a look
const stack = useStack(() => ({ gateways: 2, env: { gateway: { MAX_REFUSALS_PER_SECOND: '1000000' } } }));
failOnLeaks();

const EACH = 1000;
const AT_ONCE = 50;

const callId = () => `CA${randomBytes(16).toString('hex')}`;
const key = (more: Partial<CallKey> = {}): CallKey => ({
  ...{ provider: 'twilio', account: 'default', callId: callId() },
  ...more,
});

function mint(of: CallKey, secret?: string, expiresAt = Date.now() + 60_000): string {
  const { streamTokenSecret = '' } = stack().description;
  const nonce = randomBytes(STREAM_TOKEN_NONCE_BYTES);
  return mintStreamToken(secret ?? streamTokenSecret, of, expiresAt, nonce);
}

/** Rightly signed, so that the token alone decides. */
function open(token: string, gateway = 0): WebSocket {
  const { accounts, publicMediaUrl, mediaUrl } = stack().description;
  const authToken = accounts?.find(({ provider }) => provider === 'twilio')?.authToken ?? '';
  const path = `/ws/twilio/default/${token}`;
  const [first = '', second = first] = [mediaUrl].flat();
  return new WebSocket(`${gateway === 0 ? first : second}${path}`, {
    headers: { 'X-Twilio-Signature': signTwilio(authToken, publicMediaUrl + path, {}) },
  });
}

/** What an upgrade is answered with, in one line; `open` if it is taken. */
function answerTo(socket: WebSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.on('error', () => undefined);
    socket.once('open', () => {
      socket.terminate();
      resolve('open');
    });
    socket.once('unexpected-response', (_, response) => {
      let body = '';
      response.on('data', (part: Buffer) => (body += part.toString()));
      response.once('end', () => {
        const headers = JSON.stringify({ ...response.headers, date: null });
        resolve(`${response.statusCode} ${headers} ${body}`);
      });
    });
  });
}

async function answersTo(tokens: readonly string[]): Promise<string[]> {
  const answers: string[] = [];
  const waiting = [...tokens];
  const work = async (): Promise<void> => {
    for (let token = waiting.shift(); token !== undefined; token = waiting.shift()) {
      answers.push(await answerTo(open(token, answers.length % 2)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return answers;
}

const many = <T>(make: () => T): T[] => Array.from({ length: EACH }, make);

/** The stream of a call, up to what it is closed with. */
function startedWith(token: string, of: string, gateway = 0): Promise<string> {
  return new Promise((resolve) => {
    const socket = open(token, gateway);
    const streamSid = `MZ${randomBytes(16).toString('hex')}`;
    socket.on('error', () => undefined);
    socket.once('unexpected-response', (_, response) => resolve(String(response.statusCode)));
    socket.once('close', (code, reason) => resolve(`${code} ${reason.toString()}`));
    socket.once('open', () => {
      const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 };
      socket.send(
        JSON.stringify({ event: 'start', streamSid, start: { streamSid, callSid: of, mediaFormat } }),
      );
      // a stream that is taken waits for its session
      setTimeout(() => socket.close(1000), 600);
    });
  });
}

it('a stranger’s tokens are refused alike, a thousand of each, and none is taken', async () => {
  const { streamTokenSecret = '' } = stack().description;
  const tokens = [
    ...many(() => mint(key(), 'a secret that is nobody’s, of more than 32 characters')),
    ...many(() => mint(key({ provider: 'plivo' }))),
    ...many(() => mint(key({ account: 'welcome' }))),
    ...many(() => mint(key(), streamTokenSecret, Date.now() - 1000)),
    ...many(() => mint(key()).slice(0, -1 - Math.floor(Math.random() * 20))),
  ];
  const answers = await answersTo(tokens);
  expect(answers).toHaveLength(5 * EACH);
  expect(new Set(answers).size).toBe(1);
  expect(answers[0]).toMatch(/^403 .*Not authorized\./);
}, 120_000);

it('a token is for its call alone, and for one stream of it, on whichever gateway', async () => {
  const own = key();
  const other = mint(key());
  expect(await startedWith(other, own.callId)).toBe('1008 Not authorized');
  const token = mint(own);
  // a handshake that was lost on its way back is repeated
  expect(await answerTo(open(token))).toBe('open');
  expect(await startedWith(token, own.callId)).toBe('1000 ');
  const again = await Promise.all([answerTo(open(token, 0)), answerTo(open(token, 1))]);
  expect(again.map((answer) => answer.slice(0, 3))).toEqual(['403', '403']);
  expect(new Set(again)).toEqual(new Set([await answerTo(open('x'))]));
}, 30_000);

it('calls are answered while strangers knock', async () => {
  const knocking = answersTo(many(() => randomBytes(50).toString('base64url')));
  const calls = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      placeCall({ stack: stack().description, provider: 'twilio', index }),
    ),
  );
  expect(calls.map(({ ok, why }) => [ok, why])).toEqual(calls.map(() => [true, null]));
  expect(new Set(await knocking).size).toBe(1);
}, 60_000);
