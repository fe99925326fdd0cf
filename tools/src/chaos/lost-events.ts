import { type Redis } from 'ioredis';
import { type Caller } from './caller';
import { atRate, hangUpAll, hearing, openCrowd, openWaiting } from './crowd';
import { readings } from './metrics';
import { Webhooks } from './provider';
import { judgeMeetings, meetings, msUntil } from './records';
import { type Rig } from './rig';
import { PLAIN, PROXIED } from './rigs';
import { Findings, type Outcome, type Scenario, type Size } from './scenario';

const FOUND_MS = 2500;
const REMADE_MS = 5000;
/** calls that have to be found by their event again */
const LATE = 5;

const announceAll = async (rig: Rig, crowd: readonly Caller[], overMs: number): Promise<void> => {
  const webhooks = new Webhooks(rig.stack.description);
  await atRate(crowd.length, overMs, (index) => webhooks.announce(crowd[index]?.callId ?? ''));
};

async function pubsubKilled(rig: Rig, size: Size): Promise<Outcome> {
  const count = size === 'full' ? 200 : 40;
  const findings = new Findings();
  const crowd = await openWaiting(rig, count);
  let kills = 0;
  await rig.withRedis(async (redis) => {
    const kill = async (): Promise<void> => {
      kills += Number(await redis.client('KILL', 'TYPE', 'pubsub'));
    };
    await kill();
    const killing = setInterval(() => void kill(), 25);
    await announceAll(rig, crowd, count * 4);
    clearInterval(killing);
  });
  findings.expect(kills >= rig.stack.gateways.length, 'no pub/sub connection was killed');
  findings.note(`${kills} pub/sub connections killed`);
  await hearing(crowd, 6000);
  await hangUpAll(crowd);
  return judgeMeetings(rig, findings, { scope: rig, placed: count, boundMs: FOUND_MS });
}

async function halfOpen(rig: Rig, size: Size): Promise<Outcome> {
  const count = size === 'full' ? 200 : 40;
  const findings = new Findings();
  const crowd = await openWaiting(rig, count);
  const blackAt = performance.now();
  const links = rig.redisProxy?.blackhole({ only: (link) => link.said('\r\nsubscribe\r\n') });
  findings.expect(links === 1, `${links} subscriber links were black-holed, not 1`);
  // these are not announced yet: the link that is remade has channels to subscribe to
  const later: Rig = { ...rig, prefix: `${rig.prefix}later-` };
  const late = await openCrowd(later, { count: LATE, overMs: 50, frames: 4 });
  await announceAll(rig, crowd, count * 4);
  await hearing(crowd, 6000);
  const scope = { callIds: crowd.map(({ callId }) => callId) };
  const outcome = await judgeMeetings(rig, findings, { scope, placed: count, boundMs: FOUND_MS });
  await judgeRemaking(rig, findings, blackAt);
  await announceAll(rig, late, 100);
  await hearing(late, 3000);
  const { by } = await meetings(rig, later);
  // the safety poll may happen to be first now and then
  const byEvent = by['event'] ?? 0;
  findings.expect(byEvent > LATE / 2, `of ${LATE} later calls ${byEvent} were found by their event`);
  await hangUpAll([...crowd, ...late]);
  return { ...outcome, ok: findings.faults.length === 0 };
}

async function judgeRemaking(rig: Rig, findings: Findings, blackAt: number): Promise<void> {
  const count = () => readings(rig, 'greenroom_gateway_dead_subscriber_links_total');
  const [found, remade] = await Promise.all([
    msUntil(async () => (await count()) > 0, 9000, blackAt),
    msUntil(() => rig.withRedis(hasSubscriber), 9000, blackAt),
  ]);
  const inSeconds = (ms: number | null) => (ms === null ? 'never' : `after ${(ms / 1000).toFixed(1)} s`);
  findings.note(`dead link found ${inSeconds(found)}, remade ${inSeconds(remade)}`);
  findings.expect(found !== null && found <= REMADE_MS, `the dead link was found ${inSeconds(found)}`);
  findings.expect(remade !== null && remade <= REMADE_MS, `the link was remade ${inSeconds(remade)}`);
}

/** A second subscriber: the old one's link is half-open, so Redis believes in it for ever. */
async function hasSubscriber(redis: Redis): Promise<boolean> {
  const list = String(await redis.call('CLIENT', 'LIST', 'TYPE', 'pubsub'));
  return list.trim().split('\n').filter(Boolean).length > 1;
}

async function redisFull(rig: Rig, size: Size): Promise<Outcome> {
  const count = size === 'full' ? 100 : 30;
  const findings = new Findings();
  const waiting = await openWaiting(rig, count / 2);
  const webhooks = new Webhooks(rig.stack.description);
  await rig.withRedis((redis) => redis.config('SET', 'maxmemory', '1'));
  const first = Array.from({ length: count / 2 }, (_, index) => `${rig.prefix}${count / 2 + index}`);
  const callIds = [...waiting.map(({ callId }) => callId), ...first];
  const answers = await atRate(count, 2000, (index) => webhooks.announce(callIds[index] ?? ''));
  const accepted = answers.filter(({ status }) => status === 200).length;
  findings.expect(accepted === count, `${accepted} of ${count} webhooks were answered 200`);
  const later = await openCrowd(rig, { count: count / 2, overMs: 1000, frames: 4, firstIndex: count / 2 });
  await hearing([...waiting, ...later], 6000);
  await rig.withRedis((redis) => redis.config('SET', 'maxmemory', '0'));
  await hangUpAll([...waiting, ...later]);
  return judgeMeetings(rig, findings, { scope: rig, placed: count, boundMs: FOUND_MS });
}

export const LOST_EVENTS: readonly Scenario[] = [
  {
    name: 'pubsub-killed',
    what: 'every pub/sub connection is killed, again and again, while the webhooks of 200 waiting streams come',
    bound: '0 lost, found within 2.5 s of the commit',
    rig: PLAIN,
    run: pubsubKilled,
  },
  {
    name: 'half-open',
    what: '200 streams wait behind a subscriber link that is black-holed: TCP stays up, nothing passes',
    bound: '0 lost, found within 2.5 s; link found dead and remade within 5 s',
    rig: PROXIED,
    run: halfOpen,
  },
  {
    name: 'redis-full',
    what: 'Redis refuses every write (maxmemory 1), half of 100 streams wait already',
    bound: 'every webhook 200, every call found within 2.5 s',
    rig: PLAIN,
    run: redisFull,
  },
];
