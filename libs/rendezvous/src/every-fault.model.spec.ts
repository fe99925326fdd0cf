import fc from 'fast-check';
import { type Fate } from './model/broker';
import { broken } from './model/invariants';
import { parametersFrom } from './model/parameters';
import { type Failing, type Outage } from './model/remote';
import { RELAY, World, type WorldPlan } from './model/world';

const { runs, all } = parametersFrom(process.env);
jest.setTimeout(300_000);

const at = fc.integer({ min: 0, max: 3500 });
const call = fc.constantFrom(0, 0, 0, 1, 2);
const gateway = fc.constantFrom(0, 0, 1);

/** Mostly not at all, so that faults are met alone as well as together. */
const mostlyNone = <T>(several: fc.Arbitrary<T[]>): fc.Arbitrary<T[]> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant<T[]>([]) }, { weight: 1, arbitrary: several });

const few = <T>(one: fc.Arbitrary<T>, maxLength = 1): fc.Arbitrary<T[]> =>
  mostlyNone(fc.array(one, { minLength: 1, maxLength }));

const outage: fc.Arbitrary<Outage> = fc
  .record({
    from: at,
    lasts: fc.integer({ min: 50, max: 2500 }),
    how: fc.constantFrom<Failing>('refuses', 'hangs', 'forgets'),
  })
  .map(({ from, lasts, how }) => ({ from, to: from + lasts, how }));

const never = { weight: 5, arbitrary: fc.constant(null) };

const socket = fc.record({
  at: fc.integer({ min: 0, max: 1500 }),
  call,
  gateway,
  timeoutMs: fc.constantFrom(900, 2000, 3000),
  concedeAs: fc.constantFrom('timed_out' as const, 'received' as const),
  leavesMs: fc.oneof(never, { weight: 1, arbitrary: fc.integer({ min: 0, max: 2500 }) }),
  talksMs: fc.constantFrom(100, 900),
});

const webhook = fc.record({
  at,
  call,
  dies: fc.constantFrom(false, false, true),
  crmMs: fc.oneof(never, { weight: 2, arbitrary: fc.constantFrom(0, 300, 2000) }),
  early: fc.constantFrom(false, false, true),
});

const fate: fc.Arbitrary<Fate> = fc.constantFrom(
  ...(['arrives', 'arrives', 'lost', 'twice', 'late', 'bare', 'foreign'] as const),
);

const plan: fc.Arbitrary<WorldPlan> = fc.record({
  sockets: fc.array(socket, { minLength: 1, maxLength: 3 }),
  webhooks: fc.array(webhook, { minLength: 1, maxLength: 3 }),
  endings: few(fc.record({ at, call })),
  pollMs: fc.constantFrom(250, 600, 1000),
  jitter: fc.array(fc.constantFrom(0, 0.5, 1), { minLength: 1, maxLength: 3 }),
  relay: fc.constantFrom(RELAY, null),
  drops: few(fc.record({ at, gateway }), 3),
  halfOpen: few(fc.record({ at, gateway })),
  flushes: few(fc.record({ at })),
  noise: few(fc.record({ at, call })),
  fates: fc.array(fate, { minLength: 1, maxLength: 3 }),
  link: fc.record({
    resends: fc.boolean(),
    watchdogMs: fc.constantFrom(800, 3500),
    delayMs: fc.constantFrom(0, 0, 150),
  }),
  storeOutages: few(outage, 2),
  cacheOutages: few(outage, 2),
  confused: fc.constantFrom(0, 0, 3),
});

/** What the runs have to have met, or they would prove nothing. */
const SITUATIONS = [
  ...['found by cache', 'found by database', 'found by event', 'found by poll'],
  ...['found by the last look', 'found by the last word', 'taken as it is', 'found a tombstone'],
  ...['timed-out', 'cancelled', 'came after all'],
  ...[
    'announced again',
    'announced too late',
    'webhook failed',
    'publisher died',
    'relay told',
    'relay failed',
  ],
  ...[
    'event lost',
    'event twice',
    'event late',
    'event bare',
    'event foreign',
    'event missed by a lost link',
    'event into a half-open link',
  ],
  ...['link lost', 'link lost while streams waited', 'link half-open', 'half-open link noticed'],
  ...['cache lost', 'foreign session answered'],
  ...['fault of the cache', 'fault of the store', 'fault of the signal'],
  ...['claim claimed', 'claim owned', 'claim over', 'claim unknown', 'claim failed'],
];

describe('the rendezvous, under every fault at once', () => {
  const met = new Map<string, number>();

  it('keeps its promises in every order of events', async () => {
    await fc.assert(
      fc.asyncProperty(plan, fc.scheduler(), async (given, scheduler) => {
        const world = new World(scheduler, given);
        await world.run();
        world.journal.addTo(met);
        expect(broken(world)).toEqual([]);
      }),
      all(runs(8000)),
    );
  });

  it.each(SITUATIONS)('has met: %s', (situation) => {
    expect(met.get(situation) ?? 0).toBeGreaterThan(0);
  });
});
