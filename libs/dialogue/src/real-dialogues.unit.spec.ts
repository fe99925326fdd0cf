import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { parseDialogue } from './parse-dialogue';
import { answered, pressed, Rehearsal, sessionOf, silence, spoken } from './rehearsal';

const read = (name: string) =>
  parseDialogue(readFileSync(join(__dirname, '../../../dialogues', name), 'utf8'), name);

describe('the welcome', () => {
  const WELCOME = read('welcome.yaml');
  const asha = sessionOf({ fullName: 'Asha Rao' });

  it('greets by name, hears without a recogniser, and connects by a key', () => {
    const call = new Rehearsal(WELCOME, asha);
    expect(call.text).toMatch(/^Hello Asha Rao\. .*say something/);
    expect(call.take(spoken(null))).toMatch(/^Good, I can hear you too\. .*press 1/);
    expect(call.take(pressed('1'))).toContain('connecting');
    expect(call.reply.then).toEqual({ kind: 'transfer' });
  });

  it('says goodbye to those who want nobody, by words', () => {
    const call = new Rehearsal(WELCOME, sessionOf({}));
    expect(call.text).toMatch(/^Hello\. This/);
    call.take(spoken('hello'));
    expect(call.take(spoken('Not really, thanks'))).toContain('Goodbye');
    expect(call.reply.then).toEqual({ kind: 'hang-up' });
  });

  it('leads to the keys who cannot be understood', () => {
    const call = new Rehearsal(WELCOME, asha);
    call.take(spoken(null));
    expect(call.take(spoken(null))).toMatch(/keys of your phone.*press 1/);
  });

  it('may be interrupted, and asks again who stays silent, three times', () => {
    const call = new Rehearsal(WELCOME, asha);
    expect(call.reply.then).toMatchObject({ question: { bargeIn: true } });
    expect(call.take(silence)).toMatch(/^I did not hear anything\..*say something/);
    call.take(silence);
    expect(call.take(silence)).toContain('call us again');
  });

  it('talks to strangers, and greets them when their data comes', () => {
    const call = new Rehearsal(WELCOME, sessionOf(null));
    expect(call.text).toContain('do not know your number');
    call.session = asha;
    expect(call.take(spoken(null))).toMatch(/^Thank you for your patience, Asha Rao\./);
  });
});

describe('the reminder of a payment', () => {
  const REMINDER = read('payment-reminder.yaml');
  const attributes = { amount: '4,999 rupees', dueDate: 'the 5th of May', lender: 'Acme Finance' };
  const asha = sessionOf({ fullName: 'Asha Rao', attributes });

  it('tells the whole of it to whoever confirms, and connects', () => {
    const call = new Rehearsal(REMINDER, asha);
    expect(call.text).toContain('Am I speaking with Asha Rao?');
    expect(call.take(spoken("Yes, that's me."))).toContain(
      'Your payment of 4,999 rupees to Acme Finance is due on the 5th of May.',
    );
    call.take(spoken('yes'));
    expect(call.reply.then).toEqual({ kind: 'transfer' });
  });

  it.each([
    [{}, 'A payment to us is due soon.'],
    [{ amount: '5 rupees' }, 'Your payment of 5 rupees to us is due soon.'],
    [{ dueDate: 'Monday', lender: 'Acme' }, 'A payment to Acme is due on Monday.'],
  ])('does without what is not known: %j', (known, text) => {
    const call = new Rehearsal(REMINDER, sessionOf({ attributes: known }));
    expect(call.text).toContain('the owner of this phone?');
    expect(call.take(pressed('1'))).toContain(text);
  });

  it('speaks Hindi with those who do', () => {
    const call = new Rehearsal(
      REMINDER,
      sessionOf({ language: 'hi-IN', attributes: { amount: '४,९९९ रुपये' } }),
    );
    expect(call.take(spoken('जी हाँ'))).toContain('४,९९९ रुपये का भुगतान');
    expect(call.take(spoken('नहीं, धन्यवाद'))).toBe('धन्यवाद। नमस्ते।');
  });

  it.each([
    ['the wrong person', asha, [spoken('No, wrong number')], 'sorry for the disturbance'],
    ['nobody who is known', sessionOf(null), [], 'sorry for the disturbance'],
    ['nobody who answers', asha, [silence, silence, spoken(null)], 'did not get your answer'],
  ])('apologizes to %s and hangs up', (_, session, turns, text) => {
    const call = new Rehearsal(REMINDER, session);
    turns.forEach((turn) => call.take(turn));
    expect(call.text).toContain(text);
    expect(call.reply.then).toEqual({ kind: 'hang-up' });
  });

  it('says nothing personal before somebody has confirmed', () => {
    const SECRETS = /4,999|5th of May|Acme|रुपये|due/;
    const confirms = fc.constantFrom(
      pressed('1'),
      spoken('yes'),
      spoken('yes I am'),
      answered({ digits: '1', words: 'no' }),
    );
    const doesNot = fc.constantFrom(
      ...[
        'no',
        'yeah, no',
        'who is speaking?',
        'hello?',
        'yesterday',
        'I know',
        'one moment',
        'not me',
        '',
      ].map(spoken),
      ...['2', '9', '11', '', '*'].map(pressed),
      ...[spoken(null), silence, answered({ digits: '2', words: 'yes' }), { kind: 'heard' } as const],
    );
    const late = fc.option(fc.nat(4));
    fc.assert(
      fc.property(fc.array(doesNot, { maxLength: 6 }), confirms, late, (before, confirmation, knownAt) => {
        const call = new Rehearsal(REMINDER, knownAt === null ? asha : sessionOf(null));
        before.forEach((turn, index) => {
          expect(call.text).not.toMatch(SECRETS);
          if (index === knownAt) call.session = asha;
          call.take(turn);
        });
        expect(call.text).not.toMatch(SECRETS);
        const asked = call.reply.step === 'who';
        expect(SECRETS.test(call.take(confirmation))).toBe(asked);
      }),
    );
  });
});
