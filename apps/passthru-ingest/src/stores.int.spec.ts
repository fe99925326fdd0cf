import { randomUUID } from 'node:crypto';
import { createLogger } from '@greenroom/platform';
import { announcementOf, newKey } from '@greenroom/rendezvous/contract';
import { createTestDatabase, failOnLeaks, testServers, type TestDatabase } from '@greenroom/testing';
import { Stores } from './stores';

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase()));
afterAll(() => database.drop());
failOnLeaks();

it('are not closed before what was settled is written', async () => {
  const config = {
    ...{ DATABASE_URL: database.url, DATABASE_POOL_SIZE: 3, REDIS_URL: testServers().redisUrl },
    ...{ ENVIRONMENT: `spec-${randomUUID().slice(0, 8)}`, SESSION_CACHE_SECONDS: 60 },
  };
  const stores = new Stores(config, 'spec', createLogger('spec', 'silent'));
  await stores.open();
  const announcements = Array.from({ length: 100 }, () => announcementOf(newKey(), { customer: null }));
  const announced = await Promise.all(
    announcements.map((each) => stores.sessions.announce(each, { pending: false })),
  );
  for (const { debt } of announced) stores.outbox.settle(debt!);
  await stores.close();
  expect(await database.query('SELECT FROM outbox')).toHaveLength(100);
  expect(await database.query('SELECT FROM outbox WHERE published_at IS NULL')).toEqual([]);
});
