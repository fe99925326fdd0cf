import type { WebSocket } from 'ws';
import type { FakeTalk, StreamMessage } from './fake-talk';

export interface EchoBehaviour {
  /** bytes of one message of echo */
  exotelChunk?: number;
  /** what is echoed; `noise` has the right length and the wrong bytes */
  echo?: 'all' | 'noise';
}

/** Echoes all from the first byte on, in messages of one size, each with a mark behind it. */
export class FakeEcho implements FakeTalk {
  private heard = Buffer.alloc(0);
  private begun = false;
  private ids: Record<string, unknown> = {};
  private chunk = 160;
  private marks = 0;

  constructor(
    private readonly stream: WebSocket,
    private readonly behaviour: EchoBehaviour,
  ) {}

  greet({ stream_sid, streamSid }: StreamMessage): void {
    this.ids = stream_sid === undefined ? { streamSid } : { stream_sid };
    if (stream_sid !== undefined) this.chunk = this.behaviour.exotelChunk ?? 3200;
  }

  begin(): void {
    this.begun = true;
    this.flush();
  }

  take({ media }: StreamMessage): void {
    if (!media) return;
    this.heard = Buffer.concat([this.heard, Buffer.from(media.payload, 'base64')]);
    if (this.begun) this.flush();
  }

  private flush(): void {
    while (this.heard.length >= this.chunk) {
      const bytes = Buffer.from(this.heard.subarray(0, this.chunk));
      this.heard = this.heard.subarray(this.chunk);
      if (this.behaviour.echo === 'noise') bytes.fill(0x55);
      this.send({ event: 'media', media: { payload: bytes.toString('base64') } });
      this.marks += 1;
      this.send({ event: 'mark', mark: { name: `m${this.marks}` } });
    }
  }

  private send(message: object): void {
    this.stream.send(JSON.stringify({ ...message, ...this.ids }));
  }
}
