import { Scenario } from './model/scenario';

const CODE = { length: 4, finishKey: '#', pauseMs: 2000 };

/** The agent thinks about an answer that the caller gave in words, from 1340 to 3000. */
const answered = (question = {}) => {
  const call = new Scenario().asks(question).wait(1000).mark('1.1').wait(500).begin().wait(1500).end(700);
  call.heard();
  return call;
};

/** The caller has pressed keys after a question. */
const pressed = (digits: string, question = {}) => {
  const call = new Scenario()
    .asks(question)
    .wait(1000)
    .mark('1.1')
    .press(...digits);
  call.heard();
  return call;
};

describe('given an agent that thinks about what the caller said', () => {
  it('when the caller goes on, then the question is withdrawn, and asked again with all that was said', () => {
    const call = answered().wait(400).begin(160);
    expect(call.heard()).toEqual(['withdraw 2', 'count withdrawn']);
    expect(call.wait(1000).end(500).heard()).toEqual(['ask 3 answered']);
    expect(call.told.at(-1)).toMatchObject({ startedAt: 1340, speechMs: 1200, endedAt: 4400 });
  });

  it('when the withdrawn reply comes all the same, then it is not played', () => {
    const call = answered().begin().wait(500);
    call.heard();
    expect(call.asks().end(300).heard()).toEqual(['ask 3 answered']);
    expect(call.reply({ kind: 'hang-up' }, [1000], 2).heard()).toEqual([]);
    expect(call.asks().heard()).toEqual(['record caller end-silence', 'play 3']);
  });

  it('when the caller has gone on again and again, then the answer is taken at last', () => {
    const call = answered({ speech: { minimumMs: null, endSilenceMs: 800, longestMs: 6000 } });
    call.wait(500).begin().wait(1500).end(700).wait(500).begin().wait(1500).end(700);
    call.heard();
    expect(call.wait(500).begin().heard()).toEqual([]);
    expect(call.asks().heard()).toEqual(['record caller end-silence', 'play 4']);
  });

  it('when that was as long as one may speak, then it is not taken back by voice, though by key', () => {
    const call = new Scenario().asks().wait(1000).mark('1.1').begin().wait(15_000).end(15_000, 'too-long');
    call.heard();
    expect(call.wait(160).begin().heard()).toEqual([]);
    expect(call.press('1').heard()).toEqual(['withdraw 2', 'count withdrawn', 'ask 3 answered']);
    expect(call.asks().heard()).toEqual(['record caller digits-complete', 'play 3']);
  });

  it('when the caller still speaks after the next question, then that is an answer to it, and to nothing before', () => {
    const call = new Scenario().asks().wait(1000).mark('1.1').begin().wait(15_000).end(15_000, 'too-long');
    call.wait(160).begin().wait(100).asks().wait(1000).mark('2.1').wait(800).end(2000);
    expect(call.told.at(-1)).toMatchObject({ startedAt: 16_260, endedBy: 'end-silence' });
  });

  it('when a key is pressed, then the answer is that key, and the words go with it', () => {
    const call = answered().wait(200).press('2');
    expect(call.heard()).toEqual(['withdraw 2', 'count withdrawn', 'ask 3 answered']);
    expect(call.told.at(-1)).toMatchObject({ startedAt: 1340, digits: '2', speechMs: 700 });
  });
});

describe('given an agent that has not said anything yet', () => {
  it('when the caller speaks first, then the agent is asked about that instead', () => {
    const call = new Scenario().wait(100).begin(160);
    expect(call.heard()).toEqual(['ask 1 arrived', 'withdraw 1', 'count withdrawn']);
    expect(call.wait(1000).end(300).heard()).toEqual(['ask 2 answered']);
    expect(call.told.at(-1)).toMatchObject({ startedAt: -60 });
  });
});

describe('given an agent that thinks about the silence of the caller', () => {
  it('when the caller speaks after all, then the agent is asked about that instead', () => {
    const call = new Scenario().asks().wait(1000).mark('1.1').wait(5000);
    call.heard();
    expect(call.wait(100).begin(160).heard()).toEqual(['withdraw 2', 'count withdrawn']);
    // the silence is on record until then
    expect(call.wait(900).end(100).told.at(-1)).toMatchObject({ kind: 'answered', startedAt: 6000 });
  });
});

describe('given an agent that thinks about keys', () => {
  it('when the same key is pressed twice, then it counts once', () => {
    expect(pressed('1').wait(200).press('1').told.at(-1)).toMatchObject({ digits: '1' });
  });

  it('when another key is pressed, then that is the answer', () => {
    const call = pressed('1').wait(200).press('2');
    expect(call.heard()).toEqual(['withdraw 2', 'count withdrawn', 'ask 3 answered']);
    expect(call.told.at(-1)).toMatchObject({ digits: '2', startedAt: 1000 });
  });

  it('when the caller says something, then the keys stay the answer', () => {
    const call = pressed('1').wait(200).begin().wait(1000).end(400);
    expect(call.told.at(-1)).toMatchObject({ digits: '1', speechMs: 400 });
  });

  it('when something comes that is no key, then nothing happens', () => {
    expect(pressed('1').press('x', '').heard()).toEqual([]);
  });

  it('when the finish key follows a code that was complete without it, then the code stays the answer', () => {
    const call = pressed('1234', { digits: CODE }).wait(300).press('#');
    expect(call.heard()).toEqual([]);
    expect(call.told.at(-1)).toMatchObject({ digits: '1234' });
  });

  it('when it follows so late that the next prompt is played already, then that is not interrupted', () => {
    const call = pressed('1234', { digits: CODE }).wait(50).asks();
    call.heard();
    expect(call.wait(300).press('#').heard()).toEqual([]);
    expect(call.press('#').heard()).toContain('clear');
  });

  it('when it comes much later, then it is a key as any other', () => {
    const call = pressed('1234', { digits: CODE }).wait(50).asks().wait(2000);
    call.heard();
    expect(call.press('#').heard()).toContain('clear');
  });

  it('when the code was ended by it, then a second one is a key as any other', () => {
    expect(pressed('12#', { digits: CODE }).wait(300).press('#').heard()).toContain('withdraw 2');
  });
});
