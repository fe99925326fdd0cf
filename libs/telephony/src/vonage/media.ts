import { asBuffer } from '../base64';
import { checkCallId } from '../call';
import { asObject, read, readText, type JsonObject } from '../json';
import type { AudioFormat, InboundMessage, MediaAdapter, MediaCodec } from '../port';
import {
  malformed,
  readCustomParameters,
  readDtmf,
  readMark,
  readMessage,
  readStop,
  type EventReader,
} from '../stream-message';
import { CALL_UUID } from './ncco';
import { verifyVonageUpgrade } from './signature';

/*
 * A WebSocket endpoint (developer.vonage.com voice-api websockets): audio in binary messages, everything else in JSON.
 * Nothing in it is Vonage's own word for the call; its id is that of our own header.
 */

/** In one message, both ways. */
const FRAME_MS = 20;

const frameBytes = ({ sampleRate }: AudioFormat): number => (2 * sampleRate * FRAME_MS) / 1000;

/** What our answer asks for, until the stream says what it is. */
const ASKED: AudioFormat = { encoding: 'pcm_s16le', sampleRate: 8000 };

const OWN = new Set(['event', 'content-type', CALL_UUID]);

/** Our headers stand at the top level, beside the message's own fields. */
function readConnected(message: JsonObject): InboundMessage {
  const call = checkCallId(read(message, CALL_UUID), CALL_UUID);
  if ('reason' in call) return malformed(`start: ${call.reason}`);
  const format = readFormat(message);
  if (format === null) return malformed('start: content-type: only audio/l16 at 8000, 16000 or 24000');
  const headers = Object.fromEntries(Object.entries(message).filter(([name]) => !OWN.has(name)));
  const parameters = readCustomParameters({ headers }, 'headers');
  return {
    kind: 'start',
    start: { callId: call.callId, streamId: '', from: null, to: null, parameters, format },
  };
}

/** Little endian, although `audio/l16` has the other order everywhere else. */
function readFormat(message: JsonObject): AudioFormat | null {
  const type = readText(message, 'content-type') ?? '';
  const [, rate] = /^\s*audio\/l16\s*;\s*rate=(8000|16000|24000)\s*$/i.exec(type) ?? [];
  return rate === undefined ? null : { encoding: 'pcm_s16le', sampleRate: Number(rate) };
}

/** The digit stands at the top level; one branch of pipecat has also met it in a block of its own. */
const readDigit = (message: JsonObject): InboundMessage =>
  readDtmf(read(message, 'digit') === undefined ? message : { dtmf: message });

/** Whatever our `notify` had as its payload, given back. */
const readNotify = (message: JsonObject): InboundMessage =>
  readMark({ mark: asObject(read(message, 'payload')) });

/**
 * `websocket:cleared` answers our `clear`, and `websocket:media:update` tells of a mute (Nexmo/wsbridge): ignored, as
 * all that is not known. The body of `websocket:disconnected` is not documented; the socket's close says as much.
 */
const READERS: ReadonlyMap<string, EventReader> = new Map<string, EventReader>([
  ['websocket:connected', readConnected],
  ['websocket:dtmf', readDigit],
  ['websocket:notify', readNotify],
  ['websocket:disconnected', (message) => readStop({ stop: message })],
]);

/** Frames of 20 ms; others, should they ever come, are as good, as long as they hold whole samples. */
function readAudio(bytes: Uint8Array): InboundMessage {
  if (bytes.byteLength === 0 || bytes.byteLength % 2 !== 0) return malformed('media: not whole samples');
  // not a Buffer, which would behave otherwise in many ways
  const payload = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { kind: 'audio', payload, sequence: null, timestampMs: null };
}

/** A frame that is too short is not played as it should be: zeros are silence. */
function wholeFrames(payload: Uint8Array, bytes: number): Uint8Array {
  if (payload.byteLength % bytes === 0) return payload;
  const padded = new Uint8Array(Math.ceil(payload.byteLength / bytes) * bytes);
  padded.set(payload);
  return padded;
}

function open(): MediaCodec {
  let format: AudioFormat | undefined;
  const decodeString = (text: string): InboundMessage => {
    const message = readMessage(text, READERS);
    if (message.kind === 'start') format ??= message.start.format;
    return message;
  };
  return {
    decode: (message) => (typeof message === 'string' ? decodeString(message) : readAudio(message)),
    // never audio
    decodeText: (bytes) => decodeString(asBuffer(bytes).toString('utf8')),
    encodeAudio: (payload) => wholeFrames(payload, frameBytes(format ?? ASKED)),
    encodeMark: (name) => JSON.stringify({ action: 'notify', payload: { name } }),
    encodeClear: () => JSON.stringify({ action: 'clear' }),
  };
}

export const vonageMedia: MediaAdapter = {
  provider: 'vonage',
  outbound: {
    // exactly one frame a message: of 3072 (1024 in 2021) that Vonage buffers, a few are enough
    messageBytes: frameBytes,
    multipleOf: frameBytes(ASKED),
    minimumBytes: frameBytes(ASKED),
    marksReturn: 'when-played',
    // not documented; whoever waits for a mark after a clear would wait for ever if it were assumed
    clearReturnsMarks: false,
    clearCutsMessage: true,
    inboundMs: FRAME_MS,
  },
  // not numbered, so that nothing could be put in order
  stream: { ordered: true, closing: 'flow-goes-on', urlFromAnswer: 'always' },
  signsUpgrade: true,
  verifyUpgrade: verifyVonageUpgrade,
  open,
};
