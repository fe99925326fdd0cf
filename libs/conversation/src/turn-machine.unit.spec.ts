import { type Then } from './agent';
import { Scenario } from './model/scenario';
import { type TurnLimits } from './turn-state';

const BYE: Then = { kind: 'hang-up' };
const ON: Then = { kind: 'go-on' };
const CUT = 'record assistant line-closed';
const CODE = { length: 4, finishKey: '#', pauseMs: 2000 };

const quiet = (call: Scenario): Scenario => {
  call.heard();
  return call;
};

/** A call whose first question, of 1000 ms, is being played since then. */
const asked = (question = {}, limits: Partial<TurnLimits> = {}) => quiet(new Scenario(limits).asks(question));

/** Its question has been heard to its end. */
const listening = (question = {}, limits: Partial<TurnLimits> = {}) =>
  quiet(asked(question, limits).wait(1000).mark('1.1'));

/** The caller has answered it, and the agent thinks. */
const answered = (question = {}, limits: Partial<TurnLimits> = {}) =>
  quiet(listening(question, limits).wait(500).begin().wait(1500).end());

describe('given a call that begins', () => {
  it('when nothing has happened yet, then the agent is asked to speak first', () => {
    const call = new Scenario();
    expect(call.state.is).toBe('thinking');
    expect(call.heard()).toEqual(['ask 1 arrived']);
  });

  it('when question and answer follow each other, then each is recorded with its own times', () => {
    const call = new Scenario().wait(300).asks({}, [1000, 500]);
    call.wait(1000).mark('1.1').wait(500).mark('1.2');
    call.wait(700).begin(200).wait(1400).end(800);
    call.wait(100).reply(BYE).wait(1000).mark('2.1').close();
    expect(call.heard()).toEqual([
      ...['ask 1 arrived', 'play 1', 'record assistant played', 'ask 2 answered'],
      ...['record caller end-silence', 'play 2', 'record assistant played', 'hang up finished'],
    ]);
    expect(call.turns).toMatchObject([
      { who: 'assistant', startedAt: 300, endedAt: 1800, lengthMs: 1500, heardMs: 1500, step: 'step-1' },
      { who: 'caller', startedAt: 2300, endedAt: 3900, speechMs: 800, step: 'step-1' },
      { who: 'assistant', startedAt: 4000, endedAt: 5000, step: 'step-2' },
    ]);
    expect(call.turns[0]).toMatchObject({ heardText: 'utterance 1 of 1 utterance 2 of 1' });
  });
});

describe('given a question that was heard', () => {
  it('when the caller says nothing, then silence is told after its time, counted from the last mark', () => {
    const call = listening({ noInputMs: 5000 });
    expect(call.wait(4999).heard()).toEqual([]);
    expect(call.wait(1).heard()).toEqual(['count no-input', 'record caller no-input', 'ask 2 silent']);
    expect(call.turns[1]).toMatchObject({ startedAt: 1000, endedAt: 6000, speechMs: null, digits: null });
  });

  it('when questions stay without an answer again and again, then the call is ended', () => {
    const call = new Scenario({ unanswered: 2 });
    for (const id of [1, 2, 3]) {
      call.asks().wait(1000).mark(`${id}.1`).heard();
      call.wait(5000);
    }
    expect(call.heard()).toEqual([
      ...['count no-input', 'record caller no-input'],
      ...['count nobody-answers', 'hang up nobody-answers'],
    ]);
    expect(call.state.is).toBe('leaving');
  });

  it('when the caller answers one of them, then the silent ones are counted anew', () => {
    const call = listening({}, { unanswered: 1 }).wait(5000).asks().wait(1000).mark('2.1');
    call.begin().wait(1000).end().asks().wait(1000).mark('3.1').heard();
    expect(call.wait(5000).heard()).toContain('ask 4 silent');
  });

  it('when the caller begins at the last moment, then it is an answer', () => {
    const call = listening().wait(4999).begin().wait(3000);
    expect(call.heard()).toEqual([]);
    expect(call.end(2000).told.at(-1)).toMatchObject({ kind: 'answered', startedAt: 5839, speechMs: 2000 });
  });

  it('when its last mark comes once more, then nothing happens', () => {
    expect(listening().wait(3000).mark('1.1').heard()).toEqual([]);
    expect(listening().wait(3000).mark('1.1').wait(2000).heard()).toContain('ask 2 silent');
  });
});

