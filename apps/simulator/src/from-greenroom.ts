import { z } from 'zod';
import type { FromGreenroom, WireMessage } from './provider-side';

/** What Exotel's, Twilio's and Telnyx's messages have in common: JSON, an event, base64. */
export interface Spelling {
  /** name of the stream id's key; null: messages name no stream */
  streamKey: string | null;
  streamId: string;
}

const EventSchema = z.looseObject({ event: z.string() });
const MediaSchema = z.looseObject({ media: z.looseObject({ payload: z.string().min(1) }) });
const MarkSchema = z.looseObject({ mark: z.looseObject({ name: z.string().min(1) }) });

type EventMessage = z.infer<typeof EventSchema>;

/** Reads one message as strictly as a provider might. Never throws. */
export const readMessage = (wire: WireMessage, { streamKey, streamId }: Spelling): FromGreenroom =>
  readEvent(wire, (message) => {
    if (streamKey !== null && message[streamKey] !== streamId)
      return wrong(`${message.event} without the ${streamKey} of this stream`);
    switch (message.event) {
      case 'media':
        return readMedia(message);
      case 'mark':
        return readMark(message);
      case 'clear':
        return { kind: 'clear' };
      default:
        return unknownEvent(message.event);
    }
  });

/** @param read for a text message that has an event */
export function readEvent(wire: WireMessage, read: (message: EventMessage) => FromGreenroom): FromGreenroom {
  if (typeof wire !== 'string') return wrong('a binary message');
  const message = EventSchema.safeParse(parseJson(wire)).data;
  return message ? read(message) : wrong('a message that is not a JSON object with an event');
}

/** @param message with `media.payload` in base64 */
export function readMedia(message: unknown): FromGreenroom {
  const text = MediaSchema.safeParse(message).data?.media.payload;
  if (text === undefined) return wrong('media without a payload');
  const payload = Buffer.from(text, 'base64');
  // Node reads any text as base64 and skips what is not; only what comes out as it went in was right
  return payload.toString('base64') === text ? { kind: 'media', payload } : wrong('media that is not base64');
}

function readMark(message: unknown): FromGreenroom {
  const name = MarkSchema.safeParse(message).data?.mark.name;
  return name === undefined ? wrong('a mark without a name') : { kind: 'mark', name };
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const unknownEvent = (event: string): FromGreenroom =>
  wrong(`an event that the provider does not know: ${event}`);

export const wrong = (what: string): FromGreenroom => ({ kind: 'wrong', what });
