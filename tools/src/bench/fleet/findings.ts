import { type Findings } from '../group';
import { type Plot } from '../plot';
import { figure } from '../print';
import { compareRounds } from '../rounds';
import { all, atMost, comparedRow, ratioAtMost, row, type Row, spreadRow } from '../row';
import { median, spreadOf } from '../statistics';
import { BURST, type Channel, CHANNELS, type Pace, PACES } from './announce';
import { WAITING } from './calls';
import { type Costs } from './event-cost';

/** What 50 gateways more may make of the cost of one event. */
const ALLOWED = 1.3;

interface Played {
  rounds: number;
  /** in each window */
  events: number;
}

/** @param costs of each number of other gateways what each round gave; the first is of none, the last of the most */
export function findingsOf(costs: readonly (readonly Costs[])[], played: Played): Findings {
  const [alone = [], most = []] = [costs[0], costs.at(-1)];
  return {
    rows: [...redisRows(alone, most), ...gatewayRows(costs.flat(), most)],
    notes: notesOf(most, played),
    plots: [plotOf(costs)],
  };
}

const redisUs = (rounds: readonly Costs[], channel: Channel, pace: Pace): number[] =>
  rounds.map(({ cost }) => cost[channel][pace].redisUs);

const othersIn = (rounds: readonly Costs[]): string => `${rounds[0]?.others ?? 0} other gateways`;

function redisRows(alone: readonly Costs[], most: readonly Costs[]): Row[] {
  const others = othersIn(most);
  const name = (pace: Pace, baseline: string): string =>
    `Redis for an event, ${others}${pace === 'burst' ? `, bursts of ${BURST}` : ''} (baseline: ${baseline}), us`;
  return [
    ...PACES.map((pace) =>
      comparedRow(
        name(pace, 'none'),
        compareRounds(redisUs(most, 'per call', pace), redisUs(alone, 'per call', pace)),
        pace === 'apart' ? ratioAtMost(ALLOWED) : null,
      ),
    ),
    ...PACES.map((pace) =>
      comparedRow(
        name(pace, 'one shared channel'),
        compareRounds(redisUs(most, 'per call', pace), redisUs(most, 'shared', pace)),
      ),
    ),
    comparedRow(
      `Redis without events, ${others} (baseline: none), ms a second`,
      compareRounds(idleMs(most), idleMs(alone)),
    ),
  ];
}

const idleMs = (rounds: readonly Costs[]): number[] => rounds.map(({ idleUs }) => idleUs / 1000);

function gatewayRows(each: readonly Costs[], most: readonly Costs[]): Row[] {
  const sum = (of: (costs: Costs) => number): number => each.reduce((total, costs) => total + of(costs), 0);
  return [
    spreadRow('gateway for an event that is not for it, one shared channel, us', spreadOf(unwantedUs(most))),
    row(
      'events at the gateway that waits, channel per call',
      { ours: sum(({ arrived }) => arrived), baseline: sum(({ published }) => published) },
      all,
    ),
    row(
      'events at gateways that do not wait, channel per call',
      { ours: sum(({ stray }) => stray) },
      atMost(0),
    ),
  ];
}

/** Both windows hold one event that is wanted; on the shared channel all the others come on top. */
const unwantedUs = (rounds: readonly Costs[]): number[] =>
  rounds.map(
    ({ cost, others }) => (cost.shared.apart.gatewaysUs - cost['per call'].apart.gatewaysUs) / others,
  );

function notesOf(most: readonly Costs[], { rounds, events }: Played): string[] {
  const sharedUs = median(redisUs(most, 'shared', 'apart'));
  return [
    `Fleet: medians of ${rounds} rounds, ${events} events in each stretch, 1 ms or more apart or ${BURST} at once every ` +
      `${BURST} ms. Each gateway has one connection and ${WAITING} waiting calls; the events are of calls that wait on one more.`,
    'Redis: the processor time of its main thread while PUBLISH is all that it is told to do, for each event. What it does ' +
      'without events is in it: its housekeeping, and a ping a second from each gateway.',
    `With ${othersIn(most)} on one shared channel an event costs Redis ${figure(sharedUs)} us. All gateways are one process, ` +
      'which wakes up once for several of them: one in a process of its own pays more for an event that is not for it.',
  ];
}

function plotOf(costs: readonly (readonly Costs[])[]): Plot {
  const names: Record<Channel, string> = { 'per call': 'channel per call', shared: 'one shared channel' };
  const paces: Record<Pace, string> = { apart: '1 ms apart', burst: `bursts of ${BURST}` };
  return {
    title: 'What one event costs Redis',
    x: 'other gateways connected',
    y: 'processor time of Redis for one event, us',
    series: CHANNELS.flatMap((channel) =>
      PACES.map((pace) => ({
        name: `${names[channel]}, ${paces[pace]}`,
        points: costs
          .filter((rounds) => rounds.length > 0)
          .map((rounds) => [rounds[0]?.others ?? 0, median(redisUs(rounds, channel, pace))] as const),
      })),
    ),
  };
}
