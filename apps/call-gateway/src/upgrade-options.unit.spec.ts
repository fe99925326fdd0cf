import type { IncomingMessage } from 'node:http';
import type { GatewayConfig } from './config';
import { upgradeOptions } from './upgrade-options';

const CONFIG = {
  ...{ TRUSTED_PROXIES: [], MAX_REFUSALS_PER_SECOND: 2, MAX_LOOP_LAG_MS: 200, MAX_UNSTARTED: 10 },
  ...{ accounts: { find: () => null }, DEMO_MODE: false, mediaUrl: 'wss://x', STREAM_TOKEN_SECRETS: ['x'] },
} as unknown as GatewayConfig;

const from = (remoteAddress: string, headers: IncomingMessage['headers'] = {}) =>
  ({
    method: 'GET',
    url: '/no/such',
    headers,
    rawHeaders: [],
    socket: { remoteAddress },
  }) as unknown as IncomingMessage;

const parts = (more: object) =>
  ({
    lagMs: () => 0,
    streams: { draining: false, unstarted: 0 },
    usedTokens: { wasUsed: () => Promise.resolve(false) },
    metrics: { upgrades: { inc: () => undefined } },
    logger: { warn: () => undefined, debug: () => undefined },
    ...more,
  }) as unknown as Parameters<typeof upgradeOptions>[1];

it('tells of each refusal up to the limit, and once a second of what is turned away unseen', () => {
  const told: unknown[] = [];
  const counted: string[] = [];
  const options = upgradeOptions(
    CONFIG,
    parts({
      metrics: { upgrades: { inc: ({ status }: { status: string }) => counted.push(status) } },
      logger: { warn: ({ status }: { status: number }) => told.push(status), debug: () => undefined },
    }),
  );
  const knock = (address: string) => options.onUpgrade(options.admit(from(address)), from(address));
  for (let tries = 0; tries < 10; tries += 1) knock('10.0.0.1');
  knock('10.0.0.2');
  expect(told).toEqual([404, 404, 503, 404]);
  // all of them are counted
  expect(counted.filter((status) => status === '503')).toHaveLength(8);
});

it.each([
  ['10.0.0.1', undefined, '10.0.0.1'],
  ['10.0.0.1', '', '10.0.0.1'],
  ['10.0.0.1', ' , ', '10.0.0.1'],
  ['::ffff:10.0.0.1', '203.0.113.7', '203.0.113.7'],
  ['10.0.0.1', '198.51.100.9, 203.0.113.7', '203.0.113.7'],
  ['10.0.0.1', '203.0.113.7, 10.0.0.2', '203.0.113.7'],
  ['10.0.0.1', '203.0.113.7,', '203.0.113.7'],
  ['10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
  ['198.51.100.9', '203.0.113.7', '198.51.100.9'],
])('takes %s, forwarded for %j, for %s', (peer, forwarded, address) => {
  const account = {
    ...{ provider: 'exotel', name: 'default', allowCidrs: [`${address}/32`] },
    credentials: { basic: [], pathSecrets: [], authTokens: [], publicKeys: [], signatureSecrets: [] },
  };
  const accounts = { find: () => account } as unknown as GatewayConfig['accounts'];
  const options = upgradeOptions({ ...CONFIG, accounts, TRUSTED_PROXIES: ['10.0.0.0/8'] }, parts({}));
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  expect(
    options.admit({ ...from(peer, headers), url: '/ws/exotel/default' } as IncomingMessage),
  ).toMatchObject({ admitted: true });
});
