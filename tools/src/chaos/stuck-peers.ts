import { setTimeout as sleep } from 'node:timers/promises';
import { type Caller } from './caller';
import { openCrowd } from './crowd';
import { residentMb } from './metrics';
import { Webhooks } from './provider';
import { countSessions, msUntil } from './records';
import { type Rig } from './rig';
import { PLAIN } from './rigs';
import { Findings, type Outcome, type Scenario } from './scenario';
import { simulateCalls } from './simulator';

const ENDED_MS = 30_000;
const STUCK = 20;
const GOOD = 100;

async function stuckPeers(rig: Rig): Promise<Outcome> {
  const findings = new Findings();
  const webhooks = new Webhooks(rig.stack.description);
  const before = await Promise.all(rig.stack.gateways.map(residentMb));
  const ids = Array.from({ length: STUCK }, (_, index) => `${rig.prefix}${index}`);
  await Promise.all(ids.map((callId) => webhooks.announce(callId)));
  const crowd = await openCrowd(rig, { count: STUCK, overMs: 1000, frames: 4 });
  const stuckAt = performance.now();
  // half of them talk on and on, faster than real time: what comes back piles up
  crowd.forEach((caller, index) => beStuck(caller, index % 2 === 0));
  const calls = simulateCalls(rig, [
    '--count',
    String(GOOD),
    '--spread',
    '20000',
    '--webhook-delay-max',
    '2000',
  ]);
  const ended = () => countSessions(rig, `state = 'ended'`);
  const tookMs = await msUntil(async () => (await ended()) === STUCK, ENDED_MS + 10_000, stuckAt);
  const told = tookMs === null ? 'never' : `${(tookMs / 1000).toFixed(1)} s after they stuck`;
  findings.expect(
    tookMs !== null && tookMs <= ENDED_MS,
    `${await ended()} of ${STUCK} stuck peers were ended, ${told}`,
  );
  const good = await calls;
  findings.expect(
    good.asExpected === GOOD,
    `${GOOD - good.asExpected} good calls did not go well: ${good.failures[0]?.why}`,
  );
  const after = await Promise.all(rig.stack.gateways.map(residentMb));
  const growth = Math.max(...after.map((mb, index) => mb - (before[index] ?? 0)));
  findings.note(`the last one ended ${told}; memory grew by at most ${Math.round(growth)} MB`);
  crowd.forEach((caller) => caller.vanish());
  await sleep(500);
  return findings.outcome({
    placed: STUCK + GOOD,
    found: good.asExpected,
    lost: GOOD - good.asExpected,
    worstMs: tookMs,
  });
}

function beStuck(caller: Caller, talkative: boolean): void {
  caller.stopReading();
  if (talkative) caller.talk(5);
}

export const STUCK_PEERS: readonly Scenario[] = [
  {
    name: 'stuck-peers',
    what: '20 peers that read nothing any more, among 100 good calls',
    bound: 'the stuck ones ended within 30 s, all good calls whole',
    rig: PLAIN,
    onlyFull: true,
    run: stuckPeers,
  },
];
