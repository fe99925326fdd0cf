import { type CallLine, type Conversation } from '../conversation';
import { type VirtualClock } from './virtual-clock';

/** What becomes of a mark. */
export type MarkFate = 'returned' | 'lost' | 'twice' | 'late';

export interface LineBehaviour {
  inboundMs: number;
  uncutMs: number;
  /** of one mark after the other, over and over */
  marks: readonly MarkFate[];
  /** marks of what was cleared come back at once, as if it had been played */
  givesBack: boolean;
}

export interface LineAction {
  at: number;
  did: 'play' | 'mark' | 'clear' | 'hang-up' | 'transfer';
  /** ms of the audio, or name of the mark */
  what: number | string;
}

const LATE_MS = 4000;

/** A line that plays to nobody, in virtual time; it ends when it is told to, and remembers all that was done on it. */
export class MemoryLine implements CallLine {
  readonly sampleRate = 8000;
  readonly granularity: { inboundMs: number; uncutMs: number };
  readonly actions: LineAction[] = [];
  /** what was done although the line was gone */
  readonly tooLate: LineAction[] = [];
  endedAt: number | null = null;
  private conversation: Conversation | null = null;
  private audio: { from: number; pcm: Int16Array }[] = [];
  private queued: { name: string; cancel: () => void }[] = [];
  private playedUntil = 0;
  private marks = 0;

  constructor(
    private readonly clock: VirtualClock,
    private readonly behaviour: LineBehaviour,
  ) {
    const { inboundMs, uncutMs } = behaviour;
    this.granularity = { inboundMs, uncutMs };
  }

  connect(conversation: Conversation): void {
    this.conversation = conversation;
  }

  play(pcm: Int16Array): void {
    const ms = (pcm.length * 1000) / this.sampleRate;
    if (!this.note('play', ms)) return;
    const from = Math.max(this.clock.now(), this.playedUntil);
    this.audio.push({ from, pcm });
    this.playedUntil = from + ms;
  }

  mark(name: string): void {
    if (!this.note('mark', name)) return;
    const fate = this.behaviour.marks[this.marks % this.behaviour.marks.length];
    this.marks += 1;
    if (fate === 'lost') return;
    const times = fate === 'twice' ? [0, 300] : [fate === 'late' ? LATE_MS : 0];
    for (const lateMs of times) {
      const inMs = Math.max(0, this.playedUntil - this.clock.now()) + lateMs;
      const cancel = this.clock.after(inMs, () => this.conversation?.played(name));
      this.queued.push({ name, cancel });
    }
  }

  clear(): void {
    if (!this.note('clear', '')) return;
    const { queued } = this;
    const now = this.clock.now();
    this.queued = [];
    this.playedUntil = now;
    this.audio = this.audio.map(({ from, pcm }) => ({
      from,
      pcm: pcm.subarray(0, this.samples(now - from)),
    }));
    queued.forEach(({ cancel }) => cancel());
    if (!this.behaviour.givesBack) return;
    this.clock.after(0, () => queued.forEach(({ name }) => this.conversation?.played(name)));
  }

  hangUp(): void {
    if (this.note('hang-up', '')) this.end();
  }

  transfer(): void {
    if (this.note('transfer', '')) this.end();
  }

  /** The caller hangs up, or the network does. */
  close(): void {
    if (this.endedAt !== null) return;
    this.endedAt = this.clock.now();
    this.conversation?.ended();
  }

  /** What is at the caller's ear in the `ms` before `until`. */
  audible(until: number, ms: number): Int16Array {
    const heard = new Int16Array(this.samples(ms));
    for (const { from, pcm } of this.audio) {
      const offset = this.samples(from - (until - ms));
      const part = offset < 0 ? pcm.subarray(-offset) : pcm;
      const at = Math.max(0, offset);
      if (at < heard.length) heard.set(part.subarray(0, heard.length - at), at);
    }
    return heard;
  }

  did(what: LineAction['did']): LineAction[] {
    return this.actions.filter(({ did }) => did === what);
  }

  private samples(ms: number): number {
    return Math.round((ms * this.sampleRate) / 1000);
  }

  private end(): void {
    this.clock.after(Math.max(0, this.playedUntil - this.clock.now()), () => this.close());
  }

  private note(did: LineAction['did'], what: number | string): boolean {
    const open = this.endedAt === null;
    (open ? this.actions : this.tooLate).push({ at: this.clock.now(), did, what });
    return open;
  }
}
