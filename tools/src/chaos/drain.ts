import { setTimeout as sleep } from 'node:timers/promises';
import { type StackProcess } from '../stack/stack-process';
import { Caller, type Ended } from './caller';
import { atRate, hearing, openCrowd, targetOf } from './crowd';
import { Webhooks } from './provider';
import { countSessions, msUntil } from './records';
import { type Rig } from './rig';
import { DRAINED } from './rigs';
import { Findings, type Outcome, type Scenario, type Size } from './scenario';

const NOT_READY_MS = 1000;
/** what closes of sockets and writes of the ends may add to the time for the drain */
const DRAIN_EXTRA_MS = 3000;
const AT_ONCE_MS = 1000;

/** A sleep that may lose a race, and then keeps nobody waiting. */
const patience = (ms: number): Promise<void> => sleep(ms, undefined, { ref: false });

/** Calls in conversation on one gateway. */
async function callsOn(rig: Rig, gateway: number, count: number): Promise<Caller[]> {
  const webhooks = new Webhooks(rig.stack.description);
  await atRate(count, count * 8, (index) => webhooks.announce(`${rig.prefix}${index}`));
  const crowd = await openCrowd(rig, { count, overMs: count * 15, frames: 4, gateways: [gateway] });
  crowd.forEach((caller) => caller.talk(2));
  const heard = await hearing(crowd, 5000);
  if (heard < count) throw new Error(`${count} calls were placed, and ${heard} of them were answered.`);
  return crowd;
}

async function drainPatiently(rig: Rig, size: Size): Promise<Outcome> {
  const [count, shortest, longest] = size === 'full' ? [200, 5000, 20_000] : [30, 1000, 4000];
  const findings = new Findings();
  const gateway = gatewayOf(rig, 0);
  const crowd = await callsOn(rig, 0, count);
  const ending = rig.end(gateway, 'SIGTERM');
  const askedAt = performance.now();
  const leaving = crowd.map(async (caller): Promise<Ended> => {
    await Promise.race([patience(shortest + Math.random() * (longest - shortest)), caller.ended]);
    return caller.end ?? caller.hangUp();
  });
  await judgeNotReady(gateway, findings, askedAt);
  const statuses = await knockUntilGone(rig, ending);
  const ends = await Promise.all(leaving);
  const { code, signal } = await ending;
  findings.expect(code === 0, `the exit was ${signal ?? code}`);
  const cut = ends.filter((end) => end.code !== 1000);
  findings.expect(cut.length === 0, `${cut.length} calls were closed with ${cut[0]?.code} ${cut[0]?.reason}`);
  const refused = statuses.filter((status) => status === 503).length;
  findings.expect(!statuses.includes(101), 'a stream was accepted while the gateway drained');
  findings.expect(refused > 0, 'no upgrade was refused with 503');
  findings.note(
    `${refused} upgrades refused with 503; gone ${Math.round((performance.now() - askedAt) / 1000)} s after SIGTERM`,
  );
  const completed = await countSessions(rig, `outcome = 'completed'`);
  findings.expect(completed === count, `${completed} of ${count} calls were written as completed`);
  return findings.outcome({ placed: count, found: completed, lost: cut.length, worstMs: null });
}

async function judgeNotReady(
  { adminPort }: StackProcess,
  findings: Findings,
  askedAt: number,
): Promise<void> {
  const notReady = await msUntil(
    async () => (await fetch(`http://127.0.0.1:${adminPort}/readyz`)).status === 503,
    NOT_READY_MS,
    askedAt,
  );
  findings.expect(notReady !== null, `/readyz did not say 503 within ${NOT_READY_MS} ms`);
}

/** Tries to open a stream every half second until the process has ended. */
async function knockUntilGone(rig: Rig, ending: Promise<unknown>): Promise<number[]> {
  let gone = false;
  void ending.then(() => (gone = true));
  const statuses: number[] = [];
  for (let knock = 0; !gone; knock++) {
    const caller = new Caller(targetOf(rig, 0), `${rig.prefix}late-${knock}`);
    statuses.push(await caller.answered);
    caller.vanish();
    await Promise.race([patience(500), ending]);
  }
  return statuses;
}

async function drainCutShort(rig: Rig, size: Size): Promise<Outcome> {
  const count = size === 'full' ? 20 : 10;
  const findings = new Findings();
  const crowd = await callsOn(rig, 1, count);
  const askedAt = performance.now();
  const { code, signal } = await rig.end(gatewayOf(rig, 1), 'SIGTERM');
  const tookMs = performance.now() - askedAt;
  findings.expect(code === 0, `the exit was ${signal ?? code}`);
  findings.expect(tookMs <= 2000 + DRAIN_EXTRA_MS, `the drain took ${Math.round(tookMs)} ms`);
  const ends = await Promise.all(crowd.map(({ ended }) => ended));
  const told = ends.filter((end) => end.code === 1001).length;
  findings.expect(told === count, `${told} of ${count} calls were closed with 1001`);
  const written = await countSessions(rig, `outcome = 'dropped-by-drain' AND close_code = 1001`);
  findings.expect(written === count, `${written} of ${count} calls were written as dropped by the drain`);
  return findings.outcome({ placed: count, found: written, lost: count - told, worstMs: tookMs });
}

async function drainEnded(rig: Rig): Promise<Outcome> {
  const findings = new Findings();
  const gateway = gatewayOf(rig, 2);
  await callsOn(rig, 2, 5);
  rig.mayEnd(gateway);
  gateway.signal('SIGTERM');
  await sleep(1000);
  const stillThere = await Promise.race([gateway.exited.then(() => false), sleep(1, true)]);
  findings.expect(stillThere, 'the first SIGTERM did not wait for the calls');
  const askedAt = performance.now();
  gateway.signal('SIGTERM');
  await Promise.race([gateway.exited, patience(10_000)]);
  const tookMs = performance.now() - askedAt;
  findings.expect(tookMs <= AT_ONCE_MS, `the second SIGTERM took ${Math.round(tookMs)} ms`);
  return findings.outcome({ placed: 5, found: 5, lost: 0, worstMs: tookMs });
}

function gatewayOf({ stack }: Rig, index: number): StackProcess {
  const gateway = stack.gateways[index];
  if (!gateway) throw new Error(`There is no gateway ${index}.`);
  return gateway;
}

export const DRAIN: readonly Scenario[] = [
  {
    name: 'drain',
    what: 'SIGTERM for a gateway with 200 calls that go on for 5 to 20 s',
    bound: 'all end by themselves; upgrades 503, /readyz 503, exit 0',
    rig: DRAINED,
    run: drainPatiently,
  },
  {
    name: 'drain-cut-short',
    what: 'SIGTERM for a gateway with 20 long calls and DRAIN_SECONDS=2',
    bound: 'each closed 1001 and written as dropped-by-drain, exit 0 within 5 s',
    rig: DRAINED,
    run: drainCutShort,
  },
  {
    name: 'drain-ended',
    what: 'a second SIGTERM while calls go on',
    bound: 'the process ends within 1 s',
    rig: DRAINED,
    run: drainEnded,
  },
];
