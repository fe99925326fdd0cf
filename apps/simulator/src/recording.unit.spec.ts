import { exotel } from './exotel/exotel';
import { encodeSamples } from './line-samples';
import { Recording, stereo } from './recording';

const audio = exotel.lineAudio(8000);
const bytes = (...values: number[]): Uint8Array => encodeSamples(Int16Array.from(values), audio);

describe('the recording of both sides', () => {
  const recording = new Recording(audio);
  recording.keepFrame(bytes(1, 2));
  recording.keepFrame(bytes(3, 4));
  recording.keepPlayed(bytes(10, 11), 0.25);
  recording.keepPlayed(bytes(12), 0.5 + 1e-9);
  recording.keepPlayed(bytes(13), 0.875);

  it('has both on one time axis, and silence where nothing was heard', () => {
    const { sampleRate, caller, assistant } = recording.channels();
    expect(sampleRate).toBe(8000);
    expect([...caller]).toEqual([1, 2, 3, 4]);
    expect([...assistant]).toEqual([0, 0, 10, 11, 12, 0, 0, 13]);
  });

  it('has what was heard without the pauses', () => {
    expect(recording.heard()).toEqual(Buffer.from(bytes(10, 11, 12, 13)));
  });

  it('has the caller on the left, the assistant on the right', () => {
    const channels = { sampleRate: 8000, caller: Int16Array.of(1, 2), assistant: Int16Array.of(5, 6, 7) };
    expect([...stereo(channels)]).toEqual([1, 5, 2, 6, 0, 7]);
  });

  it('of a call without a stream is empty', () => {
    const { caller, assistant } = new Recording(audio).channels();
    expect([caller.length, assistant.length]).toEqual([0, 0]);
  });
});
