import { FRAME_BYTES } from './frame-counter';

/** So often every caller says something: as in a call of questions and answers. Frames. */
const EVERY = 200;

/** What a caller says who answers now and then, frame by frame, in base64. */
export class SpeechFrames {
  readonly silence = Buffer.from(Buffer.alloc(FRAME_BYTES, 0xff).toString('base64'));
  private readonly answer: readonly Buffer[];

  /** @param mulaw the answer; what is no whole frame at its end is left out */
  constructor(mulaw: Buffer) {
    const frames = Math.floor(mulaw.length / FRAME_BYTES);
    this.answer = Array.from({ length: frames }, (_, index) =>
      Buffer.from(mulaw.subarray(index * FRAME_BYTES, (index + 1) * FRAME_BYTES).toString('base64')),
    );
  }

  /** Those who are least alike: the first at once, the last just before the first says it again. */
  static shiftOf(line: number, lines: number): number {
    return Math.floor((line * EVERY) / lines);
  }

  /** @param frame of the window, from 0. @param shift frames after which the first answer comes */
  at(frame: number, shift: number): Buffer {
    if (frame < shift) return this.silence;
    return this.answer[(frame - shift) % EVERY] ?? this.silence;
  }
}
