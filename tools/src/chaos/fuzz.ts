import { setTimeout as sleep } from 'node:timers/promises';
import { CLOSES } from '@greenroom/contracts';
import { Caller } from './caller';
import { atRate, hangUpAll, hearing, openCrowd, targetOf } from './crowd';
import { BAD, BAD_STARTS, ODD, pick, randomFrom, UNKNOWN } from './hostile-messages';
import { readings } from './metrics';
import { Webhooks } from './provider';
import { msUntil } from './records';
import { type Rig } from './rig';
import { PLAIN } from './rigs';
import { Findings, type Outcome, type Scenario, type Size } from './scenario';

const SEED = 20_260_101;
/** as many as a socket may send of what is not understood, without being closed */
const BORNE = 20;
const DROPPED = 'greenroom_gateway_dropped_messages_total';

type Random = () => number;

async function fuzz(rig: Rig, size: Size): Promise<Outcome> {
  const sockets = size === 'full' ? 200 : 40;
  const findings = new Findings();
  const random = randomFrom(SEED);
  const pids = rig.stack.gateways.map(({ pid }) => pid);
  const sent = {
    borne: await bear(rig, sockets / 2, random, findings),
    tooMany: await overdo(rig, sockets / 4, random, findings),
    unstarted: await neverStart(rig, sockets / 4, random, findings),
  };
  const total = sent.borne + sent.tooMany + sent.unstarted;
  findings.expect(
    rig.stack.gateways.every(({ pid }, index) => pid === pids[index]) && rig.lost.length === 0,
    'a gateway has ended',
  );
  const unhandled = rig.stack.logs.filter(({ text }) => /unhandled|uncaught/i.test(text)).length;
  findings.expect(unhandled === 0, `${unhandled} lines tell of something unhandled`);
  const again: Rig = { ...rig, prefix: `${rig.prefix}after-` };
  const crowd = await openCrowd(again, { count: 10, overMs: 200, frames: 4 });
  const webhooks = new Webhooks(rig.stack.description);
  await Promise.all(crowd.map(({ callId }) => webhooks.announce(callId)));
  const heard = await hearing(crowd, 4000);
  findings.expect(heard === 10, `${heard} of 10 calls were answered afterwards`);
  await hangUpAll(crowd);
  findings.note(`${total} messages on ${sockets} sockets, seed ${SEED}`);
  return findings.outcome({ placed: total, found: total, lost: 0, worstMs: null });
}

/** After a start: as much nonsense as a socket may send, and much that is only odd. All of it counted, nothing closed. */
async function bear(rig: Rig, count: number, random: Random, findings: Findings): Promise<number> {
  const webhooks = new Webhooks(rig.stack.description);
  const crowd = await openCrowd(rig, { count, overMs: count * 15 });
  const before = await readings(rig, DROPPED);
  let sent = 0;
  let counted = 0;
  await atRate(count, count * 25, async (index) => {
    const caller = crowd[index];
    if (!caller) return;
    // half of them while they wait, half of them in conversation
    if (index % 2 === 0) await webhooks.announce(caller.callId);
    const [bad, unknown] = [many(BORNE, BAD, random), many(15, UNKNOWN, random)];
    const messages = shuffled([...bad, ...unknown, ...many(25, ODD, random)], random);
    messages.forEach((message) => caller.send(message));
    sent += messages.length;
    counted += bad.length + unknown.length;
  });
  await msUntil(async () => (await readings(rig, DROPPED)) - before >= counted, 5000);
  await sleep(300);
  const dropped = (await readings(rig, DROPPED)) - before;
  findings.expect(dropped === counted, `${dropped} messages were dropped and counted, not ${counted}`);
  const open = crowd.filter(({ isOpen }) => isOpen).length;
  const closed = crowd.find(({ end }) => end !== null)?.end;
  findings.expect(
    open === count,
    `${count - open} sockets were closed, with ${closed?.code} ${closed?.reason}`,
  );
  crowd.forEach((caller) => caller.vanish());
  return sent;
}

/** After a start: more nonsense than is borne. */
async function overdo(rig: Rig, count: number, random: Random, findings: Findings): Promise<number> {
  const crowd = await openCrowd(rig, { count, overMs: count * 15, firstIndex: 10_000 });
  const each = BORNE + 20;
  crowd.forEach((caller) => many(each, BAD, random).forEach((message) => caller.send(message)));
  await judgeCloses(crowd, findings, [CLOSES.badMessages.reason]);
  return count * each;
}

/** Before any start: nonsense, then a start that names no call, or media. */
async function neverStart(rig: Rig, count: number, random: Random, findings: Findings): Promise<number> {
  const crowd: Caller[] = await atRate(count, count * 15, async (index) => {
    const caller = new Caller(targetOf(rig, index % rig.stack.gateways.length), `${rig.prefix}n${index}`);
    await caller.answered;
    return caller;
  });
  const each = 40;
  for (const caller of crowd) {
    many(each - 3, [...BAD, ...UNKNOWN], random).forEach((message) => caller.send(message));
    many(2, BAD_STARTS, random).forEach((message) => caller.send(message));
    caller.send(pick(random, ODD)(random));
  }
  const reasons = [CLOSES.badMessages, CLOSES.badStart, CLOSES.mediaBeforeStart];
  await judgeCloses(
    crowd,
    findings,
    reasons.map(({ reason }) => reason),
  );
  return count * each;
}

async function judgeCloses(crowd: readonly Caller[], findings: Findings, reasons: string[]): Promise<void> {
  await msUntil(() => Promise.resolve(crowd.every(({ end }) => end !== null)), 7000);
  const right = crowd.filter(({ end }) => end?.code === 1008 && reasons.includes(end.reason)).length;
  const other = crowd.find(({ end }) => end?.code !== 1008)?.end;
  findings.expect(
    right === crowd.length,
    `${right} of ${crowd.length} sockets were closed with ${reasons.join(' or ')}; one with ${other?.code} ${other?.reason}`,
  );
  crowd.forEach((caller) => caller.vanish());
}

const many = <T>(count: number, makers: readonly ((random: Random) => T)[], random: Random): T[] =>
  Array.from({ length: count }, () => pick(random, makers)(random));

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

export const FUZZ: readonly Scenario[] = [
  {
    name: 'fuzz',
    what: '10,000 hostile messages on 200 sockets, before and after their start',
    bound: 'no process ends, nothing unhandled; each dropped and counted, or the socket closed with a reason',
    rig: PLAIN,
    run: fuzz,
  },
];
