import type { Provider } from '@greenroom/contracts';
import { exotel } from './exotel/exotel';
import type { StreamMessage } from './fake-talk';
import { mulawLine } from './mulaw-line';
import type { LineAudio } from './provider-side';
import { vonage } from './vonage/vonage';

interface Wire extends StreamMessage {
  stream_sid?: string;
  streamSid?: string;
  streamId?: string;
  stream_id?: string;
  start?: StreamMessage['start'] & Record<string, unknown> & { media_format?: { sample_rate?: string } };
}

/** Reads and writes the messages of one stream of a provider; what is written names the stream as it did itself. */
export class FakeDialect {
  private ids: Record<string, unknown> = {};
  audio: LineAudio;

  constructor(private readonly provider: Provider) {
    this.audio = provider === 'vonage' ? vonage.lineAudio(8000) : mulawLine();
  }

  read(wire: Wire | Buffer): StreamMessage {
    if (Buffer.isBuffer(wire)) return { event: 'media', media: { payload: wire.toString('base64') } };
    switch (wire.event) {
      case 'start':
        return this.readStart(wire);
      case 'websocket:connected':
        return { ...wire, event: 'start', start: { callId: String(wire['call_uuid']) } };
      case 'websocket:notify':
        return { event: 'mark', mark: wire['payload'] as { name: string } };
      case 'playedStream':
        return { event: 'mark', mark: { name: String(wire['name']) } };
      default:
        return { ...wire, event: wire.event.replace('websocket:', '') };
    }
  }

  write(message: StreamMessage): string | Buffer {
    const { event, media, mark } = message;
    if (this.provider === 'plivo') return JSON.stringify(this.asPlivo(message));
    if (this.provider !== 'vonage') return JSON.stringify({ ...message, ...this.ids });
    if (media) return Buffer.from(media.payload, 'base64');
    return JSON.stringify(mark ? { action: 'notify', payload: mark } : { action: event });
  }

  private readStart({ stream_sid, streamSid, start = { callId: '' }, ...rest }: Wire): StreamMessage {
    const { call_sid, callSid, callId, call_control_id } = start;
    if (stream_sid !== undefined) {
      this.ids = { stream_sid };
      this.audio = exotel.lineAudio(Number(start.media_format?.sample_rate));
    } else if (streamSid !== undefined) this.ids = { streamSid };
    else if (this.provider === 'plivo') this.ids = { streamId: start['streamId'] };
    const id = [call_sid, callSid, callId, call_control_id].find((one) => typeof one === 'string') ?? '';
    return { ...rest, start: { callId: String(id) } };
  }

  private asPlivo({ event, media, mark }: StreamMessage): object {
    const contentType = 'audio/x-mulaw';
    if (media)
      return { event: 'playAudio', media: { contentType, sampleRate: 8000, payload: media.payload } };
    return mark
      ? { event: 'checkpoint', ...this.ids, name: mark.name }
      : { event: `${event}Audio`, ...this.ids };
  }
}
