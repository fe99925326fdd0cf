import { failOnLeaks, TcpProxy, testServers } from '@greenroom/testing';
import type { Redis } from 'ioredis';
import { commandConnection, queueConnection } from './redis-connections';

failOnLeaks();

const none = () => undefined;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each([
  ['for commands', commandConnection],
  ['for adding jobs', queueConnection],
])('a connection %s', (_, open) => {
  let proxy: TcpProxy;
  let redis: Redis;

  beforeEach(async () => {
    const { hostname, port } = new URL(testServers().redisUrl);
    proxy = await TcpProxy.open({ host: hostname, port: Number(port) });
    redis = open(`redis://127.0.0.1:${proxy.port}`, none);
    await redis.connect();
  });
  afterEach(async () => {
    redis.disconnect();
    await proxy.close();
  });

  it('keeps the link that it made anew after one that owed it an answer', async () => {
    proxy.hold({ direction: 'down' });
    const owed = redis.ping().catch(none);
    await sleep(20);
    proxy.reset();
    proxy.release({ direction: 'down' });
    await owed;
    await sleep(2500);
    expect(await redis.ping()).toBe('PONG');
    expect(proxy.stats.connections).toBe(2);
  });

  it('cuts a link that says nothing, and makes another', async () => {
    proxy.blackhole();
    await expect(redis.ping()).rejects.toThrow();
    proxy.passes();
    await sleep(2500);
    expect(await redis.ping()).toBe('PONG');
    expect(proxy.stats.connections).toBe(2);
  });
});
