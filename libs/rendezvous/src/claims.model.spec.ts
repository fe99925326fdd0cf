import fc from 'fast-check';
import { broken } from './model/invariants';
import { parametersFrom } from './model/parameters';
import { type Failing } from './model/remote';
import { World } from './model/world';

const { runs, all } = parametersFrom(process.env);
jest.setTimeout(300_000);

/** Streams of one call, on two gateways, of which some stand still for longer than their lease. */
const socket = fc.record({
  at: fc.nat({ max: 600 }),
  call: fc.constant(0),
  gateway: fc.nat({ max: 1 }),
  timeoutMs: fc.constantFrom(400, 2000),
  concedeAs: fc.constantFrom('timed_out' as const, 'received' as const),
  leavesMs: fc.constant(null),
  talksMs: fc.constantFrom(0, 300, 900),
  freezesMs: fc.constantFrom(0, 0, 700, 1500),
});

const webhook = fc.record({
  at: fc.nat({ max: 800 }),
  call: fc.constant(0),
  dies: fc.boolean(),
  crmMs: fc.constantFrom(null, null, 300),
});

const outage = fc
  .record({
    from: fc.nat({ max: 2000 }),
    lasts: fc.nat({ max: 600 }),
    how: fc.constantFrom<Failing>('refuses', 'forgets'),
  })
  .map(({ from, lasts, how }) => ({ from, to: from + lasts, how }));

const plan = fc.record({
  sockets: fc.array(socket, { minLength: 2, maxLength: 4 }),
  webhooks: fc.array(webhook, { minLength: 1, maxLength: 3 }),
  endings: fc.array(fc.record({ at: fc.nat({ max: 3000 }), call: fc.constant(0) }), { maxLength: 2 }),
  pollMs: fc.constant(300),
  storeOutages: fc.array(outage, { maxLength: 1 }),
});

const SITUATIONS = [
  'claim claimed',
  'claim owned',
  'claim over',
  'claim failed',
  'claim lost',
  'claimed again',
];

describe('claims', () => {
  const met = new Map<string, number>();

  it('leave one owner a call, whoever stands still, and whatever answer is lost', async () => {
    await fc.assert(
      fc.asyncProperty(plan, fc.scheduler(), async (given, scheduler) => {
        const world = new World(scheduler, given);
        await world.run();
        if (world.store.ownerWrites.some(({ kind, epoch }) => kind === 'claim' && (epoch ?? 0) > 1))
          world.journal.note('claimed again');
        world.journal.addTo(met);
        expect(broken(world)).toEqual([]);
      }),
      all(runs(2500)),
    );
  });

  it.each(SITUATIONS)('have met: %s', (situation) => {
    expect(met.get(situation) ?? 0).toBeGreaterThan(0);
  });
});
