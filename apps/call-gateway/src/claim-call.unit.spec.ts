import { createLogger, systemClock } from '@greenroom/platform';
import { MemoryNextSteps, MemorySessionStore, type ClaimRequest } from '@greenroom/rendezvous';
import { announcementOf, newKey, sessionOf } from '@greenroom/rendezvous/contract';
import type { AnswerPorts, Line } from './call';
import { claimCall } from './claim-call';

const LEASE_MS = 15_000;
const SILENT = createLogger('spec', 'silent');

/** A stream whose call another connection has claimed in Redis, since the store was away. */
async function setUp() {
  const store = new MemorySessionStore();
  const key = newKey();
  await store.announce(announcementOf(key), { pending: false });
  const gone = new AbortController();
  const closes: string[] = [];
  const connection = {
    ended: gone.signal,
    lastMessageAt: 0,
    close: (why: string) => void closes.push(why),
  };
  const line = { connection, key, logger: SILENT } as unknown as Line;
  const ports = {
    store,
    claims: { take: () => Promise.resolve(false), release: () => Promise.resolve() },
    nextSteps: new MemoryNextSteps(),
    clock: systemClock,
    logger: SILENT,
    gateway: 'spec',
    leaseMs: LEASE_MS,
  } as unknown as AnswerPorts;
  const waited = { outcome: 'ready', session: sessionOf(key), found: 'cache', waitedMs: 1 } as const;
  return { store, key, closes, claim: () => claimCall(line, waited, ports) };
}

const at = (ms: number) => jest.advanceTimersByTimeAsync(ms);

describe('a stream whose call another connection drives', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('takes it over when that one yields, though the store came back only after the time for that', async () => {
    const { store, key, closes, claim } = await setUp();
    const inStore = store.claim.bind(store);
    store.claim = () => Promise.reject(new Error('away'));
    const claiming = claim();
    await at(6000);
    const other: ClaimRequest = { key, owner: 'other', leaseMs: LEASE_MS, found: 'cache', waitedMs: 1 };
    const first = await Promise.all([inStore(other), at(0)]);
    store.claim = inStore;
    await at(1000);
    const { epoch } = first[0] as { epoch: number };
    await Promise.all([store.renew({ key, owner: 'other', epoch }, LEASE_MS, true), at(0)]);
    await at(1000);
    const call = await claiming;
    expect([call?.session.state, closes]).toEqual(['active', []]);
    await Promise.all([call?.claim.finish({ outcome: 'completed', closeCode: 1000 }), at(0)]);
  });

  it('gives it up when that one renews although it had the time to yield', async () => {
    const { store, key, closes, claim } = await setUp();
    const other: ClaimRequest = { key, owner: 'other', leaseMs: LEASE_MS, found: 'cache', waitedMs: 1 };
    const [claimed] = await Promise.all([store.claim(other), at(0)]);
    const { epoch } = claimed as { epoch: number };
    const claiming = claim();
    await at(5000);
    await Promise.all([store.renew({ key, owner: 'other', epoch }, LEASE_MS), at(0)]);
    await at(1000);
    expect([await claiming, closes]).toEqual([null, ['notOwner']]);
  });
});
