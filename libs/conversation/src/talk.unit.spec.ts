import { TurnSchema } from '@greenroom/contracts';
import { PhoneCall, SESSION } from './model/phone-call';
import { asks, says } from './model/scripted-agent';
import { louder, silence, together, tone } from './model/sounds';

const COLOUR = asks('Which colour do you like', {}, { step: 'colour' });

/** What happened at the agent, the line and on record, in short words. */
const told = ({ agent }: PhoneCall): string[] => agent.asked.map(({ turn }) => turn.kind);
const done = ({ line }: PhoneCall): string[] => line.actions.map(({ did }) => did);
const ends = ({ turns }: PhoneCall): string[] => turns.map(({ who, endedBy }) => `${who} ${endedBy}`);
const wordsOf = ({ agent }: PhoneCall) =>
  agent.asked.map(({ turn }) => (turn.kind === 'answered' ? (turn.speech?.words ?? null) : null));

/** Every call ends; and then nothing is left of it, and nothing was done after it. */
async function ended(call: PhoneCall): Promise<void> {
  await call.untilTheEnd();
  expect(call.line.endedAt).not.toBeNull();
  expect(call.clock.timersLeft).toBe(0);
  await call.clock.pass(100_000);
  expect(call.line.tooLate).toEqual([]);
  expect(call.detector.closed).toBe(1);
}

