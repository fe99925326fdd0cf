import { type Doing, type TurnTaken } from '../turn-state';
import { faults } from './faults';
import { Observer } from './observer';
import { effectsOf, ends } from './playing';
import { type Life, type Moment } from './reality';

type Answered = Extract<Doing, { kind: 'answered' }>;

/** What the caller has done that is not on record yet. */
interface Owed {
  /** the caller is at it, or has been */
  begun: boolean;
  /** told to the agent so */
  about: Answered | null;
}

const NOTHING: Owed = { begun: false, about: null };

/** Each turn of the caller is recorded once. */
export function* callerTurnsNotOnce({ moments, limits }: Life): Generator<string> {
  const observer = new Observer(limits);
  let owed = NOTHING;
  for (const moment of moments) {
    const settled = settles(moment);
    const turns = answersIn(moment);
    const told = toldOf(moment);
    const due: number = owed.begun && settled ? 1 : 0;
    yield* faults(
      moment.at,
      [turns.length !== due, 'turns were recorded that were not due, or not', turns.length, due],
      [!turns.every((turn) => isKept(turn, owed.about)), 'another was recorded', turns, owed.about],
      [!goesOn(told, settled ? null : owed.about), 'it was told without its beginning', told, owed.about],
    );
    if (settled) owed = NOTHING;
    owed = { begun: observer.see(moment) || owed.begun, about: told ?? owed.about };
    if (ends(moment)) return;
  }
}

const answersIn = (moment: Moment): TurnTaken[] =>
  effectsOf(moment, 'record')
    .map(({ turn }) => turn)
    .filter(({ who, endedBy }) => who === 'caller' && endedBy !== 'no-input');

/** From then on a turn has happened: a reply is played, or the call ends. */
const settles = (moment: Moment): boolean => effectsOf(moment, 'play').length > 0 || ends(moment);

const toldOf = (moment: Moment): Answered | null =>
  effectsOf(moment, 'ask')
    .map(({ about }) => about)
    .find((about) => about.kind === 'answered') ?? null;

/** What is told again, since the caller went on, is told from its beginning. */
const goesOn = (told: Answered | null, before: Answered | null): boolean =>
  !told || !before || told.startedAt === before.startedAt;

/** What was told last is what is kept, unless the line was closed while more was being said. */
function isKept(turn: TurnTaken, about: Answered | null): boolean {
  if (!about) return turn.endedBy === 'line-closed';
  if (turn.startedAt !== about.startedAt) return false;
  const same =
    turn.endedBy === about.endedBy && turn.endedAt === about.endedAt && turn.digits === about.digits;
  return same || turn.endedBy === 'line-closed';
}

/** Recorded times are ordered, and of one party no two turns overlap. */
export function* timesOutOfOrder({ moments }: Life): Generator<string> {
  let begun = -Infinity;
  const ended = { caller: -Infinity, assistant: -Infinity };
  for (const moment of moments) {
    for (const { turn } of effectsOf(moment, 'record')) {
      const { who, startedAt, endedAt } = turn;
      yield* faults(
        moment.at,
        [startedAt > endedAt || endedAt > moment.at, 'a turn ended before it began, or will end', turn],
        [(turn.speechMs ?? 0) > endedAt - startedAt, 'more was said in a turn than it is long', turn],
        [startedAt < begun, 'a turn began before the one that was recorded before', turn, begun],
        [startedAt < ended[who], 'a turn began before the last of the same party had ended', turn, ended],
      );
      begun = startedAt;
      ended[who] = endedAt;
    }
  }
}
