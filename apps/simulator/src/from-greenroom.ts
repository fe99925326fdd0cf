import { z } from 'zod';
import type { FromGreenroom } from './provider-side';

/** What all providers' messages have in common: JSON, an event, a stream id, base64. */
export interface Spelling {
  /** name of the stream id's key */
  streamKey: string;
  streamId: string;
}

const EventSchema = z.looseObject({ event: z.string() });
const MediaSchema = z.looseObject({ media: z.looseObject({ payload: z.string().min(1) }) });
const MarkSchema = z.looseObject({ mark: z.looseObject({ name: z.string().min(1) }) });

/** Reads one message as strictly as a provider might. Never throws. */
export function readMessage(text: string, { streamKey, streamId }: Spelling): FromGreenroom {
  const message = EventSchema.safeParse(parseJson(text)).data;
  if (!message) return wrong('a message that is not a JSON object with an event');
  if (message[streamKey] !== streamId)
    return wrong(`${message.event} without the ${streamKey} of this stream`);
  switch (message.event) {
    case 'media':
      return readMedia(message);
    case 'mark':
      return readMark(message);
    case 'clear':
      return { kind: 'clear' };
    default:
      return wrong(`an event that the provider does not know: ${message.event}`);
  }
}

function readMedia(message: unknown): FromGreenroom {
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const wrong = (what: string): FromGreenroom => ({ kind: 'wrong', what });
