import { type Compared, compareRounds } from '../rounds';
import {
  all,
  atLeast,
  below,
  both,
  comparedRow,
  type Goal,
  ratioAtLeast,
  ratioAtMost,
  row,
  type Row,
} from '../row';
import { type Assistant } from './accounts';
import { LogHistogram } from './log-histogram';
import { type Flooded } from './load-messages';
import { type ServerKind } from './rig';
import { type Settings, type Size } from './settings';
import { type Processes, type Window, type Windows } from './windows';

export interface Measured {
  windows: Windows;
  floods: Record<Processes, readonly Flooded[]>;
}

const FRAMES_PER_SECOND = 50;

export const rowsOf = (measured: Measured, settings: Settings): Row[] => [
  ...processorRows(measured.windows, settings),
  ...manyRows(measured.windows, settings),
  ...growthRows(measured.windows, settings),
  comparedRow('frames a second by two processes, to one', secondProcess(measured), ratioAtLeast(1.4)),
];

const secondProcess = ({ floods }: Measured): Compared =>
  compareRounds(floods.two.map(framesPerSecond), floods.one.map(framesPerSecond));

function processorRows(windows: Windows, { sizes }: Settings): Row[] {
  const perFrame = (ours: Assistant, other: ServerKind, goal?: Goal): Row =>
    comparedRow(
      `${sizes.some} calls, ${DOING[ours]}: processor per frame, us; to a ${NAMES[other]}`,
      compare(windows, { kind: ours, size: 'some' }, { kind: other, size: 'some' }, usPerFrame),
      goal,
    );
  const perCore = (ours: Assistant, least: number): Row =>
    comparedRow(
      `${DOING[ours]}: calls a core`,
      compare(windows, { kind: ours, size: 'some' }, { kind: 'full', size: 'some' }, callsPerCore),
      atLeast(least),
    );
  return [
    perFrame('echo', 'full', ratioAtMost(0.85)),
    perFrame('echo', 'slice-80ms', ratioAtMost(1.25)),
    perFrame('echo', 'slice'),
    perCore('echo', 700),
    perFrame('talk', 'full', ratioAtMost(1.2)),
    perCore('talk', 500),
  ];
}

const DOING: Readonly<Record<Assistant, string>> = { echo: 'echo', talk: 'dialogue' };

export const NAMES: Readonly<Record<ServerKind, string>> = {
  echo: 'gateway that echoes',
  talk: 'gateway in dialogue',
  full: 'straightforward server',
  slice: 'sparing server, a reply to each frame',
  'slice-80ms': 'sparing server, messages as long as ours',
};

function manyRows(windows: Windows, { sizes }: Settings): Row[] {
  const title = (what: string): string => `${sizes.many} calls, echo: ${what}`;
  const compareMany = (figure: (window: Window) => number): Compared =>
    compare(windows, { kind: 'echo', size: 'many' }, { kind: 'full', size: 'many' }, figure);
  const ours = windows.of('echo', 'many');
  const sum = (figure: (window: Window) => number): number =>
    ours.reduce((total, window) => total + figure(window), 0);
  return [
    comparedRow(title('latency p99, ms'), compareMany(latencyP99), both(ratioAtMost(2), below(20))),
    row(
      title('frames that came back, of those sent'),
      { ours: sum(({ heard }) => heard), baseline: sum(({ sent }) => sent) },
      all,
    ),
    comparedRow(
      title('event-loop lag p99, ms'),
      compareMany(({ lag }) => lag.p99Ms),
      below(20),
    ),
  ];
}

function growthRows(windows: Windows, { sizes }: Settings): Row[] {
  return (['echo', 'talk'] as const).map((kind) =>
    comparedRow(
      `${DOING[kind]}: processor of ${sizes.some} calls, % of a core; to that of ${sizes.few}`,
      compare(windows, { kind, size: 'some' }, { kind, size: 'few' }, percentOfCore),
      ratioAtMost(2.2),
    ),
  );
}

interface Side {
  kind: ServerKind;
  size: Size;
}

function compare(windows: Windows, ours: Side, other: Side, figure: (window: Window) => number): Compared {
  const of = ({ kind, size }: Side): number[] => windows.of(kind, size).map(figure);
  return compareRounds(of(ours), of(other));
}

export const usPerFrame = (window: Pick<Window, 'processorMs' | 'sent'>): number =>
  (window.processorMs * 1000) / window.sent;

export const callsPerCore = (window: Pick<Window, 'processorMs' | 'sent'>): number =>
  1e6 / (FRAMES_PER_SECOND * usPerFrame(window));

const percentOfCore = ({ processorMs, tookMs }: Window): number => (100 * processorMs) / tookMs;

export const latencyP99 = ({ latency }: Pick<Window, 'latency'>): number =>
  LogHistogram.of(latency).percentile(0.99);

export const framesPerSecond = ({ frames, tookMs }: Flooded): number => (frames * 1000) / tookMs;
