import type { IncomingMessage } from 'node:http';
import type { GatewayConfig } from './config';
import { upgradeOptions } from './upgrade-options';

const CONFIG = {
  ...{ TRUSTED_PROXIES: [], MAX_REFUSALS_PER_SECOND: 2, MAX_LOOP_LAG_MS: 200, MAX_UNSTARTED: 10 },
  ...{ accounts: { find: () => null }, DEMO_MODE: false, mediaUrl: 'wss://x', STREAM_TOKEN_SECRETS: ['x'] },
} as unknown as GatewayConfig;

const from = (remoteAddress: string) =>
  ({
    method: 'GET',
    url: '/no/such',
    headers: {},
    rawHeaders: [],
    socket: { remoteAddress },
  }) as unknown as IncomingMessage;

it('tells of each refusal up to the limit, and once a second of what is turned away unseen', () => {
  const told: unknown[] = [];
  const counted: string[] = [];
  const options = upgradeOptions(CONFIG, {
    lagMs: () => 0,
    streams: { draining: false, unstarted: 0 },
    usedTokens: { wasUsed: () => Promise.resolve(false) },
    metrics: { upgrades: { inc: ({ status }: { status: string }) => counted.push(status) } },
    logger: { warn: ({ status }: { status: number }) => told.push(status), debug: () => undefined },
  } as unknown as Parameters<typeof upgradeOptions>[1]);
  const knock = (address: string) => options.onUpgrade(options.admit(from(address)), from(address));
  for (let tries = 0; tries < 10; tries += 1) knock('10.0.0.1');
  knock('10.0.0.2');
  expect(told).toEqual([404, 404, 503, 404]);
  // all of them are counted
  expect(counted.filter((status) => status === '503')).toHaveLength(8);
});
