import type { LineEcho } from './line-echo';
import type { PlayedAudio, PlayedMark } from './playout';
import type { Prompts } from './prompts';
import type { Recording } from './recording';

/** A mark as it went. Times in ms since the stream's start. */
export interface SeenMark {
  name: string;
  /** when it came from Greenroom */
  sentAtMs: number;
  /** when all audio before it had been played; null: that was cleared, or the line was closed before */
  playedAtMs: number | null;
  /** when it was sent back; null: never */
  returnedAtMs: number | null;
}

export interface HandsetParts {
  prompts: Prompts;
  /** null: the telephone lets nothing through */
  lineEcho: LineEcho | null;
  /** null: nothing is kept */
  recording: Recording | null;
}

/**
 * The caller's telephone: all that comes out of its earpiece, and all that goes into the line. Notes what was heard and
 * when; all times are ms since the stream's start.
 */
export class Handset {
  readonly marks: SeenMark[] = [];
  readonly clears: number[] = [];
  private readonly unplayed: SeenMark[] = [];

  constructor(private readonly parts: HandsetParts) {}

  get prompts(): Prompts {
    return this.parts.prompts;
  }

  /**
   * Audio that is going to be played.
   * @returns whether a prompt begins with it
   */
  queued(payload: Uint8Array, { startsAt, endsAt }: { startsAt: number; endsAt: number }): boolean {
    this.parts.lineEcho?.queued(payload, startsAt);
    return this.prompts.add(startsAt, endsAt);
  }

  /** @param audioEndsAtMs what is still played after it ends then */
  cleared(nowMs: number, audioEndsAtMs: number): void {
    this.clears.push(nowMs);
    this.prompts.clear(nowMs, audioEndsAtMs);
    this.parts.lineEcho?.cut(audioEndsAtMs);
  }

  played({ payload, startsAt }: PlayedAudio): void {
    this.parts.recording?.keepPlayed(payload, startsAt);
  }

  markCame(name: string, nowMs: number): void {
    const mark: SeenMark = { name, sentAtMs: nowMs, playedAtMs: null, returnedAtMs: null };
    this.marks.push(mark);
    this.unplayed.push(mark);
  }

  /** @param returnedAtMs null: it is lost on its way back */
  markPlayed({ name, at, cleared }: PlayedMark, returnedAtMs: number | null): void {
    // those in front of it were cleared and never came back; names may repeat
    const index = this.unplayed.findIndex((mark) => mark.name === name);
    const [mark] = index < 0 ? [] : this.unplayed.splice(0, index + 1).slice(-1);
    if (!mark) return;
    mark.playedAtMs = cleared ? null : at;
    mark.returnedAtMs = returnedAtMs;
  }

  /** The line is gone: nothing is heard any more from this time on. */
  ended(audioEndsAtMs: number): void {
    this.prompts.cutOff(audioEndsAtMs);
  }

  /**
   * What really goes into the line where the caller puts this frame.
   * @param fromMs when the first sample of the frame is spoken
   */
  spoken(frame: Uint8Array, fromMs: number): Uint8Array {
    const { lineEcho, recording } = this.parts;
    const sent = lineEcho ? lineEcho.mixInto(frame, fromMs) : frame;
    recording?.keepFrame(sent);
    return sent;
  }
}
