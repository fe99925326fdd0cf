import { setTimeout as sleep } from 'node:timers/promises';
import { type Findings } from '../group';
import { type OwnStack } from '../own-stack';
import { distributionOf, type Plot } from '../plot';
import { figure } from '../print';
import { compareRounds, playRounds } from '../rounds';
import { atLeast, atMost, row, type Row } from '../row';
import { percentile, shareOf, spreadOf } from '../statistics';
import { hearBareTimer } from './bare-timer';
import { judgePacing, type Arrival, type Pacing, type Stall } from './deadlines';
import { listen, type Provider } from './listen';
import { type Size } from './size';
import { whileStalled } from './stalls';

/** How far ahead of real time the gateway is told to send, ms. */
export const LEAD_MS = 400;
/** A message is in time that is no more than this off its deadline, ms. */
const IN_TIME_MS = 5;
/** Timers are of whole ms: by so much the time at which a prompt began may be told wrong. */
const TIMER_MS = 1;
/** Of the bare timer: as long as the gateway's at Twilio. */
const MESSAGE_MS = 80;
const ROUNDS = 3;
const CROWD = 50;
/** They begin over so long: no whole number of messages, so that not all of them have the same deadlines. */
const CROWD_OVER_MS = 3010;
/** What a line may take beside the prompt itself, ms. */
const LONGER_MS = 15_000;

const PROVIDERS = ['twilio', 'exotel'] as const;
/** The bare timer is there beside both, at the same time. */
type Heard<What> = Record<Provider | 'bare', What>;

/** How exactly audio is sent, with the event loop left alone and with one that is stalled again and again. */
export async function measurePacing(
  own: OwnStack,
  { promptMs }: Size,
  say: (line: string) => void,
): Promise<Findings> {
  const lines: Lines = { own, promptMs };
  const quietly = async (round: number): Promise<Heard<Pacing>> => {
    say(`pacing, round ${round} of ${ROUNDS}: a prompt of ${promptMs / 1000} s`);
    return judgeEach(await listenToEach(lines), []);
  };
  const stalled = async (round: number): Promise<Heard<Pacing>> => {
    say(`pacing, round ${round} of ${ROUNDS}: the same while the gateway is stalled 20 ms every second`);
    const { value, stalls } = await whileStalled(own.stack, () => listenToEach(lines));
    return judgeEach(value, stalls);
  };
  const rounds = await playRounds(ROUNDS, { quietly, stalled });
  say(`pacing: ${CROWD} prompts at once`);
  const crowd = await listenToMany(lines);
  return {
    rows: rowsOf(rounds, crowd),
    notes: notesOf(rounds, crowd, promptMs),
    plots: [plotOf(rounds, crowd)],
  };
}

/** Where the prompt is listened to, and how long it is. */
interface Lines {
  own: OwnStack;
  promptMs: number;
}

interface Rounds {
  quietly: readonly Heard<Pacing>[];
  stalled: readonly Heard<Pacing>[];
}
type Crowd = Pick<Heard<Pacing>, 'twilio' | 'bare'>;

function rowsOf({ quietly, stalled }: Rounds, crowd: Crowd): Row[] {
  const title = (what: string): string => `audio within ${IN_TIME_MS} ms of its time, ${what}, %`;
  const mostAhead = [...quietly, ...stalled].flatMap((round) =>
    PROVIDERS.map((provider) => round[provider].mostAheadMs),
  );
  return [
    ...PROVIDERS.flatMap((provider) => [
      row(title(`${NAMES[provider]}, no stalls`), shares(quietly, provider)),
      row(title(`${NAMES[provider]}, stalls`), shares(stalled, provider), atLeast(99)),
    ]),
    row(title(`Twilio, ${CROWD} at once`), { ours: inTime(crowd.twilio), baseline: inTime(crowd.bare) }),
    row(
      'most audio ahead of real time, ms',
      { ours: Math.max(...mostAhead), baseline: LEAD_MS },
      atMost(LEAD_MS + TIMER_MS),
    ),
  ];
}

/** Medians of the rounds. */
function shares(rounds: readonly Heard<Pacing>[], provider: Provider) {
  const of = (name: Provider | 'bare'): number[] => rounds.map((round) => inTime(round[name]));
  const { ours, baseline, ratio } = compareRounds(of(provider), of('bare'));
  return { ours: ours.median, baseline: baseline.median, ratio: ratio?.median };
}

