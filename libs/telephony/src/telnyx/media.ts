import { AudioFrames } from '../audio-frames';
import { encodeBase64 } from '../base64';
import { checkCallId } from '../call';
import { read, readCount, readObject, readText, type JsonObject } from '../json';
import { plainText } from '../plain-text';
import type { AudioFormat, InboundMessage, MediaAdapter, MediaCodec } from '../port';
import {
  AUDIO_END,
  audioHead,
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

/* developers.telnyx.com, "Stream call media over WebSocket". Numbers come as text, most of them. */

/** What our answer and our command ask for, both ways. */
const MULAW: AudioFormat = { encoding: 'mulaw', sampleRate: 8000 };

/**
 * What the stream says of its format, if that is not the one that we asked for. Telnyx streams the call's own codec where
 * it cannot make PCMU of it; to take that for PCMU would be noise, both ways.
 */
function otherFormat(start: JsonObject): string | null {
  const format = readObject(start, 'media_format');
  if (format === null) return null;
  if (readText(format, 'encoding') !== 'PCMU') return 'media_format.encoding: only PCMU';
  const [rate, channels] = [readText(format, 'sample_rate') ?? '8000', readText(format, 'channels') ?? '1'];
  if (rate !== '8000') return 'media_format.sample_rate: only 8000';
  return channels === '1' ? null : 'media_format.channels: only 1';
}

function readStart(message: JsonObject): InboundMessage {
  const start = readObject(message, 'start');
  if (start === null) return malformed('start: not an object');
  const call = checkCallId(read(start, 'call_control_id'), 'call_control_id');
  if ('reason' in call) return malformed(`start: ${call.reason}`);
  const problem = otherFormat(start);
  if (problem !== null) return malformed(`start: ${problem}`);
  return {
    kind: 'start',
    start: {
      callId: call.callId,
      // for the log alone: what we send names no stream
      streamId: readStreamId(start, message, 'stream_id'),
      from: readParty(start, 'from'),
      to: readParty(start, 'to'),
      parameters: readCustomParameters(start, 'custom_parameters'),
      format: MULAW,
    },
  };
}

const readParty = (start: JsonObject, key: string): string | null =>
  plainText(readText(start, key) ?? '', 64) || null;

/**
 * "Media frame order is not guaranteed. Use media.chunk, media.timestamp, and sequence_number": `sequence_number` counts
 * `start`, `dtmf` and `mark` too, so in it the audio alone has gaps; `chunk` counts the audio.
 */
function readMedia(message: JsonObject): InboundMessage {
  const media = readObject(message, 'media') ?? {};
  // another track holds what we said ourselves
  if ((readText(media, 'track') ?? 'inbound') !== 'inbound') return { kind: 'ignored', event: 'media' };
  const audio = readAudio(message, 'sequence_number');
  return audio.kind === 'audio' ? { ...audio, sequence: readCount(media, 'chunk') } : audio;
}

/** Something that we sent was not taken: 100002 unknown, 100003 malformed_frame, 100004 invalid_media, 100005 rate_limit. */
function readError(message: JsonObject): InboundMessage {
  const error = readObject(message, 'payload') ?? {};
  const title = plainText(readText(error, 'title') ?? readText(error, 'code') ?? '', 32);
  return { kind: 'ignored', event: title === '' ? 'error' : `error: ${title}` };
}

const READERS: ReadonlyMap<string, EventReader> = new Map<string, EventReader>([
  ['connected', () => ({ kind: 'connected' })],
  ['start', readStart],
  ['media', readMedia],
  ['dtmf', readDtmf],
  ['mark', readMark],
  ['stop', readStop],
  ['error', readError],
]);

const NUMBERS = { sequence: '/media/chunk', timestamp: '/media/timestamp' };

/** What we send names neither stream nor number: a socket is one stream. */
const HEAD = audioHead({ event: 'media', media: {} });

function open(): MediaCodec {
  const frames = new AudioFrames(NUMBERS, (text) => readMessage(text, READERS));
  return {
    decode: (wire) => readMessage(wire, READERS),
    decodeText: (bytes) => frames.read(bytes),
    encodeAudio: (payload) => HEAD + encodeBase64(payload) + AUDIO_END,
    encodeMark: (name) => JSON.stringify({ event: 'mark', mark: { name } }),
    encodeClear: () => JSON.stringify({ event: 'clear' }),
  };
}

export const telnyxMedia: MediaAdapter = {
  provider: 'telnyx',
  outbound: {
    // 80 ms: from 20 ms to 30 s are allowed; small enough to stop soon
    messageBytes: () => 640,
    // 20 ms, the least that may be sent: a shorter rest is filled up with silence
    multipleOf: 160,
    minimumBytes: 160,
    marksReturn: 'when-played',
    // the same page: those that wait come back at once
    clearReturnsMarks: true,
    // not documented: what has begun to play may go on to its end, which is 80 ms
    clearCutsMessage: false,
    inboundMs: 20,
  },
  // closing the socket ends the stream and not the call; only a TeXML document goes on by itself
  stream: { ordered: false, closing: 'call-stays-up', urlFromAnswer: 'always' },
  // `stream_auth_token` would come back in a header, but only streams that a command started can have one
  signsUpgrade: false,
  verifyUpgrade: () => false,
  open,
};
