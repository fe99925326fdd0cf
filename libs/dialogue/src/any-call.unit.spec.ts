import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Session } from '@greenroom/contracts';
import { type CallerTurn } from '@greenroom/conversation';
import * as fc from 'fast-check';
import { type Dialogue } from './dialogue';
import { DialogueError } from './dialogue-error';
import { parseDialogue } from './parse-dialogue';
import { answered, Rehearsal, sessionOf, silence } from './rehearsal';

const file = (name: string) => join(__dirname, '../../../dialogues', name);
const REAL = ['welcome.yaml', 'payment-reminder.yaml'].map((name) =>
  parseDialogue(readFileSync(file(name), 'utf8'), name),
);

/** Whatever a provider or a CRM may write: any UTF-16, and what could do harm. */
const anyText = fc.oneof(
  fc.uint16Array({ maxLength: 12 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('{{', '}}', '{{customer.phone}}', '  ', '', 'Asha Rao', '1234', '__proto__', ' \u0000 '),
);
const attributes = fc.dictionary(fc.constantFrom('amount', 'dueDate', 'lender', 'x'), anyText);
const anySession: fc.Arbitrary<Session> = fc
  .record({
    known: fc.boolean(),
    fullName: fc.option(anyText),
    language: fc.option(fc.oneof(anyText, fc.constantFrom('en', 'hi', 'hi-IN', 'ta'))),
    attributes,
    from: fc.option(anyText),
  })
  .map(({ known, from, ...customer }) =>
    sessionOf(known ? customer : null, { from, attributes: customer.attributes }),
  );

const words = fc.oneof(anyText, fc.constantFrom('yes', 'no', 'हाँ', 'again', 'not really'), fc.constant(null));
const anyTurn: fc.Arbitrary<CallerTurn> = fc.oneof(
  fc.constant(silence),
  fc.constant({ kind: 'heard' } as const),
  fc.constantFrom('1', '2', '9', '', '123', '#').map((digits) => answered({ digits })),
  words.map((said) => answered({ words: said })),
  words.map((said) => answered({ words: said, digits: '2' })),
);
const anyDialogue = fc.constantFrom(...REAL);

interface RandomStep {
  kind: 'ask' | 'goto' | 'hangup';
  to: number;
  other: number;
}

const anySteps: fc.Arbitrary<RandomStep[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('ask', 'ask', 'goto', 'hangup', 'hangup'),
    to: fc.nat(3),
    other: fc.nat(3),
  }),
  { minLength: 4, maxLength: 4 },
);

/** Its first step leads everywhere, so nothing but a circle can be wrong with it. */
function written(steps: readonly RandomStep[]): string {
  const everywhere = steps.map((_, index) => `{digit: ${index}, goto: s${index}}`).join(', ');
  const rest = steps.map(({ kind, to, other }, index) => {
    const asks = `ask: {answers: [{digit: 7, goto: s${to}}], otherwise: s${other}, attempts: ${to + 1}}`;
    const ends = { ask: asks, goto: `goto: s${to}`, hangup: 'hangup: true' };
    return `  s${index}: {say: S${index}., ${ends[kind]}}`;
  });
  const first = `  s: {say: S., ask: {answers: [${everywhere}], otherwise: s0}}`;
  return ['language: en', 'start: s', 'steps:', first, ...rest].join('\n');
}

/** Does silence lead to an end from everywhere? There are only so many steps. */
const comesToAnEnd = (steps: readonly RandomStep[]): boolean =>
  steps.every((first) => {
    let step: RandomStep | undefined = first;
    for (let turn = 0; turn <= steps.length && step && step.kind !== 'hangup'; turn += 1) {
      step = steps[step.kind === 'ask' ? step.other : step.to];
    }
    return step?.kind === 'hangup';
  });

function readOrNull(text: string): Dialogue | null {
  try {
    return parseDialogue(text, 'random.yaml');
  } catch (error) {
    if (error instanceof DialogueError) return null;
    throw error;
  }
}

const attemptsOf = ({ steps }: Dialogue): number =>
  [...steps.values()].reduce((sum, { then }) => sum + (then.kind === 'ask' ? then.ask.attempts : 0), 0);

const quick = { numRuns: 40 };

describe('on any call', () => {
  it('nothing that is said has braces, a hole or two blanks in it', () => {
    fc.assert(
      fc.property(
        anyDialogue,
        fc.array(anySession, { minLength: 1, maxLength: 6 }),
        fc.array(anyTurn, { maxLength: 8 }),
        (dialogue, [first, ...later], turns) => {
          const call = new Rehearsal(dialogue, first!);
          const said = [...call.reply.say];
          turns.forEach((turn, index) => {
            call.session = later[index] ?? call.session;
            call.take(turn);
            said.push(...call.reply.say);
          });
          const wrong = said.filter(({ text }) => !/^(?!.* {2})\S[^{}]*\S$/su.test(text));
          expect(wrong).toEqual([]);
        },
      ),
      quick,
    );
  });

  it('the memory may be written down and read again', () => {
    fc.assert(
      fc.property(
        anyDialogue,
        anySession,
        fc.array(anyTurn, { maxLength: 6 }),
        (dialogue, session, turns) => {
          const [one, other] = [new Rehearsal(dialogue, session), new Rehearsal(dialogue, session)];
          for (const turn of turns) {
            other.memory = JSON.parse(JSON.stringify(other.memory)) as typeof other.memory;
            expect(other.take(turn)).toBe(one.take(turn));
            expect(other.memory).toEqual(one.memory);
          }
        },
      ),
      quick,
    );
  });

  it('a caller who stays silent comes to the end, after no more turns than all questions have attempts', () => {
    const staysSilent = (dialogue: Dialogue, session: Session): void => {
      const call = new Rehearsal(dialogue, session);
      let turns = 0;
      for (; !call.isOver && turns <= attemptsOf(dialogue); turns += 1) call.take(silence);
      expect([call.isOver, turns <= attemptsOf(dialogue)]).toEqual([true, true]);
    };
    fc.assert(fc.property(anyDialogue, anySession, staysSilent), quick);
    fc.assert(
      fc.property(anySteps, (steps) => {
        const dialogue = readOrNull(written(steps));
        expect(dialogue !== null).toBe(comesToAnEnd(steps));
        if (dialogue) staysSilent(dialogue, sessionOf({}));
      }),
      quick,
    );
  });

  it('a reply of which nothing was heard has never happened', () => {
    fc.assert(
      fc.property(anyDialogue, anySession, anyTurn, anyTurn, (dialogue, session, unheard, turn) => {
        const call = new Rehearsal(dialogue, session);
        const before = call.memory;
        const frozen = JSON.stringify(before);
        call.take(unheard);
        expect(JSON.stringify(before)).toBe(frozen);
        call.memory = before;
        expect(call.take(turn)).toBe(new Rehearsal(dialogue, session).take(turn));
      }),
      quick,
    );
  });
});
