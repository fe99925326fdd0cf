import { TurnSchema } from '@greenroom/contracts';
import {
  END_SILENCE_MS,
  EXCUSE_MS,
  LIMITS,
  LONGEST_MS,
  NO_INPUT_MS,
  type RandomCall,
  type Uttered,
} from './random-call';

/*
 * What a call promises to the line, to the agent and to whoever keeps the turns, judged when it is over.
 */

export function* doneAfterTheEnd({ call: { line, clock, detector } }: RandomCall): Generator<string> {
  yield* line.tooLate.map(({ at, did }) => `at ${at}, after the end: ${did}`);
  const end = line.actions.findIndex(({ did }) => did === 'hang-up' || did === 'transfer');
  if (end >= 0 && end < line.actions.length - 1)
    yield `${line.actions[end + 1]?.did} after the line was told to end`;
  if (clock.timersLeft > 0) yield `${clock.timersLeft} timers are left`;
  if (detector.closed !== 1) yield `the detector was closed ${detector.closed} times`;
}

/** With the goodbye that may have begun in the last moment; its mark may be lost, and its audio is what was played last. */
export function* endedTooLate({ call: { line }, beganAt }: RandomCall): Generator<string> {
  const last = Number(line.did('play').at(-1)?.what ?? 0) + Number(line.did('play').at(-2)?.what ?? 0);
  const latest = beganAt + LIMITS.callMs + last + LIMITS.markMarginMs;
  if (line.endedAt === null || line.endedAt > latest) yield `ended at ${line.endedAt}, not by ${latest}`;
}

/** What the agent remembers is what had begun to play when it was asked, and nothing else. */
export function* memoriesOfTheUnsaid({ asked, call: { line } }: RandomCall): Generator<string> {
  const played = line.did('play').map(({ what }) => what);
  for (const { plays, memory } of asked) {
    const remembered = memory.flatMap((texts) => texts.split(' ').filter((text) => text !== ''));
    const before = played.slice(0, plays);
    if (remembered.join() !== before.join()) yield `it remembers ${remembered.join()} of ${before.join()}`;
  }
}

export function* turnsOutOfOrder({ call: { turns, line } }: RandomCall): Generator<string> {
  for (const [index, turn] of turns.entries()) {
    const { error } = TurnSchema.safeParse(turn);
    if (error) yield error.message;
    if (turn.number !== index + 1) yield `turn ${index + 1} has number ${turn.number}`;
    if (turn.startedAt > turn.endedAt) yield `turn ${turn.number} ended before it began`;
    if (turn.startedAt < (turns[index - 1]?.startedAt ?? -Infinity))
      yield `turn ${turn.number} began before the last`;
  }
  const recorded = turns
    .filter(({ who }) => who === 'assistant')
    .map(({ text }) => text?.replace('Sorry', `${EXCUSE_MS}`));
  const played = line.did('play').map(({ what }) => what);
  if (recorded.join(' ') !== played.join(' '))
    yield `recorded ${recorded.join(' ')}, played ${played.join(' ')}`;
}

/** Words are those of the answer that the agent was told of, and nobody else's; none of those that were answered is lost. */
export function* wordsThatNobodySaid({ call: { turns, agent, line }, asked }: RandomCall): Generator<string> {
  const told = agent.asked.map(({ turn }) =>
    turn.kind === 'answered' ? (turn.speech?.words ?? null) : null,
  );
  const recorded = turns.flatMap(({ who, text }) => (who === 'caller' && text !== null ? [text] : []));
  const plays = [...asked.slice(1).map((each) => each.plays), line.did('play').length];
  const replied = told.filter(
    (words, index) => words !== null && (plays[index] ?? 0) > (asked[index]?.plays ?? 0),
  );
  const lost = replied.filter((words) => words !== null && !recorded.includes(words));
  if (lost.length > 0) yield `not on record: ${lost.join()}`;
  const unknown = recorded.filter((text) => !told.includes(text));
  if (unknown.length > 0) yield `the agent has not heard ${unknown.join()}`;
  if (new Set(recorded).size < recorded.length) yield `some words are on record twice: ${recorded.join()}`;
  for (const { number, who, text, speechMs } of turns) {
    if (who === 'caller' && text !== null && speechMs === null)
      yield `turn ${number} has words without speech`;
  }
}

/** A voice that is shorter may count as a cough. */
const COUGH_MS = 180;
/** A voice that is longer has been told of, in the messages of the line. */
const SURELY_SPEECH_MS = 300;
/** What the detector holds on to, and one message of the line. */
const HANGOVER_MS = 120 + 100;

/** Between a question and what is said next the caller has spoken, pressed a key, or been silent for the no-input time. */
export function* spokenOver({ call: { line }, cues, uttered }: RandomCall): Generator<string> {
  const plays = line.did('play');
  for (const [index, { at, what }] of plays.entries()) {
    const before = plays[index - 1];
    const cue = cues.find(({ say }) => say.at(-1) === `${before?.what}`);
    if (!before || cue?.then.kind !== 'ask' || what === EXCUSE_MS) continue;
    const since = uttered.filter(({ from, to }) => to > before.at - 500 && from <= at);
    if (since.some(({ kind }) => kind === 'press')) continue;
    const spoke = since.filter(({ from, to }) => Math.min(to, at) - from >= COUGH_MS);
    const heardAt = before.at + cue.say.reduce((sum, text) => sum + Number(text), 0);
    if (spoke.length > 0) yield* overTheVoice(at, spoke);
    else if (at - heardAt < NO_INPUT_MS) yield `at ${at} said, ${at - heardAt} ms after a question`;
  }
}

function* overTheVoice(at: number, spoke: readonly Uttered[]): Generator<string> {
  const [first] = spoke;
  const last = spoke.findLast(({ from, to }) => Math.min(to, at) - from >= SURELY_SPEECH_MS);
  // whoever speaks for longer is answered in the middle of it
  if (!first || !last || at - first.from >= LONGEST_MS) return;
  const silentMs = at - last.to;
  if (silentMs < END_SILENCE_MS - HANGOVER_MS) yield `at ${at} said, ${silentMs} ms after the caller`;
}
