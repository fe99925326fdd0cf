import { Scenario } from './model/scenario';

const CODE = { length: 4, finishKey: '#', pauseMs: 2000 };

/** A question that was heard at 1000. */
const listening = (question = {}) => {
  const call = new Scenario().asks(question).wait(1000).mark('1.1');
  call.heard();
  return call;
};

describe('given a caller who speaks', () => {
  it('when nobody tells of the end, then the answer is taken when it is longer than any may be', () => {
    const call = listening().begin(160);
    expect(call.wait(16_799).heard()).toEqual([]);
    expect(call.wait(1).heard()).toEqual(['ask 2 answered']);
    expect(call.told.at(-1)).toMatchObject({ endedBy: 'too-long', speechMs: 16_960 });
  });

  it('when nobody has told of the end, then the next question is listened to as any other', () => {
    const call = listening().begin(160).wait(16_800).asks().wait(1000).mark('2.1');
    call.heard();
    expect(call.wait(5000).heard()).toContain('ask 3 silent');
  });

  it('when a key is pressed, then keys are the answer, and it ends with them', () => {
    const call = listening({ digits: CODE }).begin().wait(300).press('1').wait(900).end(500);
    expect(call.heard()).toEqual([]);
    expect(call.wait(1100).heard()).toEqual(['ask 2 answered']);
    expect(call.told.at(-1)).toMatchObject({ digits: '1', speechMs: 500, endedBy: 'digits-paused' });
  });

  it('when something comes that is no key, then the words stay the answer', () => {
    const call = listening({ digits: CODE }).begin().press('x').wait(900).end(500);
    expect(call.told.at(-1)).toMatchObject({ digits: null, speechMs: 500, endedBy: 'end-silence' });
  });
});

describe('given a caller who presses keys', () => {
  it('when as many as were asked for have come, then the answer is complete', () => {
    const call = listening({ digits: CODE }).press('1').wait(1500).press('2', '3').wait(1999).press('4');
    expect(call.heard()).toEqual(['ask 2 answered']);
    expect(call.told.at(-1)).toMatchObject({
      ...{ startedAt: 1000, endedAt: 4499, endedBy: 'digits-complete' },
      ...{ digits: '1234', speechMs: null },
    });
  });

  it('when the finish key comes, then the answer is complete without it', () => {
    expect(listening({ digits: CODE }).press('1', '2', '#').told.at(-1)).toMatchObject({ digits: '12' });
  });

  it('when no further one comes, then the answer is complete after the pause', () => {
    const call = listening({ digits: CODE }).press('1', '2');
    expect(call.wait(1999).heard()).toEqual([]);
    expect(call.wait(1).told.at(-1)).toMatchObject({ digits: '12', endedBy: 'digits-paused' });
  });

  it('when a noise begins and ends meanwhile, then the keys are still waited for', () => {
    const call = listening({ digits: CODE }).press('1').begin().wait(500).end(200).press('2');
    expect(call.heard()).toEqual([]);
    expect(call.wait(2000).told.at(-1)).toMatchObject({ digits: '12' });
  });

  it('when no keys were asked for, then one is an answer by itself', () => {
    expect(listening().press('5').told.at(-1)).toMatchObject({ digits: '5', endedBy: 'digits-complete' });
  });

  it('when they come slower than one may speak, then they are waited for all the same', () => {
    const call = listening({ digits: { length: 10, finishKey: null, pauseMs: 9000 } });
    [...'12345'].forEach((key) => call.press(key).wait(8000));
    expect(call.heard()).toEqual([]);
    expect(call.wait(1000).told.at(-1)).toMatchObject({ digits: '12345', endedBy: 'digits-paused' });
  });
});
