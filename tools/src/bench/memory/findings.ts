import { type Findings } from '../group';
import { figure } from '../print';
import { type Plot } from '../plot';
import { compareRounds } from '../rounds';
import { atMost, comparedRow, type Goal, ratioAtMost, type Row, spreadRow } from '../row';
import { median, spreadOf } from '../statistics';
import { type Cost, type SocketCosts } from './socket-costs';
import { type WaitingCosts } from './waiting-costs';

export interface Round {
  sockets: SocketCosts;
  /** of the gateway alone */
  waiting?: WaitingCosts;
}

const BYTES_GOAL = ratioAtMost(1.5);
const HANDSHAKE_GOAL = ratioAtMost(1.4);
const GROWTH_GOAL = ratioAtMost(2.2);
const OVER_RING_GOAL = atMost(16);
const KIB = 1024;

export function findingsOf(ours: readonly Round[], bare: readonly Round[]): Findings {
  const sockets = ours[0]?.sockets.sockets ?? 0;
  const perSocket = (rounds: readonly Round[], of: keyof Cost): number[] =>
    rounds.map((round) => round.sockets.all[of] / sockets);
  const bytes = compareRounds(perSocket(ours, 'bytes'), perSocket(bare, 'bytes'));
  const processorMs = compareRounds(perSocket(ours, 'processorMs'), perSocket(bare, 'processorMs'));
  const inUs = { ours: scaled(processorMs.ours, 1000), baseline: scaled(processorMs.baseline, 1000) };
  const waiting = ours.flatMap((round) => round.waiting ?? []);
  return {
    rows: [
      comparedRow(`memory of a socket before start, ${sockets} open, bytes (bare ws)`, bytes, BYTES_GOAL),
      comparedRow(
        `processor for a handshake, ${sockets} of them, µs (bare ws)`,
        { ...processorMs, ...inUs },
        HANDSHAKE_GOAL,
      ),
      growthRow(
        `memory of ${sockets} sockets, MiB (of half as many)`,
        ours,
        ({ bytes }) => bytes / KIB / KIB,
      ),
      growthRow(
        `processor for ${sockets} handshakes, ms (of half as many)`,
        ours,
        (cost) => cost.processorMs,
      ),
      spreadRow(
        'memory of a waiting call over its audio ring, KiB',
        spreadOf(waiting.map(({ bytes, ringBytes }) => (bytes - ringBytes) / KIB)),
        OVER_RING_GOAL,
      ),
    ],
    notes: notesOf(waiting),
    plots: [plotOf(ours, bare)],
  };
}

const scaled = ({ least, median, most }: ReturnType<typeof spreadOf>, by: number) => ({
  least: least * by,
  median: median * by,
  most: most * by,
});

/** All of them beside the first half of them, of the same round. */
function growthRow(
  name: string,
  rounds: readonly Round[],
  of: (cost: Cost) => number,
  goal: Goal = GROWTH_GOAL,
): Row {
  const all = rounds.map(({ sockets }) => of(sockets.all));
  const half = rounds.map(({ sockets }) => of(sockets.half));
  return comparedRow(name, compareRounds(all, half), goal);
}

function notesOf(waiting: readonly WaitingCosts[]): string[] {
  const [bytes, ring] = [
    median(waiting.map((each) => each.bytes)),
    median(waiting.map((each) => each.ringBytes)),
  ];
  return [
    'Memory is resident memory after a collection of garbage, which a signal asks both servers for, less that before the ' +
      'sockets, after some that were opened and closed again. Both are started anew for each round, and the gateway is left ' +
      'alone until it has spoken its prompts and given back what that took.',
    `A waiting call, its socket included: ${figure(bytes / KIB)} KiB, of which ${figure(ring / KIB)} KiB are audio ` +
      'in messages of 20 ms.',
  ];
}

const plotOf = (ours: readonly Round[], bare: readonly Round[]): Plot => ({
  title: 'Memory of open sockets that have said nothing yet',
  x: 'sockets',
  y: 'MiB',
  series: [
    { name: 'Greenroom', points: pointsOf(ours) },
    { name: 'bare ws', points: pointsOf(bare) },
  ],
});

/** Medians of the rounds. */
function pointsOf(rounds: readonly Round[]): (readonly [number, number])[] {
  const sockets = rounds[0]?.sockets.sockets ?? 0;
  const mib = (of: 'half' | 'all'): number =>
    median(rounds.map((round) => round.sockets[of].bytes)) / KIB / KIB;
  return [
    [0, 0],
    [sockets / 2, mib('half')],
    [sockets, mib('all')],
  ];
}
