import type { FakeLine, FakeTalk, StreamMessage } from './fake-talk';

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
  private marks = 0;

  constructor(
    private readonly line: FakeLine,
    private readonly behaviour: EchoBehaviour,
  ) {}

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
    const { audio } = this.line;
    const chunk = audio.frameMs === 100 ? (this.behaviour.exotelChunk ?? 3200) : audio.frameBytes;
    while (this.heard.length >= chunk) {
      const bytes = Buffer.from(this.heard.subarray(0, chunk));
      this.heard = this.heard.subarray(chunk);
      if (this.behaviour.echo === 'noise') bytes.fill(0x55);
      this.line.send({ event: 'media', media: { payload: bytes.toString('base64') } });
      this.marks += 1;
      this.line.send({ event: 'mark', mark: { name: `m${this.marks}` } });
    }
  }
}
