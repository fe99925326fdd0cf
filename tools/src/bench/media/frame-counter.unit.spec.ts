import { mulawFromPcm, mulawToPcm } from '@greenroom/telephony';
import {
  bytesIn,
  COUNTER_CHARACTERS,
  counterCharacter,
  COUNTS,
  FRAME_BYTES,
  readCounter,
} from './frame-counter';

const base64Of = (counter: number): string =>
  Array.from({ length: COUNTER_CHARACTERS }, (_, place) =>
    String.fromCharCode(counterCharacter(counter, place)),
  ).join('');

const frameOf = (counter: number): Buffer =>
  Buffer.concat([Buffer.from(base64Of(counter), 'base64'), Buffer.alloc(FRAME_BYTES - 3, 0x2a)]);

const SOME = [0, 1, 63, 64, 4095, 4096, 100_000, COUNTS - 1];

describe('the number of a frame', () => {
  it.each(SOME)('%d comes back through linear samples', (counter) => {
    const frame = frameOf(counter);
    const back = Buffer.from(mulawFromPcm(mulawToPcm(frame)));
    expect(back.equals(frame)).toBe(true);
    expect(readCounter(Buffer.from(back.toString('base64')), 0, 0)).toBe(counter);
  });

  it.each([1, 2, 3, 4, 5])('is found in the last of %d frames, behind other text', (frames) => {
    const message = Buffer.concat(SOME.slice(0, frames).map(frameOf)).toString('base64');
    const text = Buffer.from(`before${message}`);
    const from = 'before'.length;
    expect(bytesIn(text, from, text.length)).toBe(frames * FRAME_BYTES);
    expect(readCounter(text, from, (frames - 1) * FRAME_BYTES)).toBe(SOME[frames - 1]);
  });

  it('is not read out of what is none of these frames', () => {
    const silence = Buffer.from(Buffer.alloc(FRAME_BYTES, 0xff).toString('base64'));
    expect(readCounter(silence, 0, 0)).toBeNull();
    // half a frame off
    const shifted = Buffer.from(frameOf(7).subarray(80).toString('base64'));
    expect(readCounter(shifted, 0, 0)).toBeNull();
  });
});
