import { type SpeechSynthesizer, type Utterance } from '@greenroom/conversation';
import { CachedSynthesizer } from './cached-synthesizer';
import { SampleCache } from './sample-cache';

/** Says as many samples as the text has letters, when it is told to. */
class Speaker implements SpeechSynthesizer {
  readonly asked: { utterance: Utterance; sampleRate: number; signal: AbortSignal }[] = [];
  private readonly pending: { resolve: (samples: Int16Array) => void; reject: (error: Error) => void }[] = [];

  synthesize(
    utterance: Utterance,
    { sampleRate, signal }: { sampleRate: number; signal: AbortSignal },
  ): Promise<Int16Array> {
    this.asked.push({ utterance, sampleRate, signal });
    return new Promise((resolve, reject) => {
      this.pending.push({ resolve, reject });
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  }

  say(): void {
    const text = this.asked.at(-this.pending.length)?.utterance.text ?? '';
    this.pending.shift()?.resolve(new Int16Array(text.length));
  }

  fail(): void {
    this.pending.shift()?.reject(new Error('hoarse'));
  }
}

const hello: Utterance = { text: 'hello', language: 'en' };
const to = (signal = new AbortController().signal, sampleRate = 8000) => ({ sampleRate, signal });

describe('a synthesizer with a memory', () => {
  let speaker: Speaker;
  let cache: SampleCache;
  let cached: CachedSynthesizer;
  beforeEach(() => {
    speaker = new Speaker();
    cache = new SampleCache(10_000);
    cached = new CachedSynthesizer('one', speaker, cache);
  });

  it('asks once for one utterance, and gives the same samples to all', async () => {
    const together = [cached.synthesize(hello, to()), cached.synthesize({ ...hello }, to())];
    speaker.say();
    const [first, second] = await Promise.all(together);
    expect(first).toHaveLength(5);
    expect(second).toBe(first);
    expect(await cached.synthesize(hello, to())).toBe(first);
    expect(cached.kept(hello, 8000)).toBe(first);
    expect(speaker.asked).toHaveLength(1);
  });

  it.each<[string, Partial<Utterance>, number]>([
    ['text', { text: 'hallo' }, 8000],
    ['language', { language: 'en-IN' }, 8000],
    ['voice', { voice: 'slt' }, 8000],
    ['file', { audioFile: 'hello.wav' }, 8000],
    ['rate', {}, 16000],
  ])('tells utterances apart by their %s', async (_, other, sampleRate) => {
    const first = cached.synthesize(hello, to());
    speaker.say();
    await first;
    expect(cached.kept({ ...hello, ...other }, sampleRate)).toBeUndefined();
  });

  it('does not take a text for two fields', async () => {
    const first = cached.synthesize({ text: 'a', language: 'en', voice: 'b' }, to());
    speaker.say();
    await first;
    expect(cached.kept({ text: 'b","a', language: 'en' }, 8000)).toBeUndefined();
  });

  it('is told apart from another one on the same cache', async () => {
    const other = new CachedSynthesizer('two', speaker, cache);
    const first = cached.synthesize(hello, to());
    speaker.say();
    await first;
    expect(other.kept(hello, 8000)).toBeUndefined();
  });

  it('does not keep a failure', async () => {
    const together = Promise.allSettled([cached.synthesize(hello, to()), cached.synthesize(hello, to())]);
    speaker.fail();
    expect((await together).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const again = cached.synthesize(hello, to());
    speaker.say();
    expect(await again).toHaveLength(5);
  });

  it('lets one go who waits no more, and serves the others', async () => {
    const leaving = new AbortController();
    const [gone, stays] = [cached.synthesize(hello, to(leaving.signal)), cached.synthesize(hello, to())];
    leaving.abort(new Error('hung up'));
    await expect(gone).rejects.toThrow('hung up');
    speaker.say();
    expect(await stays).toHaveLength(5);
  });

  it('keeps what comes when nobody waits any more', async () => {
    const leaving = new AbortController();
    const gone = cached.synthesize(hello, to(leaving.signal));
    leaving.abort(new Error('hung up'));
    await expect(gone).rejects.toThrow('hung up');
    speaker.say();
    await new Promise(setImmediate);
    expect(cached.kept(hello, 8000)).toHaveLength(5);
  });

  it('asks nobody for one who has already gone', async () => {
    await expect(cached.synthesize(hello, to(AbortSignal.abort(new Error('gone'))))).rejects.toThrow('gone');
    expect(speaker.asked).toHaveLength(0);
  });

  it('ends what is under way when it is closed', async () => {
    const waiting = cached.synthesize(hello, to());
    cached.close();
    await expect(waiting).rejects.toThrow('The synthesizer is closed');
  });
});
