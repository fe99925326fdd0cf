/** What happens on a stream, in order, as the conversation is told of it. */
export type StreamEvent =
  /** `timestampMs` of its first sample, by the provider's clock; `cameAt` by ours (`performance.now`) */
  | { kind: 'audio'; payload: Uint8Array; durationMs: number; timestampMs: number | null; cameAt: number }
  | { kind: 'dtmf'; digit: string }
  | { kind: 'mark'; name: string };

const MAX_OTHERS = 256;

/**
 * What the caller said and pressed while nobody listened yet: a ring of so many ms of audio. When it is full the
 * oldest audio goes; digits and marks stay, up to a number that no person reaches.
 */
export class InboundBuffer {
  private events: StreamEvent[] = [];
  /** ms of audio that it holds */
  audioMs = 0;
  private others = 0;
  bytes = 0;
  droppedMs = 0;

  constructor(private readonly maxAudioMs: number) {}

  push(event: StreamEvent): void {
    if (event.kind !== 'audio') {
      if (this.others >= MAX_OTHERS) return;
      this.others += 1;
      this.events.push(event);
      return;
    }
    this.events.push(event);
    this.audioMs += event.durationMs;
    this.bytes += event.payload.byteLength;
    while (this.audioMs > this.maxAudioMs) this.dropOldest();
  }

  /** All of it, oldest first; the buffer is empty afterwards. */
  take(): StreamEvent[] {
    const { events } = this;
    this.events = [];
    this.audioMs = 0;
    this.bytes = 0;
    this.others = 0;
    return events;
  }

  private dropOldest(): void {
    const index = this.events.findIndex(({ kind }) => kind === 'audio');
    const [dropped] = this.events.splice(index, 1);
    if (dropped?.kind !== 'audio') return;
    this.audioMs -= dropped.durationMs;
    this.bytes -= dropped.payload.byteLength;
    this.droppedMs += dropped.durationMs;
  }
}
