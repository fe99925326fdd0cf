import { setTimeout as sleep } from 'node:timers/promises';
import { failOnLeaks, testServers } from '@greenroom/testing';
import { Redis } from 'ioredis';
import { placeManyCalls } from '../src/many-calls';
import { useStack } from './running-stack';

/** Ingest and worker cannot reach Redis, the gateway can: every event is lost, whatever is tried. */
const nowhere = { REDIS_URL: 'redis://127.0.0.1:1' };
const stack = useStack(() => ({ env: { ingest: nowhere, worker: nowhere } }));
failOnLeaks();

it('finds 100 waiting streams through Postgres within 2.5 s of the commit, Redis emptied and no event sent', async () => {
  const redis = new Redis(testServers().redisUrl);
  const placing = placeManyCalls({ call: { stack: stack().description, webhookDelayMs: 3000 }, count: 100 });
  await sleep(2000);
  await redis.flushall();
  redis.disconnect();
  const result = await placing;
  expect(result.failures).toEqual([]);
  expect(result).toMatchObject({ asExpected: 100, crossed: 0, lost: 0 });
  expect(result.found['poll']).toBeGreaterThan(90);
  const [worst] = await stack().database.query<{ ms: string }>(
    `SELECT max(extract(epoch FROM c.at - a.at) * 1000) AS ms FROM call_events c
     JOIN call_events a ON a.session_id = c.session_id AND a.type = 'announced' WHERE c.type = 'claimed'`,
  );
  expect(Number(worst?.ms)).toBeLessThan(2500);
}, 60_000);
