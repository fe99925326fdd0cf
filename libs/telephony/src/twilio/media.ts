import { AudioFrames } from '../audio-frames';
import { encodeBase64 } from '../base64';
import { checkCallId } from '../call';
import { read, readObject, readText, type JsonObject } from '../json';
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
import { verifyTwilioUpgrade } from './signature';

/* twilio.com/docs/voice/media-streams/websocket-messages */

/** The only audio that Twilio streams. */
const MULAW: AudioFormat = { encoding: 'mulaw', sampleRate: 8000 };

/** What the stream says of its format, if that is not the one we know. */
function otherFormat(start: JsonObject): string | null {
  const format = readObject(start, 'mediaFormat');
  if (format === null) return null;
  if (readText(format, 'encoding') !== 'audio/x-mulaw') return 'mediaFormat.encoding: only audio/x-mulaw';
  const [rate, channels] = [readText(format, 'sampleRate') ?? '8000', readText(format, 'channels') ?? '1'];
  if (rate !== '8000') return 'mediaFormat.sampleRate: only 8000';
  return channels === '1' ? null : 'mediaFormat.channels: only 1';
}

function readStart(message: JsonObject): InboundMessage {
  const start = readObject(message, 'start');
  if (start === null) return malformed('start: not an object');
  const call = checkCallId(read(start, 'callSid'), 'callSid');
  if ('reason' in call) return malformed(`start: ${call.reason}`);
  const problem = otherFormat(start);
  if (problem !== null) return malformed(`start: ${problem}`);
  const streamId = readStreamId(start, message, 'streamSid');
  // Twilio drops what we send without it
  if (streamId === '') return malformed('start: streamSid: missing');
  const parameters = readCustomParameters(start, 'customParameters');
  return {
    kind: 'start',
    start: { callId: call.callId, streamId, from: null, to: null, parameters, format: MULAW },
  };
}

/** A listening stream may carry our own voice too. */
function readMedia(message: JsonObject): InboundMessage {
  const track = readText(readObject(message, 'media') ?? {}, 'track') ?? 'inbound';
  return track === 'inbound' ? readAudio(message, 'sequenceNumber') : { kind: 'ignored', event: 'media' };
}

const READERS: ReadonlyMap<string, EventReader> = new Map<string, EventReader>([
  ['connected', () => ({ kind: 'connected' })],
  ['start', readStart],
  ['media', readMedia],
  ['dtmf', readDtmf],
  ['mark', readMark],
  ['stop', readStop],
]);

const NUMBERS = { sequence: '/sequenceNumber', timestamp: '/media/timestamp' };

const headOf = (streamSid: string | undefined): string => audioHead({ event: 'media', streamSid, media: {} });

function open(): MediaCodec {
  let streamSid: string | undefined;
  let head = headOf(streamSid);
  const frames = new AudioFrames(NUMBERS, (text) => readMessage(text, READERS));
  const begin = (message: InboundMessage): InboundMessage => {
    if (message.kind === 'start') head = headOf((streamSid ??= message.start.streamId));
    return message;
  };
  return {
    decode: (wire) => begin(readMessage(wire, READERS)),
    decodeText: (bytes) => begin(frames.read(bytes)),
    encodeAudio: (payload) => head + encodeBase64(payload) + AUDIO_END,
    encodeMark: (name) => JSON.stringify({ event: 'mark', streamSid, mark: { name } }),
    encodeClear: () => JSON.stringify({ event: 'clear', streamSid }),
  };
}

export const twilioMedia: MediaAdapter = {
  provider: 'twilio',
  outbound: {
    // 80 ms. Any size is allowed; small enough to stop soon, large enough not to send 50 messages a second
    messageBytes: () => 640,
    multipleOf: 1,
    minimumBytes: 1,
    // and cannot be told from marks that were played
    marksReturn: 'when-played',
    clearReturnsMarks: true,
    clearCutsMessage: true,
    inboundMs: 20,
  },
  stream: { ordered: true, closing: 'flow-goes-on', urlFromAnswer: 'always' },
  signsUpgrade: true,
  // there is no time in the signature that `now` could be held against
  verifyUpgrade: (url, headers, secrets) => verifyTwilioUpgrade(url, headers, secrets),
  open,
};
