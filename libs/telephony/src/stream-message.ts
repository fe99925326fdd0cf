import { decodeBase64 } from './base64';
import { parseObject, readCount, readObject, readText, type JsonObject } from './json';
import { plainText } from './plain-text';
import type { AudioFormat, InboundMessage, WireMessage } from './port';

/*
 * What the JSON protocols of media streams have in common: an `event`, and a block of that name. Every reason for
 * `malformed` begins with the event's name, so that a bad `start` can be told from a bad anything else.
 */

export type EventReader = (message: JsonObject) => InboundMessage;

/**
 * Finds the event's reader; an event that nobody knows is `ignored`. Binary messages are for the provider's own codec,
 * where it has any, and `malformed` here.
 */
export function readMessage(wire: WireMessage, readers: ReadonlyMap<string, EventReader>): InboundMessage {
  if (typeof wire !== 'string') return malformed('message: binary');
  const message = parseObject(wire);
  if (message === null) return malformed('message: not a JSON object');
  const event = readText(message, 'event');
  if (event === null) return malformed('event: missing');
  const reader = readers.get(event);
  return reader ? reader(message) : { kind: 'ignored', event: plainText(event, 32) || 'unknown' };
}

export const malformed = (reason: string): InboundMessage => ({ kind: 'malformed', reason });

/** @param sequenceKey the provider's spelling of "sequence number" */
export function readAudio(message: JsonObject, sequenceKey: string): InboundMessage {
  const media = readObject(message, 'media');
  const encoded = media?.payload;
  const payload = typeof encoded === 'string' ? decodeBase64(encoded) : null;
  if (media === null || payload === null) return malformed('media: payload is not base64');
  const sequence = readCount(message, sequenceKey);
  return { kind: 'audio', payload, sequence, timestampMs: readCount(media, 'timestamp') };
}

/**
 * The JSON of a message of audio up to its payload, which comes last in it: made once, since all but the payload stays.
 * `AUDIO_END` goes behind the payload.
 */
export const audioHead = (message: {
  event: string;
  streamSid?: string | undefined;
  media: object;
}): string =>
  JSON.stringify({ ...message, media: { ...message.media, payload: '' } }).slice(0, -AUDIO_END.length);

export const AUDIO_END = '"}}';

export function readDtmf(message: JsonObject): InboundMessage {
  const dtmf = readObject(message, 'dtmf') ?? {};
  const digit = readText(dtmf, 'digit')?.trim().toUpperCase() ?? '';
  if (!/^[0-9A-D*#]$/.test(digit)) return malformed('dtmf: digit is not one of 0-9 A-D * #');
  return { kind: 'dtmf', digit, durationMs: readCount(dtmf, 'duration') };
}

export function readMark(message: JsonObject): InboundMessage {
  const name = readObject(message, 'mark')?.name;
  return typeof name === 'string' && name !== ''
    ? { kind: 'mark', name }
    : malformed('mark: name is missing');
}

export function readStop(message: JsonObject): InboundMessage {
  const reason = readText(readObject(message, 'stop') ?? {}, 'reason');
  return { kind: 'stop', reason: reason === null ? null : plainText(reason, 128) || null };
}

const MAX_PARAMETERS = 32;
const MAX_PARAMETER = 1024;

/** String to string, whole or not at all: half a token is of no use. */
export function readCustomParameters(start: JsonObject, key: string): Record<string, string> {
  const given = Object.entries(readObject(start, key) ?? {});
  const kept = given.filter(
    (pair): pair is [string, string] =>
      typeof pair[1] === 'string' &&
      pair[0] !== '__proto__' &&
      pair[0].length + pair[1].length <= MAX_PARAMETER,
  );
  return Object.fromEntries(kept.slice(0, MAX_PARAMETERS));
}

/** A stream's id: printable ASCII without blanks, since it is sent back and logged. Empty where there is none. */
export function readStreamId(start: JsonObject, message: JsonObject, key: string): string {
  const id = readText(start, key) ?? readText(message, key) ?? '';
  return /^[\x21-\x7e]{1,160}$/.test(id) ? id : '';
}

/** Milliseconds that so many bytes of audio last. */
export function durationMs(format: AudioFormat, bytes: number): number {
  const bytesPerSample = format.encoding === 'pcm_s16le' ? 2 : 1;
  return Math.floor((bytes * 1000) / (bytesPerSample * format.sampleRate));
}
