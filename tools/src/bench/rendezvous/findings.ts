import { type Findings } from '../group';
import { distributionOf, type Plot } from '../plot';
import { figure } from '../print';
import { compareRounds } from '../rounds';
import { all, atLeast, comparedRow, type Goal, ratioAtMost, row, type Row, spreadRow } from '../row';
import { median, percentile, spreadOf } from '../statistics';
import { type Heard, PER_SECOND, type Trial } from './latency';
import { type LookCosts } from './safety-poll';
import { storeWorkFindings, type StoreWork } from './store-work';

/** Of each round. */
export interface Waits extends Trial {
  ours: readonly Heard[];
  /** one hop through Redis */
  floor: readonly Heard[];
  polling: readonly Heard[];
}

export interface Measured {
  few: Waits;
  many: Waits;
  /** whose streams were not closed in order */
  brokenCalls: number;
  looks: LookCosts;
  works: readonly StoreWork[];
}

const MEDIAN_GOAL = ratioAtMost(3);
const P99_GOAL = ratioAtMost(5);
const FASTER_THAN_POLLING = atLeast(500);
const LOOK_GOAL = ratioAtMost(0.1);

export function findingsOf(measured: Measured): Findings {
  const { few, many, looks, works } = measured;
  const store = storeWorkFindings(works);
  return {
    rows: [
      foundRow(measured),
      ...floorRows(many),
      ...pollingRows(few),
      ...pollingRows(many),
      ...store.rows,
      lookRow(many, looks),
    ],
    notes: [...latencyNotes(measured), ...store.notes, LOOK_NOTE],
    plots: [distributions(many)],
  };
}

/** None may be missing: that would not show in a median. */
function foundRow({ few, many }: Measured): Row {
  const rounds = [...few.ours, ...many.ours];
  const announced = rounds.map(({ written }) => written.written);
  return row(
    'calls that were found, of those announced',
    { ours: sumOf(rounds.map(({ ms }) => ms.length)), baseline: sumOf(announced) },
    all,
  );
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

const US = 1000;

const inUs = (rounds: readonly Heard[], figureOf: (ms: readonly number[]) => number): number[] =>
  rounds.map(({ ms }) => figureOf(ms) * US);

const p99 = (ms: readonly number[]): number => percentile(ms, 0.99);

function floorRows({ waiting, ours, floor }: Waits): Row[] {
  const rowOf = (name: string, figureOf: typeof p99, goal: Goal): Row =>
    comparedRow(
      `published to found, ${waiting} waiting, ${name}, µs (one hop)`,
      compareRounds(inUs(ours, figureOf), inUs(floor, figureOf)),
      goal,
    );
  return [rowOf('median', median, MEDIAN_GOAL), rowOf('p99', p99, P99_GOAL)];
}

function pollingRows({ waiting, ours, polling }: Waits): Row[] {
  const compared = compareRounds(inUs(ours, median), inUs(polling, median));
  const times = ours.map(({ ms }, round) => median(polling[round]?.ms ?? []) / median(ms));
  return [
    comparedRow(`published to found, ${waiting} waiting, median, µs (polling)`, compared),
    spreadRow(`times as fast as polling, ${waiting} waiting`, spreadOf(times), FASTER_THAN_POLLING),
  ];
}

const lookRow = ({ waiting }: Waits, { ours, single }: LookCosts): Row =>
  comparedRow(
    `processor for a look for ${waiting} calls, all at once, ms (one by one)`,
    compareRounds(ours, single),
    LOOK_GOAL,
  );

const LOOK_NOTE =
  'Processor for a look: of gateway, or baseline, Redis and Postgres together. Ours is all that they use while so many ' +
  'wait and nothing happens, by the number of looks: pings and timers of the streams are in it.';

function latencyNotes({ few, many, brokenCalls }: Measured): string[] {
  const how = [...few.ours, ...many.ours].map(({ found }) => found);
  const sum = (name: string): number => sumOf(how.map((found) => found[name] ?? 0));
  const names = [...new Set(how.flatMap((found) => Object.keys(found)))];
  return [
    'Published to found: from just before the commands for Redis are made to the turn in which the wait is over, by the ' +
      `machine’s clock. ${PER_SECOND} calls a second are announced, ${many.announced} a round where ${many.waiting} wait, ` +
      `${few.announced} where ${few.waiting} do. One process writes them by the ingest’s own store, 64 together as under ` +
      'load, and from 20 ms later on tells them one by one: without the web server ahead of that, for which two cores have no time ' +
      'left. A safety poll may find them before they are told. Ours were found by ' +
      `${names.map((name) => `${name} ${sum(name)}`).join(', ')}; ${brokenCalls} of their streams were not closed in ` +
      'order afterwards.',
    ...[few, many].map((waits) => roundsNote(waits)),
    spentNote('for calls that wait at the gateway', many.ours, many.announced),
    spentNote('for calls that wait at the bare subscriber', many.floor, many.announced),
  ];
}

function roundsNote({ waiting, ours, floor, polling }: Waits): string {
  const told = (rounds: readonly Heard[]): string =>
    rounds.map(({ ms }) => `${figure(median(ms))}/${figure(p99(ms))}`).join(' ');
  const late = (rounds: readonly Heard[]): string =>
    rounds.map(({ written }) => figure(written.lateP99Ms)).join(' ');
  return (
    `Rounds at ${waiting} waiting, p50/p99 in ms: ours ${told(ours)}; one hop ${told(floor)}; polling ${told(polling)}. ` +
    `Sessions were begun late by, p99 in ms: ${late(ours)}; ${late(floor)}; ${late(polling)}.`
  );
}

/** Of all rounds, per call: what had to be done beside the waking, on the cores that all of them share. */
function spentNote(what: string, rounds: readonly Heard[], announced: number): string {
  const names = Object.keys(rounds[0]?.spent ?? {});
  const us = (name: string): number =>
    (1000 * sumOf(rounds.map(({ spent }) => spent[name] ?? 0))) / (rounds.length * announced);
  return `Processor per call, ${what}, µs: ${names.map((name) => `${name} ${figure(us(name))}`).join(', ')}.`;
}

/** Latencies of all rounds together. */
function distributions({ waiting, ours, floor, polling }: Waits): Plot {
  const of = (rounds: readonly Heard[]) =>
    // what was found before it was published has no place on a logarithmic axis
    distributionOf(rounds.flatMap(({ ms }) => ms).filter((each) => each > 0));
  return {
    title: `From published to found, ${waiting} calls waiting`,
    x: 'ms',
    y: '% of the calls',
    logX: true,
    series: [
      { name: 'Greenroom', points: of(ours) },
      { name: 'one hop through Redis', points: of(floor) },
      { name: 'polling', points: of(polling) },
    ],
  };
}
