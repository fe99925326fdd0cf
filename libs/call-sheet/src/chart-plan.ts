import { type Axis, planAxis, type Span, spanOnAxis } from './axis';
import { type CallSheet } from './call-sheet';
import { type Envelope, envelopeOf } from './envelope';
import { type FlagRows, placeFlags } from './place-flags';
import { placeTurns, type TurnRows } from './place-turns';
import { speakerOf } from './turn-words';

export type Speaker = 'caller' | 'assistant';

/** All of a speaker's: the turns, and the waveform below them. */
export interface SpeakerLane extends TurnRows {
  speaker: Speaker;
  envelope: Envelope;
  /** px from the chart's top */
  top: number;
  waveTop: number;
  bottom: number;
}

/** Where everything stands in the chart; drawn as one piece on the screen and as several lines on paper. */
export interface ChartPlan {
  axis: Axis;
  wait: { span: Span; outcome: string; top: number } | null;
  caller: SpeakerLane;
  assistant: SpeakerLane;
  flags: FlagRows & { top: number };
  /** px */
  height: number;
}

/** px */
export const SIZES = {
  ticks: 24,
  wait: 28,
  turn: 82,
  turnGap: 4,
  wave: 52,
  laneGap: 10,
  flag: 22,
  flagsPadding: 8,
} as const;

function planSpeaker(sheet: CallSheet, axis: Axis, speaker: Speaker, top: number): SpeakerLane {
  const turns = sheet.turns.filter((turn) => speakerOf(turn) === speaker);
  const placed = placeTurns(turns, sheet.startedAt, axis);
  const waveTop = top + placed.rows * (SIZES.turn + SIZES.turnGap);
  const envelope = envelopeOf(sheet.audio[speaker], sheet.audio, axis);
  return { speaker, ...placed, envelope, top, waveTop, bottom: waveTop + SIZES.wave };
}

export function planChart(sheet: CallSheet): ChartPlan {
  const axis = planAxis(sheet);
  const { wait } = sheet;
  const afterWait = SIZES.ticks + (wait ? SIZES.wait : 0) + SIZES.laneGap;
  const caller = planSpeaker(sheet, axis, 'caller', afterWait);
  const assistant = planSpeaker(sheet, axis, 'assistant', caller.bottom + SIZES.laneGap);
  const flags = placeFlags(sheet.events, axis);
  const top = assistant.bottom + SIZES.laneGap;
  return {
    axis,
    wait: wait && {
      span: spanOnAxis(axis, wait.fromMs, wait.toMs),
      outcome: wait.outcome,
      top: SIZES.ticks,
    },
    caller,
    assistant,
    flags: { ...flags, top },
    height: top + (flags.rows > 0 ? flags.rows * SIZES.flag + SIZES.flagsPadding : 0),
  };
}
