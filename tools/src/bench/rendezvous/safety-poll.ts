import { setTimeout as sleep } from 'node:timers/promises';
import { familyMsOf, processorMsOf } from '../process-usage';
import { playRounds } from '../rounds';
import { type Crowd } from './crowd';
import { takeObserved } from './observation';
import { DONE, order } from './orders';
import { type Stage } from './stage';

export interface SafetyPollOptions {
  rounds: number;
  waiting: number;
  /** ms for which the gateway is left to itself */
  windowMs: number;
}

/** Processor time of one look for all that wait, ms, of each round: of gateway or baseline, Redis and Postgres together. */
export interface LookCosts {
  ours: number[];
  single: number[];
}

/** What the gateway's own look for all of them costs, and what it costs to look for each of them by itself. */
export async function measureSafetyPoll(
  stage: Stage,
  crowd: Crowd,
  { rounds, waiting, windowMs }: SafetyPollOptions,
): Promise<LookCosts> {
  const { gateway, polling, own } = stage;
  let looked = 0;
  const { ours, single } = await playRounds(rounds, {
    ours: async () => {
      await crowd.fillUp(waiting);
      await takeObserved(gateway, own.folder);
      const usedMs = await whileUsed(stage, gateway.pid, () => sleep(windowMs));
      const { postgres } = await takeObserved(gateway, own.folder);
      const statements = postgres['greenroom-find-many'];
      if (statements === undefined) throw new Error('The gateway has not looked for the calls that wait.');
      return (usedMs * statementsOf(waiting)) / statements;
    },
    single: () =>
      whileUsed(stage, polling.pid, async () => {
        const range = { series: 'looks', first: waiting * looked++, count: waiting };
        await order(polling, 'look-once', range, DONE);
      }),
  });
  return { ours, single };
}

/** Calls that the gateway looks for by one MGET and one statement; one look for all of them is so many of these. */
const LOOKED_FOR_AT_ONCE = 500;
const statementsOf = (waiting: number): number => Math.ceil(waiting / LOOKED_FOR_AT_ONCE);

/** Processor time, ms, of this process and both stores while the work lasts. */
async function whileUsed({ own }: Stage, pid: number, work: () => Promise<unknown>): Promise<number> {
  const { redis, postgres } = own.stores;
  const used = (): number =>
    (processorMsOf(pid) ?? 0) +
    (redis ? (processorMsOf(redis.pid) ?? 0) : 0) +
    (postgres ? (familyMsOf(postgres.pid) ?? 0) : 0);
  const before = used();
  await work();
  return used() - before;
}
