import { AudioFrames } from '../audio-frames';
import { encodeBase64 } from '../base64';
import { checkCallId } from '../call';
import { parseObject, read, readObject, readText, type JsonObject } from '../json';
import type { AudioFormat, InboundMessage, MediaAdapter, MediaCodec } from '../port';
import {
  AUDIO_END,
  audioHead,
  malformed,
  readAudio,
  readDtmf,
  readMessage,
  readStop,
  readStreamId,
  type EventReader,
} from '../stream-message';
import { verifyPlivoUpgrade } from './signature';

/*
 * plivo.com/docs/voice-agents/audio-streaming/concepts/audio-streaming-reference; plivo/plivo-stream-sdk-node
 * `src/types.ts`. Text messages only. There is no `connected`, and no `stop` is documented: the socket closes.
 */

/** What our answer asks for. */
const MULAW: AudioFormat = { encoding: 'mulaw', sampleRate: 8000 };

/**
 * `audio/x-l16` is taken too, for streams that were not started by our answer. RFC 2586 means big endian by it; Plivo's
 * own examples send and receive little endian.
 */
const FORMATS: ReadonlyMap<string, AudioFormat> = new Map<string, AudioFormat>([
  ['audio/x-mulaw 8000', MULAW],
  ['audio/x-l16 8000', { encoding: 'pcm_s16le', sampleRate: 8000 }],
  ['audio/x-l16 16000', { encoding: 'pcm_s16le', sampleRate: 16000 }],
]);

function readFormat(start: JsonObject): AudioFormat | null {
  const format = readObject(start, 'mediaFormat');
  if (format === null) return MULAW;
  const encoding = readText(format, 'encoding') ?? 'audio/x-mulaw';
  return FORMATS.get(`${encoding.toLowerCase()} ${readText(format, 'sampleRate') ?? '8000'}`) ?? null;
}

/** `start` gives no more than 512 bytes of them back; the bounds are those of the contract. */
const MAX_PARAMETERS = 32;
const MAX_PARAMETER = 1024;

/**
 * The `extraHeaders` of our answer, in one text, whose form is not settled: two of Plivo's pages show `a=1;b=2` where the
 * answer has commas, and its SDK shows `{}` where there were none. Each of these is read; what is none of them is dropped.
 */
function readParameters(message: JsonObject): Record<string, string> {
  const given = (readText(message, 'extra_headers') ?? '').trim();
  const pairs = given.startsWith('{') ? Object.entries(parseObject(given) ?? {}) : splitPairs(given);
  const kept = pairs.filter(
    (pair): pair is [string, string] =>
      typeof pair[1] === 'string' &&
      pair[0] !== '' &&
      pair[0] !== '__proto__' &&
      pair[0].length + pair[1].length <= MAX_PARAMETER,
  );
  return Object.fromEntries(kept.slice(0, MAX_PARAMETERS));
}

const splitPairs = (text: string): [string, string][] =>
  text
    .split(/[,;]/)
    .map((pair) => pair.split(/=(.*)/s, 2))
    .flatMap(([name = '', value]) => (value === undefined ? [] : [[name.trim(), value]]));

function readStart(message: JsonObject): InboundMessage {
  const start = readObject(message, 'start');
  if (start === null) return malformed('start: not an object');
  const call = checkCallId(read(start, 'callId'), 'callId');
  if ('reason' in call) return malformed(`start: ${call.reason}`);
  const format = readFormat(start);
  if (format === null)
    return malformed('start: mediaFormat: only audio/x-mulaw 8000, audio/x-l16 8000, 16000');
  const streamId = readStreamId(start, message, 'streamId');
  // checkpoints and clears name it
  if (streamId === '') return malformed('start: streamId: missing');
  const parameters = readParameters(message);
  return {
    kind: 'start',
    start: { callId: call.callId, streamId, from: null, to: null, parameters, format },
  };
}

