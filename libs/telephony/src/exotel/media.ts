import { AudioFrames } from '../audio-frames';
import { encodeBase64 } from '../base64';
import { checkCallId, type CallId } from '../call';
import { read, readObject, readText, type JsonObject } from '../json';
import { plainText } from '../plain-text';
import type { AudioFormat, InboundMessage, MediaAdapter, MediaCodec } from '../port';
import {
  AUDIO_END,
  durationMs,
  malformed,
  readAudio,
  readCustomParameters,
  readDtmf,
  readMark,
  readMessage,
  readStop,
  readStreamId,
  type EventReader,
} from '../stream-message';

/*
 * The Voicebot applet's media stream (support.exotel.com 3000108630). Its samples disagree with its own table of fields
 * on what is a number and what a string, and on what is optional, so both are taken.
 */

/** The audio is 16-bit PCM, whatever `media_format.encoding` (raw, audio/x-raw, base64) and `bit_rate` say. */
function readFormat(start: JsonObject): AudioFormat {
  const rate = Number(readText(readObject(start, 'media_format') ?? {}, 'sample_rate'));
  return { encoding: 'pcm_s16le', sampleRate: [8000, 16000, 24000].includes(rate) ? rate : 8000 };
}

/** The id stands in `start`; at the top level in some samples. Where both are there, they have to agree. */
function readCall(start: JsonObject, message: JsonObject): CallId {
  const [inner, outer] = [read(start, 'call_sid'), read(message, 'call_sid')];
  if (inner !== undefined && outer !== undefined && inner !== outer) {
    return { reason: 'call_sid: two different ones' };
  }
  return checkCallId(inner ?? outer, 'call_sid');
}

function readStart(message: JsonObject): InboundMessage {
  const start = readObject(message, 'start');
  if (start === null) return malformed('start: not an object');
  const call = readCall(start, message);
  if ('reason' in call) return malformed(`start: ${call.reason}`);
  return {
    kind: 'start',
    start: {
      callId: call.callId,
      streamId: readStreamId(start, message, 'stream_sid'),
      from: readParty(start, 'from'),
      to: readParty(start, 'to'),
      parameters: readCustomParameters(start, 'custom_parameters'),
      format: readFormat(start),
    },
  };
}

const readParty = (start: JsonObject, key: string): string | null =>
  plainText(readText(start, key) ?? '', 64) || null;

const READERS: ReadonlyMap<string, EventReader> = new Map<string, EventReader>([
  ['connected', () => ({ kind: 'connected' })],
  ['start', readStart],
  ['media', (message) => readAudio(message, 'sequence_number')],
  ['dtmf', readDtmf],
  ['mark', readMark],
  ['stop', readStop],
  // listed among Exotel's own messages, but its body and meaning are not documented
  ['clear', () => ({ kind: 'ignored', event: 'clear' })],
]);

const NUMBERS = { sequence: '/sequence_number', timestamp: '/media/timestamp' };

/** What every message of audio begins with: made once for each stream. */
const headOf = (streamId: string | undefined): string =>
  JSON.stringify({ event: 'media', stream_sid: streamId }).slice(0, -1);

/**
 * Documented with `sequence_number`, `chunk` and `timestamp`. Public clients leave them out and are heard, but Exotel's
 * sample code warns that some streams end early without them.
 */
function open(): MediaCodec {
  let streamId: string | undefined;
  let format: AudioFormat = { encoding: 'pcm_s16le', sampleRate: 8000 };
  let sequence = 0;
  let chunk = 0;
  let sentBytes = 0;
  let head = headOf(streamId);
  const frames = new AudioFrames(NUMBERS, (text) => readMessage(text, READERS));
  const envelope = (event: string) => ({ event, stream_sid: streamId, sequence_number: ++sequence });
  const begin = (message: InboundMessage): InboundMessage => {
    if (message.kind === 'start' && streamId === undefined) {
      // optional in Exotel's table: where it is missing, ours go without it too
      streamId = message.start.streamId || undefined;
      format = message.start.format;
      head = headOf(streamId);
    }
    return message;
  };
  return {
    decode: (wire) => begin(readMessage(wire, READERS)),
    decodeText: (bytes) => begin(frames.read(bytes)),
    encodeAudio(payload) {
      const timestamp = durationMs(format, sentBytes);
      sentBytes += payload.byteLength;
      const media = `"media":{"chunk":${++chunk},"timestamp":"${timestamp}","payload":"`;
      return `${head},"sequence_number":${++sequence},${media}${encodeBase64(payload)}${AUDIO_END}`;
    },
    encodeMark: (name) => JSON.stringify({ ...envelope('mark'), mark: { name } }),
    // the one message that is documented without a sequence number
    encodeClear: () => JSON.stringify({ event: 'clear', stream_sid: streamId }),
  };
}

export const exotelMedia: MediaAdapter = {
  provider: 'exotel',
  outbound: {
    /**
     * Article 3000108630: from 3.2 kB to 100 kB, a multiple of 320 bytes; below it jitters, above it times out. It calls
     * 3.2 kB "100 ms", which is true at 16 kHz only, so the bytes are kept at every rate. Small, since `clear` does
     * not cut a message that has begun to play.
     */
    messageBytes: () => 3200,
    multipleOf: 320,
    minimumBytes: 3200,
    // not documented; whoever waits for a mark after a clear would wait for ever if it were assumed
    marksReturn: 'when-played',
    clearReturnsMarks: false,
    // the same article: what has begun to play is played to its end
    clearCutsMessage: false,
    inboundMs: 100,
  },
  stream: { ordered: true, closing: 'flow-goes-on', urlFromAnswer: 'at-will' },
  signsUpgrade: false,
  verifyUpgrade: () => false,
  open,
};
