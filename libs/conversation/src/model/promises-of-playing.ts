import { type TurnTaken } from '../turn-state';
import { faults } from './faults';
import {
  beginning,
  byCaller,
  effectsOf,
  ends,
  isGoodbye,
  leaves,
  lengthMs,
  playedBy,
  type Playing,
} from './playing';
import { type Life, type Moment } from './reality';

/** Every playback ends exactly once, and is recorded exactly once. */
export function* playbacksWithoutOneEnd({ moments, limits }: Life): Generator<string> {
  let playing: Playing | null = null;
  for (const moment of moments) {
    const turns = effectsOf(moment, 'record').filter(({ turn }) => turn.who === 'assistant');
    const one: number = playing ? 1 : 0;
    yield* faults(
      moment.at,
      [turns.length > one, 'so many playbacks ended', turns.length],
      [effectsOf(moment, 'clear').length > one, 'what was not played any more was cleared'],
    );
    if (playing) yield* faultsOfEnd(playing, moment, turns[0]?.turn);
    if (turns.length > 0) playing = null;
    const begun: Playing | null = beginning(moment, limits);
    yield* faults(moment.at, [begun !== null && playing !== null, 'one reply was played over another']);
    // what says nothing is over as soon as it begins
    playing = begun?.reply.utterances.length ? begun : playing;
  }
  if (playing) yield `what began at ${playing.startedAt} never ended`;
}

function faultsOfEnd(playing: Playing, moment: Moment, turn: TurnTaken | undefined): string[] {
  const { at, input } = moment;
  const played = playedBy(playing, input);
  if (turn) return faultsOfTurn(playing, turn, moment);
  return faults(
    at,
    [played !== null || input?.kind === 'line-closed', 'a playback ought to have ended', input],
    [effectsOf(moment, 'clear').length > 0, 'a playback was cleared and not recorded'],
  );
}

function faultsOfTurn(playing: Playing, turn: TurnTaken, moment: Moment): string[] {
  const { at } = moment;
  const text = playing.reply.utterances.map((utterance) => utterance.text).join(' ');
  const length = lengthMs(playing.reply);
  const { heardMs, heardText } = turn;
  const whole = ['played', 'mark-lost'].includes(turn.endedBy);
  return faults(
    at,
    [
      turn.endedBy !== endOf(playing, moment),
      'a playback ended otherwise',
      turn.endedBy,
      endOf(playing, moment),
    ],
    [turn.startedAt !== playing.startedAt || turn.endedAt !== at, 'its times are not its own', turn],
    [turn.text !== text || turn.lengthMs !== length, 'another was recorded', turn, text],
    [heardMs === null || heardMs < 0 || heardMs > length, 'heard too much or too little', turn],
    [whole && (heardMs !== length || heardText !== text), 'it was not heard to its end', turn],
    [heardText === null || !text.startsWith(heardText), 'heard was what was not said', turn],
  );
}

/** How a playback has to have ended by this input and these effects. */
function endOf(playing: Playing, moment: Moment): TurnTaken['endedBy'] | null {
  const { input } = moment;
  const cleared = effectsOf(moment, 'clear').length > 0;
  if (byCaller(input)) return cleared ? 'barge-in' : null;
  if (input?.kind === 'line-closed' || (cleared && leaves(moment))) return 'line-closed';
  const by = playedBy(playing, input);
  return by && ({ mark: 'played', clock: 'mark-lost' } as const)[by];
}

/** Nothing is sent after the line was closed, nor after it was told to end. */
export function* sentAfterTheEnd({ moments }: Life): Generator<string> {
  let over = false;
  for (const moment of moments) {
    const did = moment.effects.map((effect) => effect.do);
    const gone = moment.input?.kind === 'line-closed';
    const end = did.findIndex((each) => each === 'hang-up' || each === 'transfer');
    yield* faults(
      moment.at,
      [over && did.length > 0, 'something was done after the end', did],
      [gone && did.some((each) => each !== 'record'), 'something was done on a line that is gone', did],
      [leaves(moment) && end < did.length - 1, 'something was done after the line was told to end', did],
    );
    over ||= ends(moment);
  }
}

/** The goodbye is played in full: never cleared, and the line ends only when its last mark or its time has come. */
export function* goodbyesCutOff({ moments, limits }: Life): Generator<string> {
  let goodbye: Playing | null = null;
  for (const moment of moments) {
    const begun: Playing | null = beginning(moment, limits);
    if (begun && isGoodbye(begun.reply)) goodbye = begun;
    if (moment.input?.kind === 'line-closed') return;
    if (!goodbye) continue;
    yield* faultsOfGoodbye(goodbye, moment);
    if (isOver(goodbye, moment)) goodbye = null;
  }
}

const isOver = (goodbye: Playing, { input }: Moment): boolean =>
  goodbye.reply.utterances.length === 0 || playedBy(goodbye, input) !== null;

function faultsOfGoodbye(goodbye: Playing, moment: Moment): string[] {
  const over = isOver(goodbye, moment);
  return faults(
    moment.at,
    [effectsOf(moment, 'clear').length > 0, 'a goodbye was cleared'],
    [leaves(moment) && !over, 'the line was told to end before the goodbye had'],
    [over && !endsAsItSays(goodbye, moment), 'the line was not told to end as the goodbye says'],
  );
}

function endsAsItSays({ reply: { then } }: Playing, moment: Moment): boolean {
  const [hangUp] = effectsOf(moment, 'hang-up');
  return then.kind === 'transfer' ? effectsOf(moment, 'transfer').length === 1 : hangUp?.why === 'finished';
}
