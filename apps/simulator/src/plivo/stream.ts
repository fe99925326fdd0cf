import { z } from 'zod';
import { readEvent, readMedia, unknownEvent, wrong } from '../from-greenroom';
import type { FromGreenroom, ProviderCall, Quirks, StreamMessages, WireMessage } from '../provider-side';
import type { StreamPlace } from '../stream-place';

/* plivo.com audio streaming guide; plivo/plivo-stream-sdk-node `src/types.ts` */

/** Plivo's numeric id of the account, and none of our names. */
const ACCOUNT_ID = '100000';

const PlayAudioSchema = z.looseObject({
  media: z.looseObject({ contentType: z.literal('audio/x-mulaw'), sampleRate: z.literal(8000) }),
});
const NamedSchema = z.looseObject({ streamId: z.string() });
const CheckpointSchema = z.looseObject({ name: z.string().min(1) });

/** Plivo's side of an audio stream: text messages, camelCase; no greeting before `start`, and no word at the end. */
export class PlivoMessages implements StreamMessages {
  private sequence = -1;
  private chunk = 0;

  constructor(
    private readonly call: ProviderCall,
    private readonly place: StreamPlace,
    private readonly quirks: Quirks,
  ) {}

  opening(): string[] {
    const { callId, streamId, bare } = this.call;
    const details = {
      accountId: ACCOUNT_ID,
      tracks: ['inbound'],
      mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000 },
    };
    return [this.numbered({ event: 'start', start: { callId, streamId, ...(!bare && details) } }, true)];
  }

  media(frame: Uint8Array): string {
    const timestamp = this.timestamp();
    this.chunk += 1;
    const payload = Buffer.from(frame.buffer, frame.byteOffset, frame.length).toString('base64');
    const media = { track: 'inbound', timestamp, chunk: this.number(this.chunk), payload };
    return this.numbered({ event: 'media', ...this.named(), media }, true);
  }

  dtmf(digit: string): string {
    const dtmf = { track: 'inbound', digit, timestamp: this.timestamp() };
    return this.numbered({ event: 'dtmf', ...this.named(), dtmf }, true);
  }

  mark(name: string): string {
    return this.numbered({ event: 'playedStream', ...this.named(), name });
  }

  cleared(): string {
    return this.numbered({ event: 'clearedAudio', ...this.named() });
  }

  /** None is documented. */
  stop(): null {
    return null;
  }

  read(wire: WireMessage): FromGreenroom {
    return readEvent(wire, (message) => {
      if (message.event === 'playAudio') return this.readAudio(message);
      if (message.event !== 'checkpoint' && message.event !== 'clearAudio')
        return unknownEvent(message.event);
      if (NamedSchema.safeParse(message).data?.streamId !== this.call.streamId)
        return wrong(`${message.event} without the streamId of this stream`);
      if (message.event === 'clearAudio') return { kind: 'clear' };
      const name = CheckpointSchema.safeParse(message).data?.name;
      return name === undefined ? wrong('a checkpoint without a name') : { kind: 'mark', name };
    });
  }

  /** Nothing is heard of audio in another format than the stream's own. */
  private readAudio(message: unknown): FromGreenroom {
    return PlayAudioSchema.safeParse(message).success
      ? readMedia(message)
      : wrong('playAudio whose contentType and sampleRate are not those of the stream');
  }

  private named(): { streamId: string } {
    return { streamId: this.call.streamId };
  }

  /** Unix ms, of the stream's own time. */
  private timestamp(): string {
    return String(this.call.startedAt.getTime() + this.chunk * this.quirks.audio.frameMs);
  }

  /** @param extra with what the answer gave to be given back; in what form is not documented, but `{}` for nothing */
  private numbered(body: object, extra = false): string {
    this.sequence += 1;
    const headers = extra && !this.call.bare && { extra_headers: JSON.stringify(this.place.parameters) };
    return JSON.stringify({ sequenceNumber: this.number(this.sequence), ...body, ...headers });
  }

  private number(value: number): number | string {
    return this.quirks.stringNumbers ? String(value) : value;
  }
}
