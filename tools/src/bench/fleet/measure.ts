import { join } from 'node:path';
import { Redis } from 'ioredis';
import { plainEnvironment, repositoryRoot } from '../../config';
import { Keeper } from '../../processes/keeper';
import { throwAwayFolder } from '../../stores/folders';
import { startRedis } from '../../stores/redis';
import { findRedis } from '../../stores/redis-runtime';
import { type Findings, type Group } from '../group';
import { playRounds } from '../rounds';
import { Announcer } from './announce';
import { type Costs, type Lengths, measureEvents, type Rig } from './event-cost';
import { Fleet } from './fleet';
import { findingsOf } from './findings';

interface Settings extends Lengths {
  rounds: number;
  /** gateways beside the one whose calls are announced; from none to the most */
  others: readonly number[];
}

const ALONE: Settings = { rounds: 7, others: [0, 1, 10, 50], events: 400, idleMs: 400 };
const BRIEF: Settings = { rounds: 5, others: [0, 1, 10, 50], events: 150, idleMs: 200 };
/** As good as nothing: so that a test sees all of it happen. */
const TRIAL: Settings = { rounds: 2, others: [0, 1, 3], events: 20, idleMs: 20 };

const ENVIRONMENT = 'bench';

async function measure(say: (line: string) => void, settings: Settings): Promise<Findings> {
  const keeper = new Keeper(true);
  const closing = [() => keeper.close()];
  try {
    say('starting a Redis and the gateways');
    const url = await privateRedis(keeper);
    const most = Math.max(...settings.others);
    const fleet = await Fleet.start({ redisUrl: url, environment: ENVIRONMENT, most });
    closing.push(() => fleet.stop());
    const [publisher, redis] = [new Redis(url), new Redis(url)];
    closing.push(() => Promise.resolve([publisher, redis].forEach((each) => each.disconnect())));
    const rig: Rig = { announcer: new Announcer(publisher, ENVIRONMENT), fleet, redis };
    return findingsOf(await rounds(rig, settings, say), settings);
  } finally {
    for (const each of closing.reverse()) await each();
  }
}

async function privateRedis(keeper: Keeper): Promise<string> {
  const dataDir = join(repositoryRoot(), '.data');
  const runtime = await findRedis({ keeper, dataDir, env: plainEnvironment(), log: () => {} });
  const folder = throwAwayFolder(keeper, null);
  return (await startRedis({ keeper, runtime, folder, throwAway: true })).url;
}

/** @returns of each number of other gateways what each round gave */
async function rounds(rig: Rig, settings: Settings, say: (line: string) => void): Promise<Costs[][]> {
  const { rounds, others } = settings;
  // the first events meet code that was never run, here and in the gateways
  await measureEvents(rig, Math.max(...others), settings);
  const variants = others.map((count) => {
    const play = (round: number): Promise<Costs> => {
      say(`round ${round} of ${rounds}: ${count} other gateways`);
      return measureEvents(rig, count, settings);
    };
    return [String(count), play] as const;
  });
  const played = await playRounds(rounds, Object.fromEntries(variants));
  return others.map((count) => played[String(count)] ?? []);
}

export const FLEET: Group = {
  name: 'fleet',
  about: 'what one event costs Redis and the gateways that it is not for, by the size of the fleet',
  longestMs: 180_000,
  measure: (say, { brief }) => measure(say, brief ? BRIEF : ALONE),
};

/** Known to `npm test` alone: its figures are worth nothing. */
export const FLEET_TRIAL: Group = {
  ...FLEET,
  name: 'fleet-trial',
  measure: (say) => measure(say, TRIAL),
};
