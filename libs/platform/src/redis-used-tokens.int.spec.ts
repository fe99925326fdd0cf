import { randomUUID } from 'node:crypto';
import { failOnLeaks, patientRedis, sentDuring, TcpProxy, testServers } from '@greenroom/testing';
import type { Redis } from 'ioredis';
import { commandConnection } from './redis-connections';
import { RedisUsedTokens } from './redis-used-tokens';

const environment = `spec-${randomUUID().slice(0, 8)}`;
let redis: Redis;

/** As another process would see them. */
const tokens = (connection = redis): RedisUsedTokens =>
  new RedisUsedTokens(connection, { environment, withinMs: 20_000, now: Date.now });
const later = (): number => Date.now() + 60_000;

beforeAll(async () => {
  redis = patientRedis(commandConnection(testServers().redisUrl, () => undefined));
  await redis.connect();
});

afterAll(() => redis.disconnect());

failOnLeaks();

describe('used tokens in Redis', () => {
  it('are used once, whoever asks', async () => {
    const id = randomUUID();
    const [one, other] = [tokens(), tokens()];
    expect(await other.wasUsed(id)).toBe(false);
    expect([await one.use(id, later()), await one.use(id, later()), await other.use(id, later())]).toEqual([
      true,
      false,
      false,
    ]);
    expect([await one.wasUsed(id), await other.wasUsed(id)]).toEqual([true, true]);
  });

  it('are asked about together, each with its own answer', async () => {
    const ids = Array.from({ length: 50 }, () => randomUUID());
    const used = ids.filter((_, index) => index % 3 === 0);
    for (const id of used) await tokens().use(id, later());
    const asking = tokens();
    let answers: boolean[] = [];
    const sent = await sentDuring(redis, environment, async () => {
      answers = await Promise.all(ids.map((id) => asking.wasUsed(id)));
    });
    expect(answers).toEqual(ids.map((id) => used.includes(id)));
    expect(sent.map(([name, ...keys]) => [name, keys.length])).toEqual([['mget', 50]]);
    expect(await asking.wasUsed(used[0] ?? '')).toBe(true);
  });

  it('are good for the one that used them, though the answer was lost with its link', async () => {
    const { hostname, port } = new URL(testServers().redisUrl);
    const proxy = await TcpProxy.open({ host: hostname, port: Number(port) });
    const cut = commandConnection(`redis://127.0.0.1:${proxy.port}`, () => undefined);
    try {
      await cut.connect();
      const id = randomUUID();
      proxy.hold({ direction: 'down' });
      const used = tokens(cut).use(id, later());
      while (!(await tokens().wasUsed(id))) await new Promise((resolve) => setTimeout(resolve, 5));
      proxy.reset();
      proxy.release({ direction: 'down' });
      expect(await used).toBe(true);
      expect(await tokens().use(id, later())).toBe(false);
    } finally {
      cut.disconnect();
      await proxy.close();
    }
  });

  it('are not known while Redis is away, but to the process that used them', async () => {
    const away = commandConnection(testServers().redisUrl, () => undefined);
    away.disconnect();
    const alone = tokens(away);
    const [id, other] = [randomUUID(), randomUUID()];
    expect(await alone.use(id, later())).toBe(true);
    expect(await Promise.all([alone.wasUsed(id), alone.wasUsed(other)])).toEqual([true, false]);
    expect(await alone.use(id, later())).toBe(false);
  });
});
