import { setTimeout as sleep } from 'node:timers/promises';
import { type Findings } from '../group';
import { type OwnStack } from '../own-stack';
import { figure } from '../print';
import { playRounds } from '../rounds';
import { atLeast, atMost, row } from '../row';
import { percentile, shareOf, spreadOf } from '../statistics';
import { PROMPT_MS } from './assistants';
import { judgePacing, type Arrival, type Pacing, type Stall } from './deadlines';
import { listen, type Provider } from './listen';
import { whileStalled } from './stalls';

/** How far ahead of real time the gateway is told to send, ms. */
export const LEAD_MS = 400;
/** A message is in time that is no more than this off its deadline, ms. */
const IN_TIME_MS = 5;
const ROUNDS = 2;
const CROWD = 50;
/** They begin over so long: no whole number of messages, so that not all of them have the same deadlines. */
const CROWD_OVER_MS = 3010;
const LONGEST_MS = PROMPT_MS + 15_000;

const PROVIDERS = ['twilio', 'exotel'] as const;
type OfEach = Record<Provider, Pacing>;

/** How exactly audio is sent, with the event loop left alone and with one that is stalled again and again. */
export async function measurePacing(own: OwnStack, say: (line: string) => void): Promise<Findings> {
  const quietly = async (round: number): Promise<OfEach> => {
    say(`pacing, round ${round} of ${ROUNDS}: a prompt of ${PROMPT_MS / 1000} s`);
    return judgeEach(await listenToEach(own), []);
  };
  const stalled = async (round: number): Promise<OfEach> => {
    say(`pacing, round ${round} of ${ROUNDS}: the same while the gateway is stalled 20 ms every second`);
    const { value, stalls } = await whileStalled(own.stack, () => listenToEach(own));
    return judgeEach(value, stalls);
  };
  const rounds = await playRounds(ROUNDS, { quietly, stalled });
  say(`pacing: ${CROWD} prompts at once`);
  const crowd = pooled(
    (await listenToMany(own)).map((arrivals) => judgePacing(arrivals, { leadMs: LEAD_MS })),
  );
  const findings: Findings = { rows: [], notes: [] };
  for (const provider of PROVIDERS) {
    const of = (each: readonly OfEach[]): Pacing => pooled(each.map((one) => one[provider]));
    tellOf(nameOf(provider), { quiet: of(rounds.quietly), stalled: of(rounds.stalled) }, findings);
  }
  tellOfCrowd(crowd, findings);
  return findings;
}

const line = (own: OwnStack, provider: Provider): Promise<Arrival[]> =>
  listen({
    description: own.stack.description,
    provider,
    assistant: 'prompt',
    untilMs: PROMPT_MS,
    longestMs: LONGEST_MS,
  });

async function listenToEach(own: OwnStack): Promise<Record<Provider, Arrival[]>> {
  const [twilio, exotel] = await Promise.all([line(own, 'twilio'), line(own, 'exotel')]);
  return { twilio, exotel };
}

const listenToMany = (own: OwnStack): Promise<Arrival[][]> =>
  Promise.all(
    Array.from({ length: CROWD }, async (_, index) => {
      await sleep((index * CROWD_OVER_MS) / CROWD);
      return line(own, 'twilio');
    }),
  );

function judgeEach({ twilio, exotel }: Record<Provider, Arrival[]>, stalls: readonly Stall[]): OfEach {
  const rule = { leadMs: LEAD_MS, stalls };
  return { twilio: judgePacing(twilio, rule), exotel: judgePacing(exotel, rule) };
}

const pooled = (each: readonly Pacing[]): Pacing => ({
  lateMs: each.flatMap(({ lateMs }) => lateMs),
  mostAheadMs: Math.max(...each.map(({ mostAheadMs }) => mostAheadMs)),
});

const nameOf = (provider: Provider): string => (provider === 'twilio' ? 'Twilio' : 'Exotel');

const inTime = ({ lateMs }: Pacing): number => 100 * shareOf(lateMs, (late) => Math.abs(late) <= IN_TIME_MS);

function tellOf(
  provider: string,
  { quiet, stalled }: { quiet: Pacing; stalled: Pacing },
  { rows, notes }: Findings,
): void {
  rows.push(
    row(
      `audio sent within ${IN_TIME_MS} ms of its time, stalls, ${provider}, %`,
      { ours: inTime(stalled), baseline: inTime(quiet) },
      atLeast(99),
    ),
    row(
      `most audio ahead of real time, ${provider}, ms`,
      { ours: Math.max(quiet.mostAheadMs, stalled.mostAheadMs), baseline: LEAD_MS },
      atMost(LEAD_MS),
    ),
  );
  notes.push(
    `Audio late, ${provider}, without stalls: ${lateness(quiet)}; with stalls: ${lateness(stalled)}. ` +
      'What is due in a stall counts from its end; the baseline of the first row is without stalls.',
  );
}

function tellOfCrowd(crowd: Pacing, { rows, notes }: Findings): void {
  rows.push(
    row(`audio sent within ${IN_TIME_MS} ms of its time, ${CROWD} at once, %`, { ours: inTime(crowd) }),
  );
  notes.push(`Audio late, ${CROWD} prompts at once: ${lateness(crowd)}.`);
}

function lateness({ lateMs }: Pacing): string {
  const { least, median, most } = spreadOf(lateMs);
  const high = percentile(lateMs, 0.99);
  const [low, half, p99, max] = [least, median, high, most].map(figure);
  return `p50 ${half}, p99 ${p99}, ${low} to ${max} ms`;
}
