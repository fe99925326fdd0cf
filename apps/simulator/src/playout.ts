import type { ClearRules } from './provider-side';

/** What a moment brings, in the order in which it is heard. Times in ms on the clock of the calls. */
export type Played = PlayedAudio | PlayedMark;

export interface PlayedAudio {
  kind: 'audio';
  payload: Uint8Array;
  /** when its first byte was played */
  startsAt: number;
}

export interface PlayedMark {
  kind: 'mark';
  name: string;
  /** when all audio before it had been played, or was cleared */
  at: number;
  /** it comes back because of a clear: the audio before it was not heard to its end */
  cleared: boolean;
}

interface QueuedAudio {
  kind: 'audio';
  payload: Uint8Array;
  /** ms on the caller's clock */
  startsAt: number;
  endsAt: number;
}

interface QueuedMark {
  kind: 'mark';
  name: string;
  /** when all audio before it has been played */
  endsAt: number;
}

/**
 * The provider's play-out buffer: audio is played in the order of its arrival at the speed of speech, and a mark
 * returns when all before it has been played. Pure: the clock is an argument, in ms, and may not run backwards.
 *
 * Every message starts at the end of the one before, or at its arrival where that was later, so that the play-out
 * of an unbroken stream does not drift however late anybody looks.
 */
export class Playout {
  private readonly queue: (QueuedAudio | QueuedMark)[] = [];
  private endsAt = Number.NEGATIVE_INFINITY;
  private playedUntil = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly bytesPerMs: number,
    private readonly clears: ClearRules,
  ) {}

  /** When the last audio was played, or will have been if nothing clears it; -Infinity before the first. */
  get audioEndsAt(): number {
    return this.queue.findLast(({ kind }) => kind === 'audio')?.endsAt ?? this.playedUntil;
  }

  /** ms from now until a message that arrives now would begin to play */
  leadMs(now: number): number {
    return Math.max(0, this.endsAt - now);
  }

  /** when `advance` has something to tell again; null: nothing is queued */
  dueAt(): number | null {
    return this.queue[0]?.endsAt ?? null;
  }

  /** @returns when it will be played if nothing clears it */
  add(payload: Uint8Array, now: number): { startsAt: number; endsAt: number } {
    const startsAt = Math.max(now, this.endsAt);
    this.endsAt = startsAt + payload.length / this.bytesPerMs;
    this.queue.push({ kind: 'audio', payload, startsAt, endsAt: this.endsAt });
    return { startsAt, endsAt: this.endsAt };
  }

  mark(name: string, now: number): void {
    this.queue.push({ kind: 'mark', name, endsAt: Math.max(now, this.endsAt) });
  }

  /** What has been played up to now and was not told yet. */
  advance(now: number): Played[] {
    const played: Played[] = [];
    for (let next = this.queue[0]; next && next.endsAt <= now; next = this.queue[0]) {
      this.queue.shift();
      if (next.kind === 'audio') played.push(this.heard(next, next.payload));
      else played.push({ kind: 'mark', name: next.name, at: next.endsAt, cleared: false });
    }
    return played;
  }

  /** Drops what has not begun to play; the rest of it is the provider's rule. */
  clear(now: number): Played[] {
    const played = this.advance(now);
    const dropped = this.clears.cutsPlaying ? this.queue.splice(0) : this.splitOffUnbegun(now);
    for (const item of dropped) {
      if (item.kind === 'audio') played.push(...this.heardPart(item, now));
      else if (this.clears.returnsMarks)
        played.push({ kind: 'mark', name: item.name, at: now, cleared: true });
    }
    this.endsAt = this.queue.at(-1)?.endsAt ?? now;
    return played;
  }

  /** The line is gone: what was being played was heard up to now, and nothing comes after it. */
  cutOff(now: number): Played[] {
    const played = this.advance(now);
    const [next] = this.queue.splice(0);
    return next?.kind === 'audio' ? [...played, ...this.heardPart(next, now)] : played;
  }

  private splitOffUnbegun(now: number): (QueuedAudio | QueuedMark)[] {
    const first = this.queue.findIndex((item) => item.kind === 'audio' && item.startsAt > now);
    return first < 0 ? [] : this.queue.splice(first);
  }

  private heardPart(item: QueuedAudio, now: number): Played[] {
    const bytes = Math.floor((now - item.startsAt) * this.bytesPerMs);
    // whole samples of 2 bytes; one sample of mu-law more or less is nothing
    const whole = bytes - (bytes % 2);
    return whole > 0 ? [this.heard(item, item.payload.subarray(0, whole))] : [];
  }

  private heard({ startsAt }: QueuedAudio, payload: Uint8Array): PlayedAudio {
    this.playedUntil = startsAt + payload.length / this.bytesPerMs;
    return { kind: 'audio', payload, startsAt };
  }
}