describe('given a prompt that may be interrupted', () => {
  it('when the caller speaks over it, then it is cleared, and what was heard of it is recorded', () => {
    const call = asked().wait(600).begin(160);
    expect(call.heard()).toEqual(['clear', 'count barge-in', 'record assistant barge-in']);
    expect(call.turns).toMatchObject([
      { startedAt: 0, endedAt: 600, lengthMs: 1000, heardMs: 600, heardText: 'utterance' },
    ]);
    call.wait(900).end(700);
    const interrupted = { heardMs: 600, lengthMs: 1000, heardText: 'utterance' };
    expect(call.told.at(-1)).toMatchObject({ startedAt: 440, speechMs: 700, interrupted });
  });

  it('when its marks come back although it was cleared, then they change nothing', () => {
    const call = asked({}).wait(600).begin();
    call.heard();
    expect(call.mark('1.1').wait(1000).mark('1.1').end(900).heard()).toEqual(['ask 2 answered']);
    expect(call.mark('1.1').asks().mark('1.1').heard()).toEqual(['record caller end-silence', 'play 2']);
  });

  it('when a key is pressed over it, then it is cleared, and the key is the answer', () => {
    expect(asked().wait(300).press('1').heard()).toEqual([
      ...['clear', 'count barge-in', 'record assistant barge-in', 'ask 2 answered'],
    ]);
  });

  it('when a part of it was told to be played, then that part was heard for sure', () => {
    const call = new Scenario().asks({}, [1000, 1000]).wait(1500).mark('1.1').wait(100).begin(60);
    expect(call.turns[0]).toMatchObject({ heardMs: 1100, heardText: 'utterance 1 of 1' });
  });

  it('when the voice began before it did, then the turn begins with it', () => {
    const call = asked().wait(60).begin(160).wait(900).end(100);
    expect(call.told.at(-1)).toMatchObject({ startedAt: 0 });
  });

  it('when something comes that is no key, then nothing happens', () => {
    expect(asked().wait(300).press('x', '', '12').heard()).toEqual([]);
    expect(listening().press('hang up').wait(5000).heard()).toContain('record caller no-input');
  });
});

describe('given a prompt that may not be interrupted', () => {
  it('when the caller speaks and presses keys, then it is played on', () => {
    const call = asked({ bargeIn: false }).wait(200).begin().wait(500).end(300).press('1').wait(300);
    expect(call.heard()).toEqual([]);
    expect(call.mark('1.1').wait(5000).heard()).toContain('record caller no-input');
  });

  it('when the caller is still speaking at its end, then that is the answer', () => {
    const call = asked({ bargeIn: false }).wait(700).begin(100).wait(300).mark('1.1');
    expect(call.wait(1000).end(1200).heard()).toEqual(['record assistant played', 'ask 2 answered']);
    expect(call.told.at(-1)).toMatchObject({ startedAt: 600, endedBy: 'end-silence', interrupted: null });
  });
});

describe('given a prompt whose mark never comes', () => {
  it('when the margin after its estimated end has passed, then it counts as played', () => {
    const call = asked({}, { markMarginMs: 1500 });
    expect(call.wait(2499).heard()).toEqual([]);
    expect(call.wait(1).heard()).toEqual(['count mark-lost', 'record assistant mark-lost']);
    expect(call.turns[0]).toMatchObject({ heardMs: 1000, endedAt: 2500 });
    expect(call.wait(4999).heard()).toEqual([]);
    expect(call.wait(1).heard()).toContain('ask 2 silent');
  });

  it('when only the mark of an earlier part is lost, then the later one speaks for both', () => {
    const call = new Scenario().asks({}, [1000, 1000]).wait(2000).mark('1.2');
    expect(call.turns).toMatchObject([{ endedBy: 'played', heardMs: 2000 }]);
  });

  it('when it comes after all, then the time of the caller runs on', () => {
    const call = asked().wait(2500);
    call.heard();
    expect(call.wait(2000).mark('1.1').wait(3000).heard()).toContain('record caller no-input');
  });
});

describe('given a goodbye', () => {
  it.each([
    ['a goodbye', BYE, 'hang up finished'],
    ['a transfer', { kind: 'transfer' } as const, 'transfer'],
  ])(
    'when the caller speaks, presses keys, and the time is over, then %s is heard to its end',
    (_t, then, end) => {
      const call = new Scenario({ callMs: 3000 }).wait(2900).reply(then, [2000]);
      call.heard();
      expect(call.wait(500).begin().press('1').wait(1000).end().heard()).toEqual([]);
      expect(call.wait(500).mark('1.1').heard()).toEqual(['record assistant played', end]);
    },
  );

  it('when its mark is lost, then the line is closed all the same', () => {
    const call = new Scenario().reply(BYE, [2000]);
    expect(call.wait(3500).heard().at(-1)).toBe('hang up finished');
  });

  it('when it says nothing, then the line is closed at once', () => {
    expect(new Scenario().reply(BYE, []).heard()).toEqual(['ask 1 arrived', 'play 1', 'hang up finished']);
  });

  it('when it was said, then nothing more is said, whatever happens', () => {
    const call = new Scenario().reply(BYE).wait(1000).mark('1.1');
    call.heard();
    call.asks().begin().end().press('1').mark('1.1').feed({ kind: 'reply-failed', id: 1 }).wait(9_000_000);
    expect(call.heard()).toEqual([]);
    expect(call.close().state.is).toBe('closed');
    expect(call.close().asks().begin().press('1').heard()).toEqual([]);
  });
});

