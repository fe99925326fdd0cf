import type { CallKey } from '@greenroom/contracts';
import { mintStreamToken, STREAM_TOKEN_NONCE_BYTES } from '@greenroom/telephony';
import { createHmac, randomBytes } from 'node:crypto';
import WebSocket from 'ws';
import { type StackDescription } from '../../stack/description';
import { type Assistant } from './assistants';
import { type Arrival } from './deadlines';
import { machineNow } from './machine-clock';

export type Provider = 'twilio' | 'exotel';

export interface ListenOptions {
  description: StackDescription;
  provider: Provider;
  assistant: Assistant;
  /** ms of audio after which it hangs up */
  untilMs: number;
  /** ms that all of it may take */
  longestMs: number;
}

/** What a line of each provider is told apart by. */
interface Dialect {
  bytesPerMs: number;
  headers: (account: StackDescription['accounts'][number] | undefined, url: string) => Record<string, string>;
  start: (callId: string, streamId: string) => object;
  stop: (callId: string, streamId: string) => object;
}

const DIALECTS: Readonly<Record<Provider, Dialect>> = {
  twilio: {
    bytesPerMs: 8,
    headers: (account, url) => ({
      'X-Twilio-Signature': createHmac('sha1', account?.authToken ?? '')
        .update(url)
        .digest('base64'),
    }),
    start: (callSid, streamSid) => ({
      ...{ event: 'start', sequenceNumber: '1', streamSid },
      start: { streamSid, callSid, tracks: ['inbound'], mediaFormat: { encoding: 'audio/x-mulaw' } },
    }),
    stop: (callSid, streamSid) => ({ event: 'stop', sequenceNumber: '2', streamSid, stop: { callSid } }),
  },
  exotel: {
    bytesPerMs: 16,
    headers: (account) => ({
      authorization: `Basic ${Buffer.from(`${account?.username}:${account?.password}`).toString('base64')}`,
    }),
    start: (call_sid, stream_sid) => ({
      ...{ event: 'start', sequence_number: 1, stream_sid },
      start: {
        ...{ stream_sid, call_sid, from: '09000000001', to: '08000000002' },
        media_format: { encoding: 'raw', sample_rate: '8000', bit_rate: '16' },
      },
    }),
    stop: (call_sid, stream_sid) => ({
      ...{ event: 'stop', sequence_number: 2, stream_sid },
      stop: { call_sid, reason: 'callended' },
    }),
  },
};

/**
 * A line on which nothing is said: it notes when each message with audio comes, and does nothing else meanwhile.
 * @returns the messages. @throws if the line was closed before so much had come, or nothing came in time
 */
export async function listen(options: ListenOptions): Promise<Arrival[]> {
  const { description, provider, assistant, untilMs, longestMs } = options;
  const { bytesPerMs, headers, start, stop } = DIALECTS[provider];
  const [callId, streamId] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
  const token =
    provider === 'exotel' ? '' : `/${tokenFor(description, { provider, account: assistant, callId })}`;
  const path = `/ws/${provider}/${assistant}${token}`;
  const account = description.accounts.find(
    (each) => each.provider === provider && each.account === assistant,
  );
  const socket = new WebSocket(`${description.mediaUrl[0]}${path}`, {
    headers: headers(account, description.publicMediaUrl + path),
    perMessageDeflate: false,
  });
  const arrivals: Arrival[] = [];
  let heardMs = 0;
  socket.on('message', (data: Buffer) => {
    const atMs = machineNow();
    const bytes = audioBytes(data);
    if (bytes === 0) return;
    arrivals.push({ atMs, audioMs: bytes / bytesPerMs });
    heardMs += bytes / bytesPerMs;
    if (heardMs >= untilMs) socket.send(JSON.stringify(stop(callId, streamId)));
  });
  socket.once('open', () => {
    socket.send(JSON.stringify({ event: 'connected' }));
    socket.send(JSON.stringify(start(callId, streamId)));
  });
  const closed = await closeOf(socket, longestMs);
  if (heardMs >= untilMs) return arrivals;
  throw new Error(`After ${Math.round(heardMs)} ms of audio, a line at ${provider} was closed: ${closed}.`);
}

/** As the answer to a webhook would have had it. */
const tokenFor = ({ streamTokenSecret }: StackDescription, key: CallKey): string =>
  mintStreamToken(streamTokenSecret, key, Date.now() + 60_000, randomBytes(STREAM_TOKEN_NONCE_BYTES));

function closeOf(socket: WebSocket, longestMs: number): Promise<string> {
  return new Promise((resolve) => {
    let why = '';
    const late = setTimeout(() => socket.terminate(), longestMs);
    socket.on('error', (error) => (why = error.message));
    socket.once('close', (code, reason) => {
      clearTimeout(late);
      resolve([code, reason.toString(), why].filter(Boolean).join(' '));
    });
  });
}

/** 0: something else. The event stands first in what the gateway sends. */
function audioBytes(data: Buffer): number {
  if (!data.subarray(0, 16).toString('latin1').startsWith('{"event":"media"')) return 0;
  const { media } = JSON.parse(data.toString()) as { media: { payload: string } };
  return Buffer.byteLength(media.payload, 'base64');
}
