import { Prompts } from '../prompts';
import { twilio } from '../twilio/twilio';
import type { AnswerStep } from './answer-step';
import type { CallerAct } from './caller';
import { ConversingCaller } from './conversing';
import { prepareScript, type Script } from './script';

/** A frame is 20 ms. */
const audio = twilio.lineAudio(8000);
/** 100 ms for each letter, and 40 ms of silence around it, as a synthesizer would */
const speech = (text: string) => {
  const samples = new Int16Array(text.length * 800 + 640);
  return { samples: samples.fill(9000, 320, samples.length - 320), sampleRate: 8000 };
};
const speakAll = (texts: readonly string[]) =>
  Promise.resolve(new Map(texts.map((text) => [text, speech(text)])));

interface Scene {
  caller: ConversingCaller;
  prompts: Prompts;
  told: string[];
  digits: [number, string][];
  /** frames until so many ms are on the line */
  until(ms: number): CallerAct[];
}

async function scene(answers: AnswerStep[], more: { sayText?: string; sayAfterMs?: number } = {}) {
  const stack = { webhookUrl: '', mediaUrl: '', publicBaseUrl: '', publicMediaUrl: '' };
  const script = await prepareScript({ stack, provider: 'twilio', answers, ...more }, speakAll);
  return play(script, more.sayAfterMs ?? 0);
}

function play({ opening, steps }: Script, sayAfterMs: number): Scene {
  const prompts = new Prompts(500);
  const told: string[] = [];
  const digits: [number, string][] = [];
  const tell = (what: string): number => told.push(what);
  const caller = new ConversingCaller({ audio, opening, steps: steps ?? [], sayAfterMs, prompts, tell });
  const until = (ms: number): CallerAct[] => {
    while (caller.sentMs < ms) {
      caller.nextFrame();
      const digit = caller.nextDigit();
      if (digit !== null) digits.push([caller.sentMs, digit]);
    }
    return caller.acts.filter(({ kind }) => kind !== 'opening');
  };
  return { caller, prompts, told, digits, until };
}

