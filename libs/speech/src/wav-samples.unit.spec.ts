import { writeWav } from '@greenroom/telephony';
import { wavSamples } from './wav-samples';

describe('the samples of a WAV file', () => {
  it('are the mean of its channels', () => {
    const file = writeWav({ sampleRate: 8000, channels: 2, samples: Int16Array.of(10, 20, -30, -10, 7, 8) });
    expect(wavSamples(file, 8000)).toEqual(Int16Array.of(15, -20, 8));
  });

  it('come at the rate that is asked for', () => {
    const file = writeWav({ sampleRate: 24_000, channels: 1, samples: new Int16Array(2400).fill(1000) });
    expect(wavSamples(file, 8000)).toEqual(new Int16Array(800).fill(1000));
  });

  it.each<[string, Uint8Array, string]>([
    ['no audio', writeWav({ sampleRate: 8000, channels: 1, samples: new Int16Array(0) }), 'without audio'],
    ['half a frame', writeWav({ sampleRate: 8000, channels: 2, samples: Int16Array.of(1) }), 'without audio'],
    ['1 Hz', writeWav({ sampleRate: 1, channels: 1, samples: Int16Array.of(1) }), 'WAV of 1 Hz'],
    [
      'a rate beyond reason',
      writeWav({ sampleRate: 4e9, channels: 1, samples: Int16Array.of(1) }),
      'WAV of 4000000000 Hz',
    ],
    ['something else', new TextEncoder().encode('<html>sorry</html>'), 'Not a WAV file'],
  ])('are none if it holds %s', (_, file, message) => {
    expect(() => wavSamples(file, 8000)).toThrow(message);
  });
});