describe('given a reply that wants nothing of the caller', () => {
  it('when it was heard, then the agent is asked to go on', () => {
    const call = new Scenario().reply(ON).wait(1000).mark('1.1');
    expect(call.heard().slice(1)).toEqual(['play 1', 'record assistant played', 'ask 2 heard']);
  });

  it('when it says nothing either, then the agent is asked at once', () => {
    expect(new Scenario().reply(ON, []).heard()).toEqual(['ask 1 arrived', 'play 1', 'ask 2 heard']);
  });

  it('when that never ends, then the call does, with an excuse', () => {
    const call = new Scenario();
    for (let replies = 0; replies < 20; replies += 1) call.reply(ON, []);
    call.heard();
    expect(call.reply(ON, []).heard()).toEqual(['withdraw 21', 'count agent-failed', 'apologise 22']);
  });

  it('when the caller speaks over it, then it is cut off as a question is', () => {
    expect(new Scenario().reply(ON).wait(400).begin().heard()).toContain('clear');
  });
});

describe('given a reply that fails', () => {
  it('when the agent fails, then an excuse ends the call, and the answer is still recorded', () => {
    const call = answered().feed({ kind: 'reply-failed', id: 2 });
    expect(call.heard()).toEqual(['withdraw 2', 'count agent-failed', 'apologise 3']);
    call.reply(BYE).wait(1000).mark('3.1');
    expect(call.heard()).toEqual([
      ...['record caller end-silence', 'play 3', 'record assistant played', 'hang up finished'],
    ]);
  });

  it('when the agent says nothing in its time, then that is the same', () => {
    expect(answered({}, { thinkMs: 4000 }).wait(4000).heard()).toContain('apologise 3');
  });

  it('when the excuse fails as well, then the call is ended in silence', () => {
    const call = answered().feed({ kind: 'reply-failed', id: 2 }).feed({ kind: 'reply-failed', id: 3 });
    expect(call.heard().slice(-2)).toEqual(['record caller end-silence', 'hang up failed']);
  });

  it('when the caller speaks while the excuse is awaited, then it is said all the same', () => {
    const call = answered().feed({ kind: 'reply-failed', id: 2 });
    call.heard();
    expect(call.wait(500).begin().press('1').reply(BYE).heard()).toContain('play 3');
  });

  it('when an earlier question fails late, then nobody minds', () => {
    expect(answered().feed({ kind: 'reply-failed', id: 1 }).heard()).toEqual([]);
  });
});

describe('given a call that has lasted as long as calls may', () => {
  const cap = { callMs: 10_000, thinkMs: 60_000 };
  const end = ['count too-long', 'hang up too-long'];

  it.each([
    ['the agent thinks', answered({}, cap), ['record caller end-silence', ...end]],
    ['a prompt is played', quiet(new Scenario(cap).reply(ON, [60_000])), ['clear', CUT, ...end]],
    ['the caller is listened to', listening({ noInputMs: 60_000 }, cap), end],
    ['the caller speaks', listening({}, cap).wait(3000).begin(), ['record caller line-closed', ...end]],
  ])('when %s, then it is ended at once', (_title, call, effects) => {
    expect(call.wait(10_000 - call.now - 1).heard()).toEqual([]);
    expect(call.wait(1).heard()).toEqual(effects);
    expect(call.state.is).toBe('leaving');
  });
});

describe('given a line that is closed', () => {
  it.each([
    ['the agent thinks', answered(), ['record caller end-silence']],
    ['the agent thinks about silence', quiet(listening().wait(5000)), []],
    ['a prompt is played', asked().wait(600), [CUT]],
    ['a goodbye is played', quiet(new Scenario().reply(BYE).wait(600)), [CUT]],
    ['the caller is listened to', listening(), []],
    ['the caller speaks', listening().wait(900).begin(), ['record caller line-closed']],
    ['keys are pressed', listening({ digits: CODE }).press('1', '2'), ['record caller line-closed']],
    ['it was told to end', quiet(new Scenario().reply(BYE, [])), []],
  ])('when %s, then that is recorded, and nothing else happens', (_title, call, effects) => {
    expect(call.close().heard()).toEqual(effects);
    expect(call.state.is).toBe('closed');
    expect(call.wait(9_000_000).heard()).toEqual([]);
  });

  it('when a prompt was played, then so much of it was heard as there was time for', () => {
    expect(asked().wait(600).close().turns).toMatchObject([{ heardMs: 600, endedBy: 'line-closed' }]);
  });

  it('when the caller was speaking, then the turn has the speech up to there', () => {
    const call = listening().wait(900).begin(100).wait(2000).close();
    expect(call.turns.at(-1)).toMatchObject({ startedAt: 1800, endedAt: 3900, speechMs: 2100, digits: null });
  });

  it('when keys were pressed, then the turn has them', () => {
    const call = listening({ digits: CODE }).press('1', '2').close();
    expect(call.turns.at(-1)).toMatchObject({ digits: '12', speechMs: null, endedBy: 'line-closed' });
  });
});