describe('the caller who holds a conversation', () => {
  it('speaks when a prompt is over: the gap after its end, to the sample, or later if told to', async () => {
    const { caller, prompts, until, told } = await scene([
      { kind: 'say', text: 'yes' },
      { kind: 'say', text: 'no', afterMs: 1200 },
    ]);
    expect(until(1000)).toEqual([]);
    prompts.add(1003, 2003.25);
    expect(until(3000)).toEqual([{ kind: 'say', atMs: 2503.25, endedAtMs: 2803.25 }]);
    prompts.add(4000, 5000);
    expect(until(7000).slice(1)).toEqual([{ kind: 'say', atMs: 6200, endedAtMs: 6400 }]);
    expect(told).toEqual(['caller answers prompt 1: “yes”', 'caller answers prompt 2: “no”']);
    expect([caller.saidMs, caller.complaint('gateway')]).toEqual([500, null]);
  });

  it('answers once for each prompt, and listens when it has no more to say', async () => {
    const { prompts, until } = await scene([{ kind: 'say', text: 'a' }]);
    prompts.add(0, 500);
    expect(until(1500)).toHaveLength(1);
    prompts.add(1500, 2000);
    expect(until(5000)).toHaveLength(1);
  });

  it('does not answer in a pause that is shorter than the gap', async () => {
    const { prompts, until } = await scene([{ kind: 'say', text: 'a' }]);
    prompts.add(0, 500);
    until(980);
    prompts.add(980, 1500);
    expect(until(2400)).toEqual([{ kind: 'say', atMs: 2000, endedAtMs: 2100 }]);
  });

  it('interrupts so long after a prompt has begun, and waits for the next one', async () => {
    const { prompts, until } = await scene([
      { kind: 'interrupt', atMs: 700, text: 'wait' },
      { kind: 'say', text: 'a' },
    ]);
    prompts.add(100.5, 3000);
    expect(until(1400)).toEqual([{ kind: 'interrupt', atMs: 800.5, endedAtMs: 1200.5 }]);
    prompts.clear(1100, 1100);
    expect(until(2400)).toHaveLength(1);
    prompts.add(2400, 2600);
    expect(until(4000).slice(1)).toEqual([{ kind: 'say', atMs: 3100, endedAtMs: 3200 }]);
  });

  it('interrupts at once where it is to begin with the prompt, and only once', async () => {
    const { prompts, until } = await scene([
      { kind: 'interrupt', atMs: 0, text: 'a' },
      { kind: 'interrupt', atMs: 0, text: 'b' },
    ]);
    prompts.add(45, 3000);
    expect(until(2000)).toEqual([{ kind: 'interrupt', atMs: 45, endedAtMs: 145 }]);
  });

  it('talks to its end where nobody lets it interrupt, and answers the next prompt', async () => {
    const { prompts, until } = await scene([
      { kind: 'interrupt', atMs: 100, text: 'abc' },
      { kind: 'silence' },
    ]);
    prompts.add(0, 2000);
    expect(until(3000)).toEqual([{ kind: 'interrupt', atMs: 100, endedAtMs: 400 }]);
  });

  it('coughs 300 ms into a prompt, and answers the same one', async () => {
    const { prompts, until } = await scene([
      { kind: 'cough', forMs: 150 },
      { kind: 'say', text: 'a' },
    ]);
    prompts.add(1000, 2000);
    const [cough, answer] = until(4000);
    expect(cough?.kind).toBe('cough');
    expect(cough?.atMs).toBeGreaterThanOrEqual(1300);
    expect(cough?.atMs).toBeLessThan(1305);
    expect(cough?.endedAtMs).toBeLessThanOrEqual(1450);
    expect(answer).toEqual({ kind: 'say', atMs: 2500, endedAtMs: 2600 });
  });

  it('does not answer a prompt that was cleared, but the one after it', async () => {
    const { prompts, until } = await scene([
      { kind: 'cough', forMs: 100 },
      { kind: 'say', text: 'a' },
    ]);
    prompts.add(0, 2000);
    until(400);
    prompts.clear(400, 400);
    expect(until(3000)).toHaveLength(1);
    prompts.add(3000, 3200);
    expect(until(5000)).toHaveLength(2);
  });

  it('says nothing until the next prompt comes', async () => {
    const { prompts, until } = await scene([{ kind: 'silence' }, { kind: 'say', text: 'a' }]);
    prompts.add(0, 1000);
    expect(until(5500)).toEqual([{ kind: 'silence', atMs: 1500, endedAtMs: 1500 }]);
    prompts.add(5500, 6000);
    expect(until(7000)[1]).toMatchObject({ kind: 'say', atMs: 6500 });
  });

  it('is in silence ready for a prompt that begins in the very moment in which the other is over', async () => {
    const { prompts, until } = await scene([{ kind: 'silence' }, { kind: 'say', text: 'a' }]);
    prompts.add(0, 1000);
    until(1500);
    prompts.add(1500, 1600);
    expect(until(2300)).toHaveLength(2);
  });

  it('talks over a prompt that begins while it still thinks', async () => {
    const { prompts, until } = await scene([
      { kind: 'say', text: 'a', afterMs: 3000 },
      { kind: 'say', text: 'b' },
    ]);
    prompts.add(0, 1000);
    until(3500);
    prompts.add(3500, 6000);
    expect(until(7000)).toEqual([{ kind: 'say', atMs: 4000, endedAtMs: 4100 }]);
  });

  it('presses keys within their frame, a quarter of a second apart', async () => {
    const { prompts, until, digits } = await scene([
      { kind: 'press', keys: '12' },
      { kind: 'interrupt-press', atMs: 50, keys: '#' },
    ]);
    prompts.add(0, 1001);
    until(2000);
    prompts.add(2005, 4000);
    expect(until(2100)).toEqual([
      { kind: 'press', atMs: 1520, endedAtMs: 1780 },
      { kind: 'interrupt-press', atMs: 2060, endedAtMs: 2060 },
    ]);
    expect(digits).toEqual([
      [1520, '1'],
      [1780, '2'],
      [2060, '#'],
    ]);
  });

  it('hangs up so long after a prompt', async () => {
    const { caller, prompts, until } = await scene([{ kind: 'hang-up', afterMs: 2000 }]);
    prompts.add(0, 1000);
    until(2980);
    expect(caller.leaves()).toBe(false);
    expect(until(3000)).toEqual([{ kind: 'hang-up', atMs: 3000, endedAtMs: 3000 }]);
    expect([caller.leaves(), caller.complaint('caller')]).toEqual([true, null]);
  });

  it('says its opening whatever is heard', async () => {
    const { caller, until } = await scene([], { sayText: 'hello', sayAfterMs: 33 });
    until(400);
    expect(caller.acts).toEqual([{ kind: 'opening', atMs: 33, endedAtMs: 400 }]);
    until(1000);
    expect(caller.acts).toEqual([{ kind: 'opening', atMs: 33, endedAtMs: 533 }]);
  });
});

describe('the caller who was not answered well', () => {
  it.each([
    ['nothing', 0, 'gateway', 'the assistant said nothing'],
    ['one prompt', 1, 'gateway', '1 of 2 answers were left over when the assistant hung up'],
    ['one prompt', 1, 'caller', '1 of 2 answers were left over when the caller gave up'],
    ['two prompts', 2, 'caller', 'the assistant did not hang up'],
    ['two prompts', 2, 'gateway', null],
  ] as const)('hears %s', async (_what, heard, hungUpBy, complaint) => {
    const { caller, prompts, until } = await scene([
      { kind: 'say', text: 'a' },
      { kind: 'say', text: 'b' },
    ]);
    for (let at = 0; at < heard; at += 1) {
      prompts.add(3000 * at, 3000 * at + 1000);
      until(3000 * at + 3000);
    }
    expect(caller.complaint(hungUpBy)).toBe(complaint);
  });
});
