import { type SpeechSynthesizer, type Utterance } from '@greenroom/conversation';
import { CachedSynthesizer } from './cached-synthesizer';
import { FallbackSynthesizer, type EmbeddedSynthesizer } from './fallback-synthesizer';
import { ManualClock } from './manual-clock';
import { SampleCache } from './sample-cache';

const BETTER = Int16Array.of(1);
const PLAIN = Int16Array.of(2);

/** A service that answers when it is told to. */
class Service implements SpeechSynthesizer {
  readonly asked: string[] = [];
  private readonly pending: ((samples: Int16Array | Error) => void)[] = [];

  synthesize({ text }: Utterance): Promise<Int16Array> {
    this.asked.push(text);
    return new Promise((resolve, reject) => {
      this.pending.push((result) => (result instanceof Error ? reject(result) : resolve(result)));
    });
  }

  async ends(result: Int16Array | Error): Promise<void> {
    this.pending.shift()?.(result);
    await new Promise(setImmediate);
  }
}

const embedded: EmbeddedSynthesizer = {
  languages: ['en'],
  voices: ['slt'],
  synthesize: () => Promise.resolve(PLAIN),
};

describe('a synthesizer with another to fall back on', () => {
  let clock: ManualClock;
  let service: Service;
  let faults: string[];
  let synthesizer: FallbackSynthesizer;
  let count: number;
  const onFault = (where: string, error: unknown) => faults.push(`${where}: ${(error as Error).message}`);
  const utterance = (more: Partial<Utterance> = {}): Utterance => ({
    text: `sentence ${(count += 1)}`,
    language: 'en-IN',
    ...more,
  });
  const say = (said = utterance(), signal = new AbortController().signal) =>
    synthesizer.synthesize(said, { sampleRate: 8000, signal });
  const fails = async () => {
    const said = say();
    await service.ends(new Error('status 500'));
    return said;
  };

  beforeEach(() => {
    clock = new ManualClock();
    service = new Service();
    faults = [];
    count = 0;
    const first = new CachedSynthesizer('service', service, new SampleCache(10_000));
    synthesizer = new FallbackSynthesizer({ first, second: embedded, clock, onFault });
  });
  afterEach(() => expect(clock.waiting).toBe(0));

  it('uses the first as long as it works', async () => {
    const said = say();
    await service.ends(BETTER);
    expect(await said).toBe(BETTER);
    expect(faults).toEqual([]);
  });

  it('uses the second at once when the first fails, and says so', async () => {
    expect(await fails()).toBe(PLAIN);
    expect(faults).toEqual(['speech-service: status 500']);
  });

  it('waits for the first as long as its budget, and then uses the second', async () => {
    const said = say();
    clock.pass(1499);
    const early = await Promise.race([said, new Promise(setImmediate).then(() => 'waiting')]);
    expect(early).toBe('waiting');
    clock.pass(1);
    expect(await said).toBe(PLAIN);
    expect(faults).toEqual(['speech-service: no answer within 1500 ms']);
    await service.ends(BETTER);
  });

  it('has what came late from the first the next time', async () => {
    const slow = utterance();
    const said = say(slow);
    clock.pass(1500);
    expect(await said).toBe(PLAIN);
    await service.ends(BETTER);
    expect(await say(slow)).toBe(BETTER);
    expect(service.asked).toHaveLength(1);
  });

  it('lets the first alone after three failures in a row, for 30 s', async () => {
    for (let i = 0; i < 3; i += 1) await fails();
    expect(await say()).toBe(PLAIN);
    clock.pass(29_999);
    expect(await say()).toBe(PLAIN);
    expect(service.asked).toHaveLength(3);
    expect(faults).toHaveLength(3);
  });

  it('counts a late answer as a failure', async () => {
    for (let i = 0; i < 3; i += 1) {
      const said = say();
      clock.pass(1500);
      await said;
    }
    expect(await say()).toBe(PLAIN);
    expect(service.asked).toHaveLength(3);
  });

  it('then tries it with one utterance, and goes back to it if that succeeds', async () => {
    for (let i = 0; i < 3; i += 1) await fails();
    clock.pass(30_000);
    const [probe, other] = [say(), say()];
    expect(await other).toBe(PLAIN);
    await service.ends(BETTER);
    expect(await probe).toBe(BETTER);
    const after = say();
    await service.ends(BETTER);
    expect(await after).toBe(BETTER);
  });

  it('lets it alone for another while if that fails', async () => {
    for (let i = 0; i < 3; i += 1) await fails();
    clock.pass(30_000);
    expect(await fails()).toBe(PLAIN);
    expect(await say()).toBe(PLAIN);
    expect(service.asked).toHaveLength(4);
  });

  it('uses what it remembers of the first even while it is let alone', async () => {
    const known = utterance();
    const said = say(known);
    await service.ends(BETTER);
    await said;
    for (let i = 0; i < 3; i += 1) await fails();
    expect(await say(known)).toBe(BETTER);
  });

  it('lets a caller go, and learns all the same how the first did', async () => {
    const leaving = new AbortController();
    const said = say(utterance(), leaving.signal);
    leaving.abort(new Error('hung up'));
    await expect(said).rejects.toThrow('hung up');
    await service.ends(new Error('status 500'));
    expect(faults).toEqual(['speech-service: status 500']);
  });

  it('asks nobody for a caller who has gone', async () => {
    await expect(say(utterance(), AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(service.asked).toHaveLength(0);
  });

  it("gives what names one of the second's voices to the second", async () => {
    expect(await say(utterance({ voice: 'slt' }))).toBe(PLAIN);
    expect(service.asked).toHaveLength(0);
    const other = say(utterance({ voice: 'alloy' }));
    await service.ends(BETTER);
    expect(await other).toBe(BETTER);
  });

  it('says another language with the second too, and tells of it once', async () => {
    synthesizer = new FallbackSynthesizer({ second: embedded, clock, onFault });
    for (const language of ['hi-IN', 'hi', 'en-IN', 'EN', 'ta']) {
      expect(await say(utterance({ language }))).toBe(PLAIN);
    }
    expect(faults).toEqual([
      'embedded-voice: "hi" is said by a voice for en',
      'embedded-voice: "ta" is said by a voice for en',
    ]);
  });
});
