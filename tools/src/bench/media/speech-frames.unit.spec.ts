import { FRAME_BYTES } from './frame-counter';
import { SpeechFrames } from './speech-frames';

const ANSWER = Buffer.concat([
  Buffer.alloc(FRAME_BYTES, 1),
  Buffer.alloc(FRAME_BYTES, 2),
  Buffer.alloc(FRAME_BYTES, 3),
  Buffer.alloc(10),
]);

describe('what a caller says', () => {
  const speech = new SpeechFrames(ANSWER);
  const loudnessAt = (frame: number, shift: number): number =>
    Buffer.from(speech.at(frame, shift).toString(), 'base64')[0] ?? 0;
  const said = (frames: number, shift: number): number[] =>
    Array.from({ length: frames }, (_, frame) => loudnessAt(frame, shift));

  it('is the answer every four seconds, and silence in between', () => {
    const silence = Array.from({ length: 197 }, () => 0xff);
    expect(said(403, 0)).toEqual([1, 2, 3, ...silence, 1, 2, 3, ...silence, 1, 2, 3]);
  });

  it('begins with silence where others come first', () => {
    expect(said(6, 2)).toEqual([0xff, 0xff, 1, 2, 3, 0xff]);
  });

  it('is evenly spread over the lines', () => {
    expect([0, 1, 2, 3].map((line) => SpeechFrames.shiftOf(line, 4))).toEqual([0, 50, 100, 150]);
  });
});
