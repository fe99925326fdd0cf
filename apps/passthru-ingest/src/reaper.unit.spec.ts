import type { CallKey, RunCallCommand } from '@greenroom/contracts';
import { createLogger } from '@greenroom/platform';
import { MemorySessionStore } from '@greenroom/rendezvous';
import { announcementOf, newKey } from '@greenroom/rendezvous/contract';
import { hangUpLost } from './hang-up-lost';
import { Reaper } from './reaper';

const logger = createLogger('spec', 'silent');

function commandsTo(away: boolean) {
  const [queued, run]: [RunCallCommand[], RunCallCommand[]] = [[], []];
  const ports = {
    commandQueue: {
      runCallCommand: (data: RunCallCommand) =>
        away ? Promise.reject(new Error('away')) : Promise.resolve(void queued.push(data)),
    },
    background: {
      start: (key: CallKey, command: RunCallCommand['command']) => void run.push({ key, command }),
    },
    ...{ queueTimeoutMs: 20_000, logger },
  };
  return { queued, run, ports };
}

describe('calls of a gateway that has died', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('are ended, and told to whoever has to end them at the provider', async () => {
    const store = new MemorySessionStore();
    const lost = newKey({ provider: 'telnyx' });
    for (const key of [lost, newKey()]) await store.announce(announcementOf(key), { pending: false });
    await store.claim({ key: lost, owner: 'a', leaseMs: -60_000, found: 'event', waitedMs: 1 });
    const told: (readonly CallKey[])[] = [];
    const reaped: string[] = [];
    const reaper = new Reaper(store, logger, {
      ...{ intervalMs: 1000, graceMs: 5000, unansweredMs: 60_000 },
      onReaped: (outcome, count) => reaped.push(`${outcome} ${count}`),
      onLost: (calls) => Promise.resolve(void told.push(calls)),
    });
    reaper.start();
    await jest.advanceTimersByTimeAsync(3500);
    await reaper.stop();
    expect([told, reaped]).toEqual([[[lost]], ['lost 1']]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('are told from those whose gateway could not renew, since the store was away', async () => {
    const store = new MemorySessionStore();
    const [alive, dead] = [newKey(), newKey()];
    const claim = async (key: CallKey) => {
      await store.announce(announcementOf(key), { pending: false });
      await store.claim({ key, owner: 'a', leaseMs: 15_000, found: 'event', waitedMs: 1 });
    };
    const told: CallKey[] = [];
    const reaper = new Reaper(store, logger, {
      ...{ intervalMs: 5000, graceMs: 5000, unansweredMs: 3_600_000 },
      onReaped: () => undefined,
      onLost: (calls) => Promise.resolve(void told.push(...calls)),
    });
    reaper.start();
    await Promise.all([claim(alive), claim(dead), jest.advanceTimersByTimeAsync(100)]);
    const reap = store.reap.bind(store);
    store.reap = () => Promise.reject(new Error('away'));
    await jest.advanceTimersByTimeAsync(60_000);
    store.reap = reap;
    await jest.advanceTimersByTimeAsync(7000);
    expect(told).toEqual([]);
    await Promise.all([
      store.renew({ key: alive, owner: 'a', epoch: 1 }, 60_000),
      jest.advanceTimersByTimeAsync(15_000),
    ]);
    expect(told).toEqual([dead]);
    await reaper.stop();
  });

  it.each([false, true])(
    'are hung up where they outlive their stream, with the queue away: %s',
    async (away) => {
      const { queued, run, ports } = commandsTo(away);
      const [telnyx, twilio] = [newKey({ provider: 'telnyx' }), newKey({ provider: 'twilio' })];
      await hangUpLost([twilio, telnyx], ports);
      const command = { key: telnyx, command: { kind: 'hang-up', callId: telnyx.callId } };
      expect([queued, run]).toEqual(away ? [[], [command]] : [[command], []]);
    },
  );
});
