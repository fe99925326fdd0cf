import { parseDialogue } from './parse-dialogue';
import { answered, pressed, Rehearsal, sessionOf, silence, spoken } from './rehearsal';

const read = (text: string) => parseDialogue(text, 'dialogue.yaml');

const ORDER = read(`
language: en
start: greeting
unknown: stranger
known: found
steps:
  greeting:
    say: ['Hello {{customer.fullName}}.', Hello.]
    goto: menu
  stranger:
    say: Hello, whoever you are.
    goto: menu
  found:
    say: 'There you are, {{customer.fullName|dear customer}}.'
    goto: menu
  menu:
    say: Have you got an order?
    ask:
      answers:
        - {digit: '1', words: [yes, really], goto: number}
        - {digit: '2', words: [no, not really], goto: bye}
        - {digit: '0', words: [a person], goto: person}
      noInput: Hello?
      noMatch: Press 1 or 2.
      attempts: 2
      otherwise: bye
  number:
    say: Its number?
    ask:
      answers:
        - {digits: {length: 6, minimum: 4, finishKey: '#'}, store: order, goto: wish}
        - {digit: '0', goto: person}
      otherwise: bye
  wish:
    say: 'Order {{answers.order|of yours}}. What do you want?'
    ask:
      answers: [{anything: true, store: wish, goto: read-back}]
      otherwise: bye
  read-back:
    say: ['You want {{answers.wish}}.', I have noted it.]
    goto: bye
  person:
    say: One moment.
    transfer: true
  bye:
    say: Bye.
    hangup: true
`);

const asha = sessionOf({ fullName: 'Asha Rao' });

describe('the beginning of a call', () => {
  it('folds steps without a question into one reply, up to the question', () => {
    const call = new Rehearsal(ORDER, asha);
    expect(call.reply.say).toEqual([
      { text: 'Hello Asha Rao.', language: 'en' },
      { text: 'Have you got an order?', language: 'en' },
    ]);
    expect(call.reply).toMatchObject({
      step: 'menu',
      then: { kind: 'ask', question: { digits: { length: 1 } } },
    });
  });

  it.each([
    ['whose name is not known', sessionOf({}), 'Hello.'],
    ['whose name is no name', sessionOf({ fullName: ' - ' }), 'Hello.'],
    ['whom nobody knows', sessionOf(null, { announcedAt: null }), 'Hello, whoever you are.'],
    [
      'whose name looks like a placeholder',
      sessionOf({ fullName: '{{answers.order}}' }),
      'Hello answers.order.',
    ],
  ])('greets a caller %s', (_, session, greeting) => {
    expect(new Rehearsal(ORDER, session).text).toBe(`${greeting} Have you got an order?`);
  });
});

describe('an answer', () => {
  it.each([
    ['a key', pressed('1'), 'number'],
    ['a word', spoken('Yes, please'), 'number'],
    ['a word that others contain', spoken('not really'), 'bye'],
    ['a number that the recogniser wrote', spoken('2.'), 'bye'],
    ['a key while something was said', answered({ digits: '1', words: 'no' }), 'number'],
    [
      'a key that interrupted',
      { ...pressed('1'), interrupted: { heardMs: 1, lengthMs: 9, heardText: 'He' } },
      'number',
    ],
  ])('is taken: %s', (_, turn, step) => {
    const call = new Rehearsal(ORDER, asha);
    call.take(turn);
    expect(call.reply.step).toBe(step);
  });

  it.each([
    ['another key', pressed('7')],
    ['another key, whatever is said with it', answered({ digits: '7', words: 'yes' })],
    ['the finish key alone', pressed('')],
    ['other words', spoken('I know')],
    ['no words, since no recogniser is configured', spoken(null)],
    ['a cough that was recognised as a dot', spoken('.')],
  ])('is asked for again after %s', (_, turn) => {
    const call = new Rehearsal(ORDER, asha);
    expect(call.take(turn)).toBe('Press 1 or 2. Have you got an order?');
    expect(call.reply.step).toBe('menu');
  });

  it('is asked for so often, then the call goes on otherwise', () => {
    const call = new Rehearsal(ORDER, asha);
    expect(call.take(silence)).toBe('Hello? Have you got an order?');
    expect(call.take(spoken('hm'))).toBe('Bye.');
    expect(call.reply.then).toEqual({ kind: 'hang-up' });
  });

  it('of several keys is kept and can be said, digit by digit', () => {
    const call = new Rehearsal(ORDER, asha);
    call.take(pressed('1'));
    expect(call.reply.then).toMatchObject({
      question: { digits: { length: 6, finishKey: '#', pauseMs: 2500 } },
    });
    expect(call.take(pressed('123'))).toBe('Its number?');
    expect(call.take(pressed('1234'))).toBe('Order 1 2 3 4. What do you want?');
    expect(call.take(spoken('my money, {{now}}'))).toBe('You want my money, now. Bye.');
  });

  it('of one key is taken where several are awaited', () => {
    const call = new Rehearsal(ORDER, asha);
    call.take(pressed('1'));
    call.take(pressed('0'));
    expect(call.reply).toMatchObject({ step: 'person', then: { kind: 'transfer' } });
  });

  it('counts without words where anything does', () => {
    const call = new Rehearsal(ORDER, asha);
    call.take(pressed('1'));
    call.take(spoken('1 2 3 4'));
    expect(call.take(spoken(null))).toBe('I have noted it. Bye.');
  });

  it('without words leads where `speech` says, and one with words does not', () => {
    const dialogue = read(`
language: en
start: a
steps:
  a:
    say: Yes?
    ask: {answers: [{digit: '1', words: [yes], goto: b}], speech: c, otherwise: c}
  b: {say: B., hangup: true}
  c: {say: C., hangup: true}
`);
    expect(new Rehearsal(dialogue, asha).take(spoken(null))).toBe('C.');
    expect(new Rehearsal(dialogue, asha).take(spoken('maybe'))).toBe('Yes?');
  });
});