const inTime = ({ lateMs }: Pacing): number => 100 * shareOf(lateMs, (late) => Math.abs(late) <= IN_TIME_MS);

function notesOf({ quietly, stalled }: Rounds, { twilio, bare }: Crowd, promptMs: number): string[] {
  return [
    `Audio in time: medians of ${ROUNDS} rounds, prompts of ${promptMs / 1000} s. The baseline is a bare timer on this machine at the same time, ` +
      'which is not stalled; what is due in a stall counts from its end.',
    `Late without stalls: ${latenesses(quietly)}.`,
    `Late with stalls: ${latenesses(stalled)}.`,
    `Late, ${CROWD} at once: Twilio ${lateness(twilio)}; bare timer ${lateness(bare)}.`,
  ];
}

function plotOf({ quietly, stalled }: Rounds, crowd: Crowd): Plot {
  const series = (name: string, each: readonly Pacing[]): Plot['series'][number] => ({
    name,
    points: distributionOf(each.flatMap(({ lateMs }) => lateMs)),
  });
  return {
    title: 'Audio, by how late it is sent',
    x: 'after its time, ms; less than 0: before it',
    y: 'of the messages, %',
    series: [
      ...PROVIDERS.map((name) =>
        series(
          `${NAMES[name]}, no stalls`,
          quietly.map((round) => round[name]),
        ),
      ),
      ...PROVIDERS.map((name) =>
        series(
          `${NAMES[name]}, stalls`,
          stalled.map((round) => round[name]),
        ),
      ),
      series(`Twilio, ${CROWD} at once`, [crowd.twilio]),
      series(
        NAMES.bare,
        [...quietly, ...stalled].map(({ bare }) => bare),
      ),
    ],
  };
}

const latenesses = (rounds: readonly Heard<Pacing>[]): string =>
  ([...PROVIDERS, 'bare'] as const)
    .map((name) => `${NAMES[name]} ${lateness(pooled(rounds.map((round) => round[name])))}`)
    .join('; ');

function lateness({ lateMs }: Pacing): string {
  const { least, median, most } = spreadOf(lateMs);
  const [low, half, p99, max] = [least, median, percentile(lateMs, 0.99), most].map(figure);
  return `p50 ${half}, p99 ${p99}, ${low} to ${max} ms`;
}

const pooled = (each: readonly Pacing[]): Pacing => ({
  lateMs: each.flatMap(({ lateMs }) => lateMs),
  mostAheadMs: Math.max(...each.map(({ mostAheadMs }) => mostAheadMs)),
});

const line = ({ own, promptMs }: Lines, provider: Provider): Promise<Arrival[]> =>
  listen({
    description: own.stack.description,
    provider,
    assistant: 'prompt',
    untilMs: promptMs,
    longestMs: promptMs + LONGER_MS,
  });

const bareTimer = ({ promptMs }: Lines): Promise<Arrival[]> =>
  hearBareTimer({ messages: Math.floor(promptMs / MESSAGE_MS), audioMs: MESSAGE_MS, leadMs: LEAD_MS });

async function listenToEach(lines: Lines): Promise<Heard<Arrival[]>> {
  const [twilio, exotel, bare] = await Promise.all([
    line(lines, 'twilio'),
    line(lines, 'exotel'),
    bareTimer(lines),
  ]);
  return { twilio, exotel, bare };
}

async function listenToMany(lines: Lines): Promise<Crowd> {
  const callers = Array.from({ length: CROWD }, async (_, index) => {
    await sleep((index * CROWD_OVER_MS) / CROWD);
    return line(lines, 'twilio');
  });
  const [bare, ...calls] = await Promise.all([bareTimer(lines), ...callers]);
  const judge = (arrivals: Arrival[]): Pacing => judgePacing(arrivals, { leadMs: LEAD_MS });
  return { twilio: pooled(calls.map(judge)), bare: judge(bare) };
}

/** The bare timer is not stalled. */
function judgeEach({ twilio, exotel, bare }: Heard<Arrival[]>, stalls: readonly Stall[]): Heard<Pacing> {
  const rule = { leadMs: LEAD_MS, stalls };
  return {
    twilio: judgePacing(twilio, rule),
    exotel: judgePacing(exotel, rule),
    bare: judgePacing(bare, { leadMs: LEAD_MS }),
  };
}

const NAMES: Readonly<Record<Provider | 'bare', string>> = {
  twilio: 'Twilio',
  exotel: 'Exotel',
  bare: 'bare timer',
};
