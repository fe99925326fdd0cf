import { once, setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { systemClock, type Clock } from '../clock';
import { ManualClock } from '../manual-clock';
import { FLITE_VOICES, FliteSynthesizer, type FliteOptions } from './synthesizer';
import { startFliteWorker } from './thread';
import { FLITE_WORKER } from './worker';

const never = new AbortController().signal;
setMaxListeners(0, never);
const LONG = 'This is a long text that takes a while to say. '.repeat(6).trim();

const loudest = (samples: Int16Array): number =>
  samples.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
const seconds = (samples: Int16Array): number => samples.length / 8000;

describe('flite', () => {
  const opened: FliteSynthesizer[] = [];
  let workers: Worker[] = [];

  /** keeps its threads in `workers` */
  function open({ startWorker = startFliteWorker, ...more }: FliteOptions = {}): FliteSynthesizer {
    const start = () => {
      workers.push(startWorker());
      return workers.at(-1)!;
    };
    opened.push(new FliteSynthesizer({ voice: 'kal', ...more, startWorker: start }));
    return opened.at(-1)!;
  }
  const say = (flite: FliteSynthesizer, text: string, more: { voice?: string; signal?: AbortSignal } = {}) =>
    flite.synthesize(
      { text, language: 'en', voice: more.voice },
      { sampleRate: 8000, signal: more.signal ?? never },
    );

  /** until the thread is at work */
  async function started(count: number): Promise<Worker> {
    while (workers.length < count) await sleep(1);
    return workers[count - 1]!;
  }
  const ended = async (worker: Worker) => {
    if (worker.threadId !== -1) await once(worker, 'exit');
  };

  beforeEach(() => (workers = []));
  afterAll(async () => {
    await Promise.all(opened.map((flite) => flite.close()));
  });

  describe('says', () => {
    const flite = open();

    it.each(FLITE_VOICES)('a sentence with the voice %s', async (voice) => {
      const samples = await say(flite, 'Good morning, this is a message about your account.', { voice });
      expect(seconds(samples)).toBeGreaterThan(2);
      expect(seconds(samples)).toBeLessThan(4.5);
      expect(loudest(samples)).toBeGreaterThan(5000);
    });

    it('more for a longer text, without a gap', async () => {
      const [short, long] = [await say(flite, 'Hello.'), await say(flite, LONG)];
      expect(seconds(short)).toBeLessThan(1.2);
      expect(seconds(long)).toBeGreaterThan(12);
      expect(seconds(long)).toBeLessThan(25);
    });

    it('the same at each rate', async () => {
      const at = (sampleRate: number) =>
        flite.synthesize({ text: 'Hello there.', language: 'en' }, { sampleRate, signal: never });
      const [low, middle, high] = [await at(8000), await at(16_000), await at(24_000)];
      expect(middle.length / low.length).toBeCloseTo(2, 2);
      expect(high.length / low.length).toBeCloseTo(3, 2);
    });

    it('the same with a voice that is not its own as with its default', async () => {
      const own = await say(flite, 'Hello.', { voice: 'kal' });
      for (const voice of ['alloy', '/etc/passwd', '-lv', ''])
        expect(await say(flite, 'Hello.', { voice })).toEqual(own);
    });

    it('whatever it is given: no text is an option, a file or a command', async () => {
      const texts = [
        '-o /etc/x',
        '--help',
        '--version',
        '-lv',
        '; rm -rf',
        '$(reboot)',
        '/etc/passwd',
        '%s%n',
      ];
      for (const text of [...texts, 'one\ntwo\0three', '😀 hello', '<speak>hello</speak>']) {
        const samples = await say(flite, text);
        expect({ text, audible: seconds(samples) > 0.3 && loudest(samples) > 3000 }).toEqual({
          text,
          audible: true,
        });
      }
    });

    it('nothing where there is nothing to say', async () => {
      for (const text of ['', '   ', '😀', '...']) expect(await say(flite, text)).toHaveLength(0);
    });

    it('no text that is too long', async () => {
      await expect(say(flite, 'x'.repeat(10_000))).rejects.toThrow(RangeError);
    });

    it('the longest word in a time that others can wait for', async () => {
      const startedAt = performance.now();
      await say(flite, 'a'.repeat(500), { voice: 'kal' });
      expect(performance.now() - startedAt).toBeLessThan(5000);
    });
  });

  it('starts one thread, when it is first asked', async () => {
    const flite = open();
    expect(workers).toHaveLength(0);
    await Promise.all(['one', 'two', 'three'].map((text) => say(flite, text)));
    expect(workers).toHaveLength(1);
  });

  it('rejects what was in hand when its thread ends, and says the rest with another', async () => {
    const flite = open();
    const inHand = say(flite, LONG);
    const next = say(flite, 'Hello.');
    void (await started(1)).terminate();
    await expect(inHand).rejects.toThrow('The thread of flite has ended');
    expect(seconds(await next)).toBeGreaterThan(0.2);
    expect(workers).toHaveLength(2);
  });

  it('rejects what was in hand when its thread throws', async () => {
    const broken = () => new Worker(FLITE_WORKER, { eval: true, workerData: { wasmFile: __filename } });
    let starts = 0;
    const flite = open({ startWorker: () => ((starts += 1) === 1 ? broken() : startFliteWorker()) });
    await expect(say(flite, 'Hello.')).rejects.toThrow(/WebAssembly.Module/);
    expect(seconds(await say(flite, 'Hello.'))).toBeGreaterThan(0.2);
  });

  it('ends a thread that takes too long, and goes on with another', async () => {
    const clock = new ManualClock();
    const flite = open({ clock });
    const slow = say(flite, LONG);
    const worker = await started(1);
    clock.pass(20_000);
    await expect(slow).rejects.toThrow('No speech from flite within 20000 ms');
    expect(seconds(await say(flite, 'Hello.'))).toBeGreaterThan(0.2);
    await ended(worker);
    expect(clock.waiting).toBe(0);
  });

  it('lets a caller go at once, and leaves out what only that one waited for', async () => {
    let said = 0;
    const after: Clock['after'] = (ms, run) => {
      said += 1;
      return systemClock.after(ms, run);
    };
    const flite = open({ clock: { ...systemClock, after } });
    const leaving = new AbortController();
    let isSaid = false;
    const before = say(flite, LONG).finally(() => (isSaid = true));
    const gone = say(flite, LONG, { signal: leaving.signal });
    await started(1);
    leaving.abort(new Error('hung up'));
    await expect(gone).rejects.toThrow('hung up');
    expect(isSaid).toBe(false);
    expect(seconds(await before)).toBeGreaterThan(12);
    await say(flite, 'Hello.');
    expect(said).toBe(2);
    expect(workers).toHaveLength(1);
  });

  it('refuses more than can be said in time', async () => {
    const flite = open({ startWorker: () => new Worker('setInterval(() => {}, 1000)', { eval: true }) });
    const all = Array.from({ length: 202 }, () =>
      say(flite, 'Hello.').catch((error: Error) => error.message),
    );
    expect(await all[201]).toBe('200 texts are waiting for flite');
    await started(1);
    await flite.close();
    const reasons = new Set(await Promise.all(all.slice(0, 200)));
    expect([...reasons]).toEqual(['The thread of flite has ended', 'The synthesizer is closed']);
  });

  it('ends its thread when it is closed, and starts no other', async () => {
    const flite = open();
    await say(flite, 'Hello.');
    await flite.close();
    expect(workers[0]?.threadId).toBe(-1);
    await expect(say(flite, 'Hello.')).rejects.toThrow('The synthesizer is closed');
    expect(workers).toHaveLength(1);
  });
});
