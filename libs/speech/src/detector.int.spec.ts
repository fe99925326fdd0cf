import { type OpenDetector, type VoiceActivityDetector } from '@greenroom/conversation';
import { loadDetectors } from './detector';
import { FliteSynthesizer } from './flite/synthesizer';

const FRAME_MS = 20;

/** Whether each frame is voice. */
function heard(detector: VoiceActivityDetector, samples: Int16Array): boolean[] {
  const frames: boolean[] = [];
  for (let at = 0; at + detector.frameSamples <= samples.length; at += detector.frameSamples)
    frames.push(detector.isVoice(samples.subarray(at, at + detector.frameSamples)));
  return frames;
}

const generated = (seconds: number, rate: number, sample: (second: number) => number): Int16Array =>
  Int16Array.from({ length: seconds * rate }, (_, i) => Math.round(sample(i / rate)));

const tone =
  (hertz: number, amplitude: number) =>
  (second: number): number =>
    amplitude * Math.sin(2 * Math.PI * hertz * second);

/** The same each time. */
function noise(amplitude: number): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return amplitude * (state / 1_073_741_823.5 - 1);
  };
}

const share = (frames: boolean[]): number => frames.filter(Boolean).length / frames.length;

describe('the voice activity detector', () => {
  const flite = new FliteSynthesizer();
  let open: OpenDetector;
  let detector: VoiceActivityDetector;
  const speech = (sampleRate: number) =>
    flite.synthesize(
      { text: 'Good morning, this is a message about your account.', language: 'en' },
      { sampleRate, signal: new AbortController().signal },
    );

  beforeAll(async () => {
    open = await loadDetectors();
  });
  afterEach(() => detector.close());
  afterAll(() => flite.close());

  it.each([8000, 16_000, 24_000])('hears speech at %d Hz within 60 ms of its onset', async (rate) => {
    detector = open(rate);
    expect(detector.frameSamples).toBe(rate / 50);
    const spoken = await speech(rate);
    const silence = new Int16Array(rate / 2);
    const frames = heard(detector, Int16Array.from([...silence, ...spoken, ...silence]));
    const audibleMs = 500 + (spoken.findIndex((sample) => Math.abs(sample) > 500) / rate) * 1000;
    const heardMs = (frames.indexOf(true) + 1) * FRAME_MS;
    expect(heardMs - audibleMs).toBeGreaterThan(-FRAME_MS);
    expect(heardMs - audibleMs).toBeLessThan(60);
    expect(share(frames.slice(25, -25))).toBeGreaterThan(0.8);
    expect(share(frames.slice(-10))).toBe(0);
  });

  it.each<[string, (second: number) => number]>([
    ['silence', () => 0],
    ['a low hum', tone(50, 1000)],
    ['the hiss of a line', noise(30)],
  ])('takes %s for no voice, at any rate', (_, sample) => {
    for (const rate of [8000, 16_000, 24_000]) {
      detector = open(rate);
      // it learns the noise in the first frames
      const frames = heard(detector, generated(3, rate, sample)).slice(5);
      expect(share(frames)).toBe(0);
      detector.close();
    }
  });

  it('takes nothing for voice that is too high for its own rate', () => {
    detector = open(24_000);
    // it would be 1 kHz among every third sample
    const frames = heard(detector, generated(1, 24_000, tone(7000, 3000))).slice(5);
    expect(share(frames)).toBe(0);
  });

  it('takes less for voice in a higher mode', async () => {
    const strict = await loadDetectors({ mode: 3 });
    const quiet = (await speech(8000)).map((sample) => sample / 10);
    const shares = [open, strict].map((each) => {
      detector = each(8000);
      const frames = heard(detector, quiet);
      detector.close();
      return share(frames);
    });
    expect(shares[1]).toBeLessThan(shares[0]!);
  });

  it('has a state of its own for each call', async () => {
    const spoken = await speech(8000);
    detector = open(8000);
    const alone = heard(detector, spoken);
    const [one, other] = [open(8000), open(8000)];
    const together = alone.map((_, i) => {
      other.isVoice(Int16Array.from({ length: 160 }, noise(20_000)));
      return one.isVoice(spoken.subarray(i * 160, (i + 1) * 160));
    });
    expect(together).toEqual(alone);
    one.close();
    other.close();
  });

  it('gives its memory back, however many calls there are', () => {
    // 16 MB would hold some 20,000
    for (let i = 0; i < 60_000; i += 1) open(8000).close();
    detector = open(8000);
    expect(detector.isVoice(new Int16Array(160))).toBe(false);
  });

  it('says so when it has no memory left', () => {
    const many: VoiceActivityDetector[] = [];
    const fill = () => {
      for (let i = 0; i < 60_000; i += 1) many.push(open(8000));
    };
    expect(fill).toThrow('No memory for another voice activity detector');
    for (const each of many) each.close();
    detector = open(8000);
  });

  it('refuses other rates, other frames, and to be used after its end', () => {
    expect(() => open(44_100)).toThrow('No voice activity detector for 44100 Hz');
    detector = open(24_000);
    expect(() => detector.isVoice(new Int16Array(160))).toThrow('A frame of 160 samples: 480 are 20 ms');
    detector.close();
    detector.close();
    expect(() => detector.isVoice(new Int16Array(480))).toThrow('closed');
  });
});