describe('given an ordinary call', () => {
  const ordinary = async () => {
    const call = new PhoneCall({ script: [COLOUR], words: () => 'blue' });
    await call.wait(1700);
    await call.speak(600);
    await call.wait(3000);
    await ended(call);
    return call;
  };

  it('when it is over, then its turns are on record, in order, with all their words', async () => {
    const { turns } = await ordinary();
    expect(turns.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(turns.map((turn) => TurnSchema.safeParse(turn).error)).toEqual([undefined, undefined, undefined]);
    expect(turns[0]).toMatchObject({
      ...{ who: 'assistant', endedBy: 'played', text: 'Which colour do you like', step: 'colour' },
      ...{ lengthMs: 1000, heardMs: 1000, heardText: 'Which colour do you like', speechMs: null },
    });
    expect(turns[1]).toMatchObject({
      ...{ who: 'caller', endedBy: 'end-silence', text: 'blue', digits: null, speechMs: 600 },
      ...{ lengthMs: null, heardMs: null, heardText: null, step: 'colour' },
    });
    expect(turns[2]).toMatchObject({ who: 'assistant', text: 'Goodbye', endedBy: 'played' });
  });

  it('when it is over, then the times are those of the call, in unix ms', async () => {
    const { turns, sinceStart } = await ordinary();
    expect(turns.map(sinceStart)).toEqual([0, 1700, 3100]);
    expect(turns.map(({ endedAt, startedAt }) => endedAt - startedAt)).toEqual([1000, 1400, 1000]);
  });

  it('when it is over, then the agent was told of each turn once', async () => {
    const call = await ordinary();
    expect(told(call)).toEqual(['arrived', 'answered']);
    expect(done(call)).toEqual(['play', 'mark', 'play', 'mark', 'hang-up']);
    expect(call.agent.asked[1]?.turn).toMatchObject({
      speech: { durationMs: 600, words: 'blue', sampleRate: 8000 },
      digits: null,
      interrupted: null,
    });
  });

  it('when the session changes, then the agent sees it with its next turn', async () => {
    const call = new PhoneCall({ script: [COLOUR] });
    await call.wait(100);
    const changed = { ...SESSION, version: 2 };
    call.conversation.sessionChanged(changed);
    await ended(call);
    expect(call.agent.asked.map(({ context }) => context.session.version)).toEqual([1, 2]);
  });

  it('when no recogniser is there, then the answer has no words', async () => {
    const call = new PhoneCall({ script: [COLOUR], deaf: true });
    await call.wait(1500);
    await call.speak(400);
    await ended(call);
    expect(call.turns[1]).toMatchObject({ who: 'caller', text: null, speechMs: 400 });
  });
});

describe('given a caller who spoke before the session was known', () => {
  it('when 3 s of audio come in one piece right after the start, then the agent is told what was said', async () => {
    const call = new PhoneCall({ script: [COLOUR], words: () => 'hello' });
    call.conversation.heard(together(silence(500), tone(900, -25), silence(1600)));
    await call.wait(100);
    expect(told(call)).toEqual(['answered']);
    expect(wordsOf(call)).toEqual(['hello']);
    expect(call.recognizer.heard.map(({ ms }) => ms)).toEqual([1300]);
    await ended(call);
    expect(call.turns[0]).toMatchObject({ number: 1, who: 'caller', text: 'hello', speechMs: 900 });
    expect(call.sinceStart(call.turns[0]!)).toBe(-2500);
  });

  it('when it comes in the pieces in which it was kept, then the turn has the times at which it was said', async () => {
    const call = new PhoneCall({ script: [COLOUR] });
    const kept = together(silence(500), tone(900, -25), silence(1600));
    for (let start = 0; start < kept.length; start += 800) {
      call.conversation.heard(kept.subarray(start, start + 800), 2900 - start / 8);
    }
    await ended(call);
    expect(call.turns[0]).toMatchObject({ who: 'caller', endedBy: 'end-silence', speechMs: 900 });
    expect(call.turns.slice(0, 2).map(call.sinceStart)).toEqual([-2500, 0]);
    expect(call.turns[0]!.endedAt - call.turns[0]!.startedAt).toBe(1700);
  });

  it('when the words are cut off by the end of the burst, then the rest belongs to them', async () => {
    const call = new PhoneCall({ script: [COLOUR] });
    call.conversation.heard(together(silence(2500), tone(500, -25)));
    await call.speak(700);
    await call.wait(1000);
    expect(told(call)).toEqual(['answered']);
    expect(call.agent.asked[0]?.turn).toMatchObject({ speech: { durationMs: 1200 } });
  });
});

describe('given a recogniser that is frozen for 30 s', () => {
  const frozen = async () => {
    const call = new PhoneCall({ script: [COLOUR], recognitionMs: 30_000 });
    await call.wait(1500);
    await call.speak(500);
    await call.wait(900);
    return call;
  };

  it('when audio comes, then each piece is processed before the call that gives it has returned', async () => {
    const call = await frozen();
    const before = call.detector.frames;
    for (let frame = 0; frame < 400; frame += 1) call.conversation.heard(silence(20));
    expect(call.detector.frames - before).toBe(400);
  });

  it('when keys are pressed, then they are the answer, and nobody waits for the words', async () => {
    const call = await frozen();
    call.press('2');
    await call.wait(100);
    expect(call.agent.asked.at(-1)?.turn).toMatchObject({ digits: '2', speech: { words: null } });
    expect(call.recognizer.heard.map(({ signal }) => signal.aborted)).toEqual([true]);
    await ended(call);
    expect(ends(call)).toEqual(['assistant played', 'caller digits-complete', 'assistant played']);
  });

  it('when it thaws after the caller has gone on, then the agent is not asked about half an answer', async () => {
    const call = new PhoneCall({ script: [COLOUR], recognitionMs: 3000 });
    await call.wait(1500);
    await call.speak(500);
    await call.wait(900);
    await call.speak(500);
    await call.wait(3000);
    expect(told(call)).toEqual(['arrived']);
    await ended(call);
    expect(told(call)).toEqual(['arrived', 'answered']);
  });

  it('when the caller speaks and speaks, then no more is asked or kept than of one answer', async () => {
    const call = await frozen();
    for (let again = 0; again < 8; again += 1) {
      await call.speak(600);
      await call.wait(1000);
    }
    expect(call.recognizer.heard.filter(({ signal }) => !signal.aborted)).toHaveLength(1);
    expect(Math.max(...call.recognizer.heard.map(({ ms }) => ms))).toBeLessThan(30_000);
    await ended(call);
  });

  it('when the time for thinking is over, then the call ends with an excuse', async () => {
    const call = await frozen();
    await ended(call);
    expect(call.counted).toEqual(['agent-failed']);
    expect(call.turns.at(-1)).toMatchObject({ text: 'Sorry', endedBy: 'played' });
    expect(ends(call)).toEqual(['assistant played', 'caller end-silence', 'assistant played']);
  });
});

describe('given a synthesizer that takes 5 s', () => {
  it('when audio and keys come meanwhile, then they are listened to at once', async () => {
    const call = new PhoneCall({ script: [COLOUR], synthesisMs: 5000 });
    await call.wait(1000);
    call.press('3');
    expect(call.counted).toEqual(['withdrawn']);
    for (let frame = 0; frame < 200; frame += 1) call.conversation.heard(silence(20));
    expect(call.detector.frames).toBe(250);
    await call.wait(5100);
    expect(call.agent.asked.at(-1)).toMatchObject({ memory: [], turn: { digits: '3' } });
    expect(done(call)).toEqual(['play', 'mark']);
    await ended(call);
  });

  it('when the caller goes on, then the reply that was being made has never happened', async () => {
    const call = new PhoneCall({ script: [COLOUR, asks('And which number')], synthesisMs: 5000 });
    await call.wait(6500);
    await call.speak(400);
    await call.wait(3000);
    await call.speak(400);
    await call.wait(1000);
    expect(call.agent.asked.map(({ memory }) => memory.length)).toEqual([0, 1, 1]);
    await call.wait(5000);
    expect(call.turns.map(({ text }) => text)).toEqual(['Which colour do you like', 'some words']);
    expect(call.turns[1]).toMatchObject({ speechMs: 800 });
    await ended(call);
  });
});

describe('given an agent that remembers', () => {
  it('when its reply has begun to play, and not before, then it remembers it', async () => {
    const call = new PhoneCall({ script: [COLOUR, asks('And which number', {}, { afterMs: 2000 })] });
    await call.wait(1500);
    call.press('1');
    await call.wait(1000);
    call.press('2');
    await call.wait(3500);
    call.press('3');
    await call.wait(500);
    expect(call.agent.asked.map(({ memory }) => memory.length)).toEqual([0, 1, 1, 2]);
    expect(call.agent.asked.map(({ context: { signal } }) => signal.aborted)).toEqual([
      false,
      true,
      false,
      false,
    ]);
    expect(call.counted).toEqual(['withdrawn']);
    // nobody makes audio of what is not wanted any more
    expect(call.synthesizer.asked.filter((text) => text === 'And which number')).toHaveLength(1);
    await ended(call);
  });

  it('when its reply is cut off in the middle, then it has happened all the same', async () => {
    const call = new PhoneCall({ script: [COLOUR] });
    await call.wait(500);
    call.press('1');
    await call.wait(100);
    expect(call.agent.asked[1]).toMatchObject({
      memory: ['Which colour do you like'],
      turn: { digits: '1', interrupted: { heardMs: 500, lengthMs: 1000, heardText: 'Which colour' } },
    });
    await ended(call);
  });
});

describe('given an agent that fails', () => {
  it('when it throws, then the caller hears an excuse, and the call ends', async () => {
    const call = new PhoneCall({ script: [{ ...COLOUR, fails: true }] });
    await ended(call);
    expect(call.faults).toEqual([new Error('the agent has failed')]);
    expect(call.turns).toMatchObject([{ text: 'Sorry', endedBy: 'played' }]);
    expect(done(call)).toEqual(['play', 'mark', 'hang-up']);
  });

  it('when nothing can be said at all, then the call ends in silence', async () => {
    const call = new PhoneCall({ script: [COLOUR], unsayable: 'o' });
    await ended(call);
    expect(call.faults).toHaveLength(2);
    expect(done(call)).toEqual(['hang-up']);
  });

  it('when its reply makes no sense, then that counts as none, and the call ends with an excuse', async () => {
    const call = new PhoneCall({ script: [{ say: [], then: undefined as never }] });
    await ended(call);
    expect(call.faults.length).toBeGreaterThan(0);
    expect(call.turns).toMatchObject([{ text: 'Sorry' }]);
  });

  it('when it goes on and on and says nothing, then the call ends with an excuse', async () => {
    const call = new PhoneCall({ script: () => ({ say: [], then: { kind: 'go-on' } }) });
    await ended(call);
    expect(call.counted).toEqual(['agent-failed']);
    expect(call.turns).toMatchObject([{ text: 'Sorry' }]);
  });
});

describe('given somebody who is told of turns and throws', () => {
  it('when a turn is recorded, then the call goes on, and the fault is told of', async () => {
    const call = new PhoneCall({ script: [COLOUR] });
    call.turns.push = () => {
      throw new Error('the record is full');
    };
    await ended(call);
    expect(call.faults).toHaveLength(3);
    expect(told(call)).toEqual(['arrived', 'silent']);
  });
});

describe('given a line that is closed', () => {
  it.each([
    ['the agent thinks', { script: [{ ...COLOUR, afterMs: 3000 }] }, 500],
    ['audio is made', { script: [COLOUR], synthesisMs: 3000 }, 500],
    ['a prompt is played', { script: [COLOUR] }, 500],
    ['the caller is listened to', { script: [COLOUR] }, 1500],
    ['a goodbye is played', { script: [says('Goodbye', 'hang-up')] }, 500],
  ])('when %s, then nothing is done on it any more, and no timer is left', async (_title, plan, ms) => {
    const call = new PhoneCall(plan);
    await call.wait(ms);
    call.line.close();
    expect(call.clock.timersLeft).toBe(0);
    expect(call.agent.asked[0]?.context.signal.aborted).toBe(true);
    const { length } = call.turns;
    call.conversation.heard(tone(2000, -20));
    call.press('1');
    call.conversation.played('1.1');
    call.conversation.sessionChanged(SESSION);
    call.conversation.ended();
    await ended(call);
    expect(call.turns).toHaveLength(length);
    expect(call.agent.asked).toHaveLength(1);
  });

  it('when the caller was speaking, then the turn is recorded as far as it went', async () => {
    const call = new PhoneCall({ script: [COLOUR] });
    await call.wait(1500);
    await call.speak(700);
    call.line.close();
    expect(ends(call)).toEqual(['assistant played', 'caller line-closed']);
    expect(call.turns[1]).toMatchObject({ number: 2, speechMs: 700, text: null });
    await ended(call);
  });

  it('when the words were known but the reply was not, then the turn has them', async () => {
    const call = new PhoneCall({ script: [COLOUR, asks('Why', {}, { afterMs: 5000 })], words: () => 'blue' });
    await call.wait(1500);
    await call.speak(400);
    await call.wait(1000);
    call.line.close();
    expect(call.turns[1]).toMatchObject({ text: 'blue', endedBy: 'end-silence' });
    await ended(call);
  });
});

describe('given a transfer', () => {
  it('when it was said to its end, then the caller is handed over, and nothing else happens', async () => {
    const call = new PhoneCall({ script: [says('I connect you', 'transfer')] });
    await ended(call);
    expect(done(call)).toEqual(['play', 'mark', 'transfer']);
    expect(call.line.endedAt! - call.line.actions[0]!.at).toBe(1000);
  });
});

describe('given a prompt of 10 s', () => {
  const long = { script: [COLOUR], lengthMs: () => 10_000 };
  const LINES = [
    ['20 ms', { inboundMs: 20, uncutMs: 20 }],
    ['100 ms', { inboundMs: 100, uncutMs: 100 }],
    ['100 ms in and 200 ms out', { inboundMs: 100, uncutMs: 200 }],
  ] as const;

  it.each(LINES)(
    'when the caller speaks over it on a line of %s, then silence follows within 400 ms',
    async (_t, line) => {
      const call = new PhoneCall({ ...long, ...line });
      await call.wait(3000);
      const began = call.clock.now();
      await call.speak(600);
      const [clear] = call.line.did('clear');
      expect(clear!.at + line.uncutMs - began).toBeLessThanOrEqual(400);
      expect(call.counted).toEqual(['barge-in']);
      await ended(call);
    },
  );

  it.each(LINES)('when the caller coughs on a line of %s, then it is played on', async (_title, line) => {
    const call = new PhoneCall({ ...long, ...line });
    await call.wait(3000);
    await call.hear(together(tone(40, -15), silence(960)));
    await call.wait(1000);
    expect(call.line.did('clear')).toEqual([]);
    await ended(call);
  });

  it('when a question says how short a word may be, then shorter noises do not stop it', async () => {
    const speech = { minimumMs: 300, endSilenceMs: 800, longestMs: 15_000 };
    const call = new PhoneCall({ ...long, script: [asks('Which colour do you like', { speech })] });
    await call.wait(3000);
    await call.speak(280);
    await call.wait(1000);
    expect(call.line.did('clear')).toEqual([]);
    await call.speak(320);
    expect(call.line.did('clear')).toHaveLength(1);
    await ended(call);
  });

  it.each([0, 100, 250])(
    'when its echo comes back 20 dB below and %i ms late, then it is played on',
    async (lateMs) => {
      const call = new PhoneCall({ ...long, hangoverFrames: 6 });
      for (let heard = 0; heard < 11_000; heard += 20) {
        await call.hear(louder(call.line.audible(call.clock.now() + 20 - lateMs, 20), -20));
      }
      expect(ends(call)).toEqual(['assistant played']);
      expect(call.counted).toEqual([]);
      await ended(call);
    },
  );

  it('when the caller speaks through its echo, then it is cleared', async () => {
    const call = new PhoneCall(long);
    for (let heard = 0; heard < 2000; heard += 20) {
      const echo = louder(call.line.audible(call.clock.now() - 100, 20), -20);
      await call.hear(heard < 1500 ? echo : tone(20, -22));
    }
    expect(call.counted).toEqual(['barge-in']);
    await ended(call);
  });

  it('when marks of it come back after it was cleared, then nothing is counted as played', async () => {
    const call = new PhoneCall({ ...long, givesBack: true });
    await call.wait(3000);
    await call.speak(600);
    await call.wait(5000);
    expect(ends(call).slice(0, 2)).toEqual(['assistant barge-in', 'caller end-silence']);
    await ended(call);
  });
});

describe('given a detector that lets go 120 ms late', () => {
  it.each([
    ['digital silence', silence(2000)],
    ['the low noise of a line', tone(2000, -58)],
  ])('when the caller stops in %s, then the end is told on time', async (_title, after) => {
    const call = new PhoneCall({ script: [COLOUR], hangoverFrames: 6 });
    await call.wait(1500);
    await call.speak(500);
    const stopped = call.clock.now();
    await call.hear(after);
    expect(call.agent.asked[1]!.at - stopped).toBeLessThanOrEqual(800 + 20);
    expect(call.turns[1]).toMatchObject({ speechMs: 500 });
    await ended(call);
  });
});

describe('given an answer by keys that followed words nobody waited for', () => {
  it('when the agent is told, then it hears only what belongs to the answer', async () => {
    const script = [
      asks('Which colour do you like', {
        bargeIn: false,
        digits: { length: 2, finishKey: null, pauseMs: 3000 },
      }),
    ];
    const call = new PhoneCall({ script, lengthMs: () => 4000 });
    await call.wait(500);
    await call.speak(1000);
    await call.wait(3500);
    call.press('1');
    await call.speak(300);
    await call.wait(1000);
    call.press('2');
    await call.wait(100);
    const turn = call.agent.asked[1]?.turn;
    const pcm = turn?.kind === 'answered' ? turn.speech?.pcm.length : 0;
    expect(pcm).toBe((300 + 2 * 200) * 8);
    await ended(call);
  });
});
