/** Room for most answers, kept from one to the next. */
const ROOM_SECONDS = 2;

/**
 * Audio of the caller that is kept while it is spoken: the latest second, and what belongs to the answer in hand. All of
 * it is copied into memory of its own, since the frames that come share theirs with those of other calls.
 */
export class SpeechAudio {
  private readonly recent: Int16Array;
  /** frames that came so far */
  private frames = 0;
  private readonly recentFrames: number;
  private readonly room: number;
  private speech = new Int16Array(0);
  /** samples of it that are speech */
  private length = 0;

  constructor(
    sampleRate: number,
    private readonly frameSamples: number,
  ) {
    this.recentFrames = Math.floor(sampleRate / frameSamples);
    this.recent = new Int16Array(this.recentFrames * frameSamples);
    this.room = ROOM_SECONDS * sampleRate;
  }

  /** The next frame of the line, whether it is spoken or not. */
  remember(frame: Int16Array): void {
    this.recent.set(frame, (this.frames % this.recentFrames) * this.frameSamples);
    this.frames += 1;
  }

  add(frame: Int16Array): void {
    const end = this.length + frame.length;
    if (end > this.speech.length) this.grow(end);
    this.speech.set(frame, this.length);
    this.length = end;
  }

  /** The latest so many frames, as far as they are remembered. */
  addRecent(count: number): void {
    const kept = Math.min(count, this.frames, this.recentFrames);
    for (let frame = this.frames - kept; frame < this.frames; frame += 1) {
      const from = (frame % this.recentFrames) * this.frameSamples;
      this.add(this.recent.subarray(from, from + this.frameSamples));
    }
  }

  /** Takes back the latest so many frames that were added. */
  dropLast(count: number): void {
    this.length = Math.max(0, this.length - count * this.frameSamples);
  }

  said(): Int16Array {
    return this.speech.slice(0, this.length);
  }

  forget(): void {
    this.length = 0;
    if (this.speech.length > this.room) this.speech = new Int16Array(0);
  }

  private grow(needed: number): void {
    const speech = new Int16Array(Math.max(needed, this.room, 2 * this.speech.length));
    speech.set(this.speech.subarray(0, this.length));
    this.speech = speech;
  }
}