describe('after the end', () => {
  it('nothing more is said', () => {
    const call = new Rehearsal(ORDER, asha);
    call.take(pressed('0'));
    expect(call.take(spoken('hello?'))).toBe('');
    expect(call.reply.then).toEqual({ kind: 'transfer' });
  });
});

describe('data that comes late', () => {
  it('leads to `known`, whatever the caller did, and only once', () => {
    const call = new Rehearsal(ORDER, sessionOf(null));
    call.session = asha;
    expect(call.take(pressed('1'))).toBe('There you are, Asha Rao. Have you got an order?');
    expect(call.take(pressed('1'))).toBe('Its number?');
  });

  it.each([
    ['a person', '0', { kind: 'transfer' }],
    ['the end', '2', { kind: 'hang-up' }],
  ])('does not keep a caller who asked for %s', (_, key, then) => {
    const call = new Rehearsal(ORDER, sessionOf(null));
    call.session = asha;
    call.take(pressed(key));
    expect(call.reply.then).toEqual(then);
  });

  it('is used in the next texts', () => {
    const call = new Rehearsal(
      read(`
language: en
start: a
steps:
  a:
    say: '{{customer.fullName|Friend}}, yes?'
    ask: {answers: [{digit: 1, goto: b}], otherwise: b}
  b: {hangup: true}
`),
      sessionOf(null),
    );
    expect(call.text).toBe('Friend, yes?');
    call.session = asha;
    expect(call.take(silence)).toBe('Asha Rao, yes?');
  });
});

describe('languages', () => {
  const TWO = read(`
language: en-IN
start: a
steps:
  a:
    say: {en-IN: 'Yes?', hi: हाँ?}
    ask:
      answers: [{digit: '1', words: {en-IN: [yes], hi: [हाँ]}, goto: b}]
      noMatch: {en-IN: What?, hi: क्या?}
      otherwise: b
  b: {say: {en-IN: Bye., hi: नमस्ते।}, hangup: true}
`);
  const speaking = (language: string | null) => sessionOf({ language });

  it.each([
    ['hi', 'हाँ?', 'hi'],
    ['hi_in', 'हाँ?', 'hi'],
    ['en', 'Yes?', 'en-IN'],
    ['ta', 'Yes?', 'en-IN'],
    ['?', 'Yes?', 'en-IN'],
    [null, 'Yes?', 'en-IN'],
  ])('a caller whose language is %j hears %s', (language, text, tag) => {
    expect(new Rehearsal(TWO, speaking(language)).reply.say).toEqual([{ text, language: tag }]);
  });

  it('are left out where there is no voice for them', () => {
    const call = new Rehearsal(TWO, speaking('hi'), (tag) => tag.startsWith('en'));
    expect(call.text).toBe('Yes?');
    expect(call.take(spoken('yes'))).toBe('Bye.');
  });

  it('change with the next turn, which still answers what was asked before', () => {
    const call = new Rehearsal(TWO, speaking(null));
    call.session = speaking('hi');
    expect(call.take(spoken('hm'))).toBe('क्या? हाँ?');
    expect(new Rehearsal(TWO, speaking('hi')).take(spoken('हाँ जी'))).toBe('नमस्ते।');
    const other = new Rehearsal(TWO, speaking(null));
    other.session = speaking('hi');
    expect(other.take(spoken('yes'))).toBe('नमस्ते।');
  });

  it('have their words to be prepared, for all callers or for one', () => {
    const texts = (language?: string) =>
      TWO.utterances(language ? speaking(language) : undefined).map(({ text }) => text);
    expect(texts()).toEqual(['Yes?', 'हाँ?', 'What?', 'क्या?', 'Bye.', 'नमस्ते।']);
    expect(texts('hi')).toEqual(['हाँ?', 'क्या?', 'नमस्ते।']);
    expect(ORDER.utterances(asha).map(({ text }) => text)).toContain('Hello Asha Rao.');
    expect(ORDER.utterances().map(({ text }) => text)).not.toContain('Hello Asha Rao.');
  });
});
