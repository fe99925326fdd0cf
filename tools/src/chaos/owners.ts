import { setTimeout as sleep } from 'node:timers/promises';
import { type StackProcess } from '../stack/stack-process';
import { Caller } from './caller';
import { atRate, hangUpAll, hearing, openCrowd, targetOf } from './crowd';
import { Webhooks } from './provider';
import { countEvents, countSessions, msUntil } from './records';
import { type Rig } from './rig';
import { PLAIN } from './rigs';
import { Findings, type Outcome, type Scenario } from './scenario';

const LEASE_MS = 15_000;
const FROZEN_MS = 20_000;
/** lease, grace and interval of the reaper, as they come, and a second for the machine */
const LOST_MS = 15_000 + 5000 + 5000 + 1000;
const SUPERSEDED_MS = 3000;

async function frozenOwner(rig: Rig): Promise<Outcome> {
  const findings = new Findings();
  const [owner, heir] = rig.stack.gateways;
  const callId = `${rig.prefix}0`;
  await new Webhooks(rig.stack.description).announce(callId);
  const first = await join(rig, 0, callId);
  await hearing([first], 3000);
  owner?.signal('SIGSTOP');
  const frozenAt = performance.now();
  await sleep(500);
  const second = await join(rig, 1, callId);
  const taken = await msUntil(() => Promise.resolve(second.firstHeardAt !== null), FROZEN_MS - 500, frozenAt);
  findings.expect(
    taken !== null && taken <= LEASE_MS + 2000,
    `taken over after ${taken} ms of ${LEASE_MS} ms lease`,
  );
  await sleep(FROZEN_MS - (performance.now() - frozenAt));
  findings.note(`taken over ${((taken ?? 0) / 1000).toFixed(1)} s after the freeze`);
  if (owner) await wake(owner, first, findings);
  await judgeHeir(rig, findings, `:${heir?.pid}/`);
  await second.hangUp();
  const ended = () => countSessions(rig, `state = 'ended' AND outcome = 'completed' AND epoch = 2`);
  await msUntil(async () => (await ended()) === 1, 3000);
  findings.expect((await ended()) === 1, 'the call did not end as the new owner’s');
  findings.expect((await countEvents(rig, 'conversation-ended')) === 1, 'its end was not written once');
  return findings.outcome({ placed: 1, found: 1, lost: 0, worstMs: taken });
}

/** The old owner says nothing more and leaves. */
async function wake(owner: StackProcess, caller: Caller, findings: Findings): Promise<void> {
  const heardBefore = caller.heardMessages;
  owner.signal('SIGCONT');
  const wokenAt = performance.now();
  await Promise.race([caller.ended, sleep(SUPERSEDED_MS, undefined, { ref: false })]);
  const { end } = caller;
  findings.expect(end?.code === 4409, `the old owner closed with ${end?.code ?? 'nothing'}, not 4409`);
  findings.note(`the old one closed ${Math.round((end?.at ?? 0) - wokenAt)} ms after it woke`);
  await sleep(2000);
  const stale = caller.heardMessages - heardBefore;
  findings.expect(stale === 0, `the old owner sent ${stale} messages after it woke`);
}

/** What the old one has written, if anything, would show. */
async function judgeHeir(rig: Rig, findings: Findings, name: string): Promise<void> {
  const [row] = await rig.query<{ state: string; epoch: number; owner: string | null }>(
    'SELECT state, epoch, owner FROM call_sessions WHERE starts_with(call_id, $1)',
    [rig.prefix],
  );
  findings.expect(
    row?.state === 'active' && row.epoch === 2 && row.owner?.includes(name) === true,
    `the session is ${row?.state}, epoch ${row?.epoch}, of ${row?.owner}`,
  );
}

async function join(rig: Rig, gateway: number, callId: string): Promise<Caller> {
  const caller = new Caller(targetOf(rig, gateway), callId);
  await caller.answered;
  caller.start();
  caller.talk(2);
  return caller;
}

async function deadOwner(rig: Rig): Promise<Outcome> {
  const [count, others] = [50, 20];
  const findings = new Findings();
  const webhooks = new Webhooks(rig.stack.description);
  const survivors: Rig = { ...rig, prefix: `${rig.prefix}other-` };
  const doomed: Rig = { ...rig, prefix: `${rig.prefix}dead-` };
  const [dying, going] = await Promise.all(
    [
      { of: doomed, calls: count, gateway: 0 },
      { of: survivors, calls: others, gateway: 1 },
    ].map(async ({ of, calls, gateway }) => {
      await atRate(calls, calls * 10, (index) => webhooks.announce(`${of.prefix}${index}`));
      const crowd = await openCrowd(of, { count: calls, overMs: calls * 20, gateways: [gateway] });
      crowd.forEach((caller) => caller.talk(2));
      return crowd;
    }),
  );
  if (!dying || !going) throw new Error('no calls');
  const heard = await hearing([...dying, ...going], 5000);
  findings.expect(heard === count + others, `${heard} of ${count + others} calls were answered`);
  const [dead] = rig.stack.gateways;
  if (dead) await rig.end(dead, 'SIGKILL');
  const lost = () => countSessions(doomed, `state = 'ended' AND outcome = 'lost'`);
  const tookMs = await msUntil(async () => (await lost()) === count, LOST_MS + 10_000);
  const told = tookMs === null ? 'never' : `${(tookMs / 1000).toFixed(1)} s after the kill`;
  findings.note(`all ended as lost ${told}`);
  findings.expect(tookMs !== null && tookMs <= LOST_MS, `${await lost()} of ${count} ended as lost, ${told}`);
  await judgeSurvivors(survivors, going, findings);
  await dead?.restart();
  return findings.outcome({ placed: count + others, found: await lost(), lost: 0, worstMs: tookMs });
}

async function judgeSurvivors(rig: Rig, crowd: readonly Caller[], findings: Findings): Promise<void> {
  const before = crowd.map(({ heardMessages }) => heardMessages);
  await sleep(1000);
  const alive = crowd.filter(
    ({ heardMessages, isOpen }, index) => isOpen && heardMessages > (before[index] ?? 0),
  );
  findings.expect(alive.length === crowd.length, `${alive.length} of ${crowd.length} other calls go on`);
  await hangUpAll(crowd);
  const completed = () => countSessions(rig, `outcome = 'completed' AND epoch = 1`);
  await msUntil(async () => (await completed()) === crowd.length, 3000);
  findings.expect((await completed()) === crowd.length, `${await completed()} of ${crowd.length} ended well`);
}

export const OWNERS: readonly Scenario[] = [
  {
    name: 'frozen-owner',
    what: 'a gateway is stopped for 20 s in the middle of a call; the provider connects again to another one',
    bound: 'taken over when the lease ends (15 s); the old one says nothing, writes nothing, closes 4409',
    rig: PLAIN,
    onlyFull: true,
    run: frozenOwner,
  },
  {
    name: 'dead-owner',
    what: 'a gateway with 50 calls is killed, another one has 20',
    bound: 'the 50 end as lost within lease + grace + interval (25 s); the 20 go on',
    rig: PLAIN,
    onlyFull: true,
    run: deadOwner,
  },
];
