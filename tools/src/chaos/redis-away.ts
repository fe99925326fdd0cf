import { setTimeout as sleep } from 'node:timers/promises';
import { atRate } from './crowd';
import { residentMb } from './metrics';
import { Webhooks } from './provider';
import { countSessions, judgeMeetings, msUntil, untold } from './records';
import { kill, type Rig } from './rig';
import { PLAIN, UNTOUCHED } from './rigs';
import { Findings, type Outcome, percentile, type Scenario, type Size, worst } from './scenario';
import { simulateCalls } from './simulator';

const FOUND_MS = 2500;
const CALLS_A_SECOND = 20;
const GROWTH_MB = 50;
const P99_MS = 500;
const OUTBOX_EMPTY_MS = 5000;

async function redisRestarts(rig: Rig, size: Size): Promise<Outcome> {
  const seconds = size === 'full' ? 30 : 6;
  const kills = size === 'full' ? 3 : 1;
  const findings = new Findings();
  await callsFor(rig, size === 'full' ? 4 : 2);
  const before = await memory(rig);
  const [clock] = await rig.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  const placing = callsFor(rig, seconds);
  for (let each = 0; each < kills; each++) {
    await sleep((seconds * 1000) / (kills + 1) - 500);
    await kill(rig.redis, 'SIGKILL');
    await sleep(500);
    await rig.redis.restart();
  }
  const result = await placing;
  const placed = seconds * CALLS_A_SECOND;
  findings.expect(
    result.asExpected === placed,
    `${placed - result.asExpected} calls did not go as they should: ${result.failures[0]?.why}`,
  );
  findings.expect(result.crossed === 0, `${result.crossed} calls got the session of another`);
  const scope = { since: clock?.now ?? new Date() };
  const outcome = await judgeMeetings(rig, findings, { scope, placed, boundMs: FOUND_MS });
  await judgeMemory(rig, findings, before);
  return { ...outcome, ok: findings.faults.length === 0 };
}

const callsFor = (rig: Rig, seconds: number) =>
  simulateCalls(rig, [
    ...['--count', String(seconds * CALLS_A_SECOND), '--spread', String(seconds * 1000)],
    ...['--webhook-delay-max', '3000'],
  ]);

const memory = ({ stack }: Rig): Promise<number[]> =>
  Promise.all([...stack.gateways, ...stack.ingests].map(residentMb));

/** What was taken for the burst is given back when the garbage has been collected. */
async function judgeMemory(rig: Rig, findings: Findings, before: readonly number[]): Promise<void> {
  let growth: number[] = [];
  const settled = await msUntil(async () => {
    const now = await memory(rig);
    growth = now.map((mb, index) => mb - (before[index] ?? 0));
    return growth.every((mb) => mb <= GROWTH_MB);
  }, 20_000);
  const told = growth.map((mb) => Math.round(mb)).join(', ');
  findings.note(`memory of gateways and ingest grew by ${told} MB`);
  findings.expect(settled !== null, `memory grew by ${told} MB, ${GROWTH_MB} are allowed`);
}

async function redisDownWebhooks(rig: Rig, size: Size): Promise<Outcome> {
  const count = size === 'full' ? 1000 : 200;
  const findings = new Findings();
  const webhooks = new Webhooks(rig.stack.description);
  await kill(rig.redis, 'SIGKILL');
  const answers = await atRate(count, count * 10, (index) => webhooks.announce(`${rig.prefix}${index}`));
  const accepted = answers.filter(({ status }) => status === 200).length;
  const p99 = percentile(
    answers.map(({ tookMs }) => tookMs),
    0.99,
  );
  const slowest = worst(answers.map(({ tookMs }) => tookMs));
  findings.expect(accepted === count, `${accepted} of ${count} webhooks were answered 200`);
  findings.expect(p99 <= P99_MS, `the p99 was ${Math.round(p99)} ms`);
  findings.note(`p99 ${Math.round(p99)} ms, slowest ${Math.round(slowest)} ms`);
  const rows = await countSessions(rig, 'true');
  findings.expect(rows === count, `${rows} of ${count} sessions were written`);
  const owed = await untold(rig);
  findings.expect(owed === count, `${owed} of ${count} sessions stand in the outbox`);
  await rig.redis.restart();
  const empty = await msUntil(async () => (await untold(rig)) === 0, 20_000);
  const told = empty === null ? 'never' : `${(empty / 1000).toFixed(1)} s after Redis came back`;
  findings.note(`outbox empty ${told}`);
  findings.expect(empty !== null && empty <= OUTBOX_EMPTY_MS, `the outbox was empty ${told}`);
  return findings.outcome({ placed: count, found: rows, lost: count - rows, worstMs: p99 });
}

export const REDIS_AWAY: readonly Scenario[] = [
  {
    name: 'redis-restarts',
    what: '20 calls a second for 30 s, Redis killed and restarted empty three times',
    bound: '0 lost, found within 2.5 s; memory within 50 MB',
    rig: UNTOUCHED,
    run: redisRestarts,
  },
  {
    name: 'redis-down-webhooks',
    what: '1,000 webhooks while Redis is killed',
    bound: 'all 200, p99 at most 500 ms; outbox empty 5 s after Redis is back',
    rig: PLAIN,
    run: redisDownWebhooks,
  },
];
