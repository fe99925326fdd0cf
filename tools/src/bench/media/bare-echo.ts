import { mulawOf, SAMPLES } from './mu-law';

/**
 * How a bare server says back what it hears, through decoding and encoding as ours does.
 *
 * - `full`: straightforward, as anybody would write it; a reply to each frame.
 * - `slice`: as sparing as it can be: nothing but the payload is looked at, and nothing is allocated for it.
 * - `slice-80ms`: the same, which sends four frames in one message, as ours does.
 */
export const BARE_MODES = ['full', 'slice', 'slice-80ms'] as const;
export type BareMode = (typeof BARE_MODES)[number];

/** One stream's. @returns what is sent for a message; null: nothing, for now */
export type BareEcho = (message: Buffer) => string | null;

const FRAMES_PER_MESSAGE = 4;

export function bareEcho(mode: BareMode): BareEcho {
  if (mode === 'full') return straightforward();
  return sparing(mode === 'slice' ? 1 : FRAMES_PER_MESSAGE);
}

interface TwilioMessage {
  event: string;
  streamSid: string;
  media: { payload: string };
}

const straightforward = (): BareEcho => (message) => {
  const { event, streamSid, media } = JSON.parse(message.toString()) as TwilioMessage;
  if (event !== 'media') return null;
  const payload = encode(decode(Buffer.from(media.payload, 'base64'))).toString('base64');
  return JSON.stringify({ event: 'media', streamSid, media: { payload } });
};

function decode(mulaw: Buffer): Int16Array {
  const pcm = new Int16Array(mulaw.length);
  for (let at = 0; at < mulaw.length; at++) pcm[at] = SAMPLES[mulaw[at] ?? 0] ?? 0;
  return pcm;
}

function encode(pcm: Int16Array): Buffer {
  const mulaw = Buffer.alloc(pcm.length);
  for (let at = 0; at < pcm.length; at++) mulaw[at] = mulawOf(pcm[at] ?? 0);
  return mulaw;
}

/** Longest payload that is expected: 100 ms. Used by all streams, one at a time. */
const POOL_BYTES = 800;
const RECEIVED = Buffer.alloc(POOL_BYTES);
const PCM = new Int16Array(POOL_BYTES);
const MEDIA = '{"event":"media"';
const PAYLOAD = '"payload":"';
const FRAME_BYTES = 160;

function sparing(framesPerMessage: number): BareEcho {
  const kept = Buffer.alloc(framesPerMessage * POOL_BYTES);
  const enough = framesPerMessage * FRAME_BYTES;
  let bytes = 0;
  let reply = '';
  return (message) => {
    const payload = payloadIn(message);
    if (payload === null) {
      reply ||= replyTo(message);
      return null;
    }
    const length = RECEIVED.write(payload, 'base64');
    for (let at = 0; at < length; at++) PCM[at] = SAMPLES[RECEIVED[at] ?? 0] ?? 0;
    for (let at = 0; at < length; at++) kept[bytes + at] = mulawOf(PCM[at] ?? 0);
    bytes += length;
    if (bytes < enough) return null;
    const text = `${reply}${kept.toString('base64', 0, bytes)}"}}`;
    bytes = 0;
    return text;
  };
}

/** Null: it is no audio. */
function payloadIn(message: Buffer): string | null {
  if (message.toString('latin1', 0, MEDIA.length) !== MEDIA) return parsedPayload(message);
  const from = message.indexOf(PAYLOAD, MEDIA.length, 'latin1') + PAYLOAD.length;
  return message.toString('latin1', from, message.indexOf('"', from, 'latin1'));
}

/** Whoever writes its messages in another order is understood as well. */
function parsedPayload(message: Buffer): string | null {
  const { event, media } = JSON.parse(message.toString()) as TwilioMessage;
  return event === 'media' ? media.payload : null;
}

/** All that stands before the payload, once the stream has said what it is called. */
function replyTo(message: Buffer): string {
  const { event, streamSid } = JSON.parse(message.toString()) as TwilioMessage;
  return event === 'start'
    ? `{"event":"media","streamSid":${JSON.stringify(streamSid)},"media":{"payload":"`
    : '';
}