/** A listening stream may carry our own voice too. */
function readMedia(message: JsonObject): InboundMessage {
  const track = readText(readObject(message, 'media') ?? {}, 'track') ?? 'inbound';
  return track === 'inbound' ? readAudio(message, 'sequenceNumber') : { kind: 'ignored', event: 'media' };
}

/** The name stands at the top level, not in a block. */
function readPlayed(message: JsonObject): InboundMessage {
  const name = read(message, 'name');
  return typeof name === 'string' && name !== ''
    ? { kind: 'mark', name }
    : malformed('mark: name is missing');
}

const READERS: ReadonlyMap<string, EventReader> = new Map<string, EventReader>([
  ['start', readStart],
  ['media', readMedia],
  ['dtmf', readDtmf],
  ['playedStream', readPlayed],
  // says that the queue is empty, which whoever has cleared it reckons with anyway
  ['clearedAudio', () => ({ kind: 'ignored', event: 'clearedAudio' })],
  // one page lists it among the events, without a body
  ['stop', readStop],
]);

/** The `contentType` of `playAudio` has to be that of the stream, or nothing is heard. */
const contentTypeOf = ({ encoding }: AudioFormat): string =>
  encoding === 'mulaw' ? 'audio/x-mulaw' : 'audio/x-l16';

const NUMBERS = { sequence: '/sequenceNumber', timestamp: '/media/timestamp' };

const headOf = (format: AudioFormat): string =>
  audioHead({
    event: 'playAudio',
    media: { contentType: contentTypeOf(format), sampleRate: format.sampleRate },
  });

function open(): MediaCodec {
  let streamId: string | undefined;
  let head = headOf(MULAW);
  let firstMs: number | null = null;
  const frames = new AudioFrames(NUMBERS, (text) => readMessage(text, READERS));

  /** Plivo's timestamps are unix ms; ours count from the stream's first audio. */
  const fromFirst = (timestampMs: number | null): number | null => {
    firstMs ??= timestampMs;
    return timestampMs === null || firstMs === null || timestampMs < firstMs ? null : timestampMs - firstMs;
  };

  const follow = (message: InboundMessage): InboundMessage => {
    if (message.kind === 'audio') message.timestampMs = fromFirst(message.timestampMs);
    if (message.kind === 'start' && streamId === undefined) {
      streamId = message.start.streamId;
      head = headOf(message.start.format);
    }
    return message;
  };

  return {
    decode: (wire) => follow(readMessage(wire, READERS)),
    decodeText: (bytes) => follow(frames.read(bytes)),
    encodeAudio: (payload) => head + encodeBase64(payload) + AUDIO_END,
    encodeMark: (name) => JSON.stringify({ event: 'checkpoint', streamId, name }),
    encodeClear: () => JSON.stringify({ event: 'clearAudio', streamId }),
  };
}

/** At most 16 kB of base64 in one message (the streaming guide); large enough not to send 50 messages a second. */
const MESSAGE_MS = 80;

export const plivoMedia: MediaAdapter = {
  provider: 'plivo',
  outbound: {
    messageBytes: ({ encoding, sampleRate }) =>
      (MESSAGE_MS * sampleRate * (encoding === 'mulaw' ? 1 : 2)) / 1000,
    // a sample of the larger format
    multipleOf: 2,
    minimumBytes: 2,
    // "only if the preceding events were played successfully" (docs.plivo.com, checkpoint event), so not after a clear.
    // Users report a stream's first one missing now and then; whoever waits for a mark has to give up some day
    marksReturn: 'when-played',
    clearReturnsMarks: false,
    // "clears all buffered media events": of the one that is being played nothing is said
    clearCutsMessage: false,
    inboundMs: 20,
  },
  stream: { ordered: true, closing: 'flow-goes-on', urlFromAnswer: 'always' },
  signsUpgrade: true,
  // there is no time in the signature that `now` could be held against
  verifyUpgrade: (url, headers, secrets) => verifyPlivoUpgrade(url, headers, secrets),
  open,
};
