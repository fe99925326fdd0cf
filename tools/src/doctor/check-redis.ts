import { randomUUID } from 'node:crypto';
import { queuePrefix } from '@greenroom/contracts';
import type { Redis } from 'ioredis';
import { judgeUnreachable, placeOf, withRedis } from './connections';
import { notChecked, ok, warning, wrong, type Check, type NamedVerdict, type Verdict } from './finding';
import type { Setup } from './setup';

/** What the tests of a key leave behind, if this program dies in between, is gone after so long. s */
const KEY_SECONDS = 10;
/** An event that takes longer is nearly as late as the database. ms */
const SLOW_MS = 50;

export const redisChecks = ({
  redisUrl,
  queueRedisUrl,
  queueSetting,
  deployment,
  composed,
}: Setup): Check[] => [
  {
    group: 'stores',
    name: 'Redis',
    run: () => look(redisUrl, { setting: 'REDIS_URL', composed, at: (url) => lookAtCache(url, deployment) }),
  },
  {
    group: 'stores',
    name: 'Redis of the queue',
    run: () =>
      look(queueRedisUrl, {
        setting: queueSetting,
        composed,
        at: (url) => lookAtQueue(url, deployment),
      }),
  },
];

interface Look<T> {
  setting: string;
  composed: boolean;
  at: (url: string) => Promise<T>;
}

async function look<T>(url: string | null, { setting, composed, at }: Look<T>): Promise<T | Verdict> {
  if (url === null) return notChecked(`${setting} is missing or wrong`);
  try {
    return await at(url);
  } catch (error) {
    return judgeUnreachable(error, `${placeOf(url)}, ${setting}`, composed);
  }
}

async function lookAtCache(url: string, deployment: string): Promise<NamedVerdict[]> {
  const prefix = `greenroom:${deployment}:doctor:`;
  const server = await withRedis(url, async (redis) => {
    const { redis_version: version = '?' } = await infoOf(redis, 'server');
    const kept = await keepsKeys(redis, prefix);
    return kept
      ? ok(`${version} at ${placeOf(url)}, SET and GET`)
      : wrong('what was SET was not there at the GET');
  });
  const heardMs = await withRedis(url, (listener) =>
    withRedis(url, (speaker) => roundTrip(listener, speaker, `${prefix}${randomUUID()}`)),
  );
  return [
    { name: 'Redis', ...server },
    { name: 'Redis pub/sub', ...judgeRoundTrip(heardMs) },
  ];
}

async function lookAtQueue(url: string, deployment: string): Promise<Verdict> {
  return withRedis(url, async (redis) => {
    const memory = await infoOf(redis, 'memory');
    const { aof_enabled: appends } = await infoOf(redis, 'persistence');
    if (!(await keepsKeys(redis, `${queuePrefix(deployment)}:doctor:`))) {
      return wrong('what was SET was not there at the GET');
    }
    return judgeQueue({ policy: memory['maxmemory_policy'] ?? null, appends: appends !== '0' }, placeOf(url));
  });
}

export function judgeQueue(queue: { policy: string | null; appends: boolean }, place: string): Verdict {
  const { policy, appends } = queue;
  if (policy === null) return warning(`${place} does not tell its maxmemory-policy: it has to be noeviction`);
  if (policy !== 'noeviction') {
    return wrong(`${place} has maxmemory-policy ${policy}: jobs would be thrown away. Set it to noeviction`);
  }
  if (!appends)
    return warning(`${place}, noeviction, but no append-only file: its jobs are gone when it restarts`);
  return ok(`${place}, noeviction, append-only file`);
}

export function judgeRoundTrip(ms: number | null): Verdict {
  if (ms === null)
    return wrong('what was published was never received: a pooler or a proxy without pub/sub?');
  const took = `published and received in ${ms.toFixed(1)} ms`;
  return ms > SLOW_MS ? warning(`${took}: sessions will come late`) : ok(took);
}

/** ms from PUBLISH to its arrival on another connection; null: it has not come. */
async function roundTrip(listener: Redis, speaker: Redis, channel: string): Promise<number | null> {
  await listener.subscribe(channel);
  let timer: NodeJS.Timeout | undefined;
  const arrived = new Promise<number | null>((resolve) => {
    listener.once('message', () => resolve(performance.now()));
    timer = setTimeout(() => resolve(null), 1000);
  });
  const sentAt = performance.now();
  await speaker.publish(channel, 'doctor');
  const at = await arrived;
  clearTimeout(timer);
  return at === null ? null : at - sentAt;
}

async function keepsKeys(redis: Redis, prefix: string): Promise<boolean> {
  const [key, value] = [prefix + randomUUID(), randomUUID()];
  await redis.set(key, value, 'EX', KEY_SECONDS);
  const found = await redis.get(key);
  await redis.del(key);
  return found === value;
}

/** A section of `INFO`, which managed servers allow where they forbid `CONFIG`. */
async function infoOf(redis: Redis, section: string): Promise<Readonly<Record<string, string>>> {
  return parseInfo(await redis.info(section));
}

export const parseInfo = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...text.matchAll(/^([a-z_]+):(.*?)\r?$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
