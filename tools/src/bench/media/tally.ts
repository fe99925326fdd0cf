import { type Counts, LogHistogram } from './log-histogram';

/** What a generator saw in one window. */
export interface Seen {
  /** ms */
  tookMs: number;
  /** frames of 20 ms that were sent */
  sent: number;
  /** those of them that came back, in however many messages */
  heard: number;
  messages: number;
  /** of audio that came in the window, whoever said it first, ms */
  audioMs: number;
  /** messages with audio that is none of ours, or not whole frames of it */
  strange: number;
  /** frames that had to wait in this process, since the server did not read those before */
  blocked: number;
  /** from the sending of the last frame in a message to its arrival, ms */
  latency: Counts;
  /** how late the generator itself sent, ms */
  late: Counts;
}

/** Counts what is sent in a window, and what comes back of that, whenever it comes. */
export class Tally {
  private fromMs = Infinity;
  private toMs = Infinity;
  private sent = 0;
  private heard = 0;
  private messages = 0;
  private audioMs = 0;
  private strange = 0;
  private blocked = 0;
  private readonly latency = new LogHistogram();
  private readonly late = new LogHistogram();

  begin(nowMs: number): void {
    this.fromMs = nowMs;
  }

  end(nowMs: number): void {
    this.toMs = nowMs;
  }

  /** All that was sent has come back. */
  get whole(): boolean {
    return this.heard >= this.sent;
  }

  ticked(nowMs: number, lateMs: number): void {
    if (this.covers(nowMs)) this.late.add(lateMs);
  }

  frameSent(nowMs: number, blocked: boolean): void {
    if (!this.covers(nowMs)) return;
    this.sent += 1;
    if (blocked) this.blocked += 1;
  }

  audioHeard(nowMs: number, ms: number): void {
    if (this.covers(nowMs)) this.audioMs += ms;
  }

  /** One of the frames in a message. */
  frameHeard(sentAtMs: number): void {
    if (this.covers(sentAtMs)) this.heard += 1;
  }

  /** @param sentAtMs of the last frame in it */
  messageHeard(sentAtMs: number, nowMs: number): void {
    if (!this.covers(sentAtMs)) return;
    this.messages += 1;
    this.latency.add(nowMs - sentAtMs);
  }

  /** Also after the window: it may be what is missing from it. */
  strangeHeard(nowMs: number): void {
    if (nowMs >= this.fromMs) this.strange += 1;
  }

  seen(): Seen {
    const { sent, heard, messages, audioMs, strange, blocked } = this;
    return {
      ...{ tookMs: this.toMs - this.fromMs, sent, heard, messages, audioMs, strange, blocked },
      ...{ latency: this.latency.counts(), late: this.late.counts() },
    };
  }

  private covers(atMs: number): boolean {
    return atMs >= this.fromMs && atMs < this.toMs;
  }
}
