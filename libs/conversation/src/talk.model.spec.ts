import fc from 'fast-check';
import { type MarkFate } from './model/memory-line';
import { parametersFrom } from './model/parameters';
import {
  doneAfterTheEnd,
  endedTooLate,
  memoriesOfTheUnsaid,
  spokenOver,
  turnsOutOfOrder,
  wordsThatNobodySaid,
} from './model/promises-of-talk';
import { type CallFate, RandomCall } from './model/random-call';

const { runs, all } = parametersFrom(process.env);
jest.setTimeout(300_000);

const number = fc.noBias(fc.nat());

const fate: fc.Arbitrary<CallFate> = fc.record({
  caller: fc.array(number, { maxLength: 40, size: 'max' }),
  agent: fc.array(number, { minLength: 1, maxLength: 6, size: 'max' }),
  speech: number,
  marks: fc.array(fc.constantFrom<MarkFate>('returned', 'returned', 'lost', 'twice', 'late'), {
    maxLength: 4,
  }),
  hangsUpAfter: fc.nat({ max: 40 }),
});

const PROMISES: readonly [title: string, broken: (call: RandomCall) => Iterable<string>][] = [
  ['nothing is done on a line that is gone, and nothing is left of a call', doneAfterTheEnd],
  ['every call ends within its caps', endedTooLate],
  ['the agent remembers what has begun to play, and nothing else', memoriesOfTheUnsaid],
  ['the turns on record are numbered, complete, in order, and those that were played', turnsOutOfOrder],
  ['words are on record with the answer that they were, and with no other', wordsThatNobodySaid],
  ['nothing is said over the caller, nor before the no-input time has passed in silence', spokenOver],
];

/** What the runs have to have met, or they would prove nothing. */
const SITUATIONS = [
  ...['assistant played', 'assistant mark-lost', 'assistant barge-in'],
  ...['caller end-silence', 'caller too-long', 'caller digits-complete'],
  ...['caller no-input', 'caller line-closed', 'withdrawn', 'agent-failed', 'hang-up', 'transfer'],
];

describe('a call from end to end, whatever caller, agent, speech and line do', () => {
  const met = new Set<string>();

  const note = ({ call: { turns, counted, line } }: RandomCall): void => {
    turns.forEach(({ who, endedBy }) => met.add(`${who} ${endedBy}`));
    [...counted, ...line.actions.map(({ did }) => did)].forEach((each) => met.add(each));
  };

  it.each(PROMISES)('%s', async (_title, broken) => {
    await fc.assert(
      fc.asyncProperty(fate, async (given) => {
        const call = new RandomCall(given);
        await call.live();
        note(call);
        expect([...broken(call)]).toEqual([]);
      }),
      all(runs(400)),
    );
  });

  it('has met every end', () => {
    expect(SITUATIONS.filter((situation) => !met.has(situation))).toEqual([]);
  });
});
