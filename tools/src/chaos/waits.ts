import { setTimeout as sleep } from 'node:timers/promises';
import { Caller } from './caller';
import { atRate, hangUpAll, hearing, openCrowd, targetOf } from './crowd';
import { reading, readings } from './metrics';
import { Webhooks } from './provider';
import { countEvents, countSessions, msUntil } from './records';
import { type Rig } from './rig';
import { PLAIN, UNTOUCHED } from './rigs';
import { Findings, type Outcome, type Scenario, type Size, worst } from './scenario';

const WAIT_MS = 10_000;
const TOLERANCE_MS = 250;
const CLEAN_MS = 10_000;

const GAUGES = ['waiters', 'open_streams', 'unstarted_sockets', 'buffered_bytes', 'active_calls'].map(
  (name) => `greenroom_gateway_${name}`,
);

async function randomCloses(rig: Rig, size: Size): Promise<Outcome> {
  const count = size === 'full' ? 1000 : 200;
  const findings = new Findings();
  await warmUp(rig);
  const before = await handles(rig);
  const webhooks = new Webhooks(rig.stack.description);
  const refused = await atRate(count, count * 10, async (index) => {
    const caller = new Caller(targetOf(rig, index % rig.stack.gateways.length), `${rig.prefix}${index}`);
    // every fourth is announced at about the moment at which it leaves
    if (index % 4 === 0)
      setTimeout(() => void webhooks.announce(caller.callId), Math.random() * 1500).unref();
    return leaveAtRandom(caller, index);
  });
  const turnedAway = refused.filter(Boolean).length;
  findings.expect(turnedAway === 0, `${turnedAway} sockets were refused`);
  for (const gauge of GAUGES) {
    const clean = await msUntil(async () => (await readings(rig, gauge)) === 0, CLEAN_MS);
    findings.expect(clean !== null, `${gauge} is ${await readings(rig, gauge)}, not 0`);
  }
  await judgeChannels(rig, findings);
  const cleanMs = await msUntil(async () => excess(before, await handles(rig)).length === 0, CLEAN_MS);
  const left = excess(before, await handles(rig));
  findings.expect(cleanMs !== null, `handles are left over: ${left.join(', ')}`);
  findings.note(`handles before: ${[...before].map(([kind, n]) => `${kind} ${n}`).join(', ')}`);
  const driven = await msUntil(async () => (await countSessions(rig, `state = 'active'`)) === 0, CLEAN_MS);
  findings.expect(driven !== null, 'sessions of streams that are gone are still active');
  return findings.outcome({ placed: count, found: count, lost: turnedAway, worstMs: null });
}

/** A few whole calls, so that what a process opens once is open. */
async function warmUp(rig: Rig): Promise<void> {
  const webhooks = new Webhooks(rig.stack.description);
  const crowd = await openCrowd(
    { ...rig, prefix: `${rig.prefix}warm-` },
    { count: 20, overMs: 500, frames: 4 },
  );
  await Promise.all(crowd.map(({ callId }) => webhooks.announce(callId)));
  await hearing(crowd, 5000);
  await hangUpAll(crowd);
  await sleep(2500);
}

/** @returns whether it was refused */
async function leaveAtRandom(caller: Caller, index: number): Promise<boolean> {
  const status = await caller.answered;
  if (status !== 101) return true;
  // every tenth never says which call it is
  if (index % 10 !== 0) {
    caller.start();
    caller.talk();
  }
  await sleep(Math.random() * 1500);
  if (index % 3 === 0) caller.vanish();
  else if (index % 3 === 1) caller.close(1000);
  else await caller.hangUp();
  await caller.ended;
  return false;
}

async function judgeChannels(rig: Rig, findings: Findings): Promise<void> {
  const channels = () => rig.withRedis((redis) => redis.pubsub('CHANNELS', '*'));
  const none = await msUntil(async () => (await channels()).length === 0, CLEAN_MS);
  findings.expect(none !== null, `${(await channels()).length} channels are still subscribed`);
}

const KINDS = ['TCPSocketWrap', 'TCPServerWrap', 'Timeout', 'Immediate'];

async function handles({ stack }: Rig): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const gateway of stack.gateways) {
    for (const type of KINDS) {
      const count = await reading(gateway, 'nodejs_active_resources', { type });
      counts.set(`${gateway.name} ${type}`, count);
    }
  }
  return counts;
}

const excess = (before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): string[] =>
  [...now]
    .filter(([kind, count]) => count > (before.get(kind) ?? 0))
    .map(([kind, count]) => `${kind} ${count}, before ${before.get(kind) ?? 0}`);

async function nobodyAnnounces(rig: Rig, size: Size): Promise<Outcome> {
  const count = size === 'full' ? 20 : 5;
  const findings = new Findings();
  const crowd = await openCrowd(rig, { count, overMs: count * 50, frames: 4 });
  crowd.forEach((caller) => caller.talk(2));
  const ends = await Promise.all(crowd.map(({ ended }) => ended));
  const off = crowd.map(({ startedAt }, index) =>
    Math.abs((ends[index]?.at ?? 0) - (startedAt ?? 0) - WAIT_MS),
  );
  const right = ends.filter(
    ({ code, reason }) => code === 1000 && reason === 'No customer data found after waiting',
  ).length;
  findings.expect(right === count, `${right} of ${count} were closed as not found`);
  findings.expect(worst(off) <= TOLERANCE_MS, `a wait ended ${Math.round(worst(off))} ms off its deadline`);
  const tombstones = await countSessions(rig, `state = 'timed_out' AND outcome = 'no-customer-data'`);
  const told = await countEvents(rig, 'wait-timed-out');
  findings.expect(
    tombstones === count && told === count,
    `${tombstones} tombstones and ${told} events for ${count} calls`,
  );
  return findings.outcome({ placed: count, found: 0, lost: 0, worstMs: worst(off) });
}

export const WAITS: readonly Scenario[] = [
  {
    name: 'random-closes',
    what: '1,000 sockets that leave at random moments while they wait',
    bound: 'waiters, streams, buffers, channels and handles as before',
    rig: UNTOUCHED,
    run: randomCloses,
  },
  {
    name: 'nobody-announces',
    what: '20 calls that nobody announces',
    bound: 'timed out once each, at 10 s within 250 ms',
    rig: PLAIN,
    run: nobodyAnnounces,
  },
];
