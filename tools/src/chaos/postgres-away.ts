import { setTimeout as sleep } from 'node:timers/promises';
import { Caller } from './caller';
import { atRate, hangUpAll, hearing, targetOf } from './crowd';
import { type Answer, Webhooks } from './provider';
import { backlog, countSessions, msUntil } from './records';
import { freeze, kill, type Rig } from './rig';
import { PLAIN } from './rigs';
import { Findings, type Outcome, type Scenario, type Size, worst } from './scenario';

const ANSWERED_MS = 2000;
const DRAINED_MS = 10_000;
/** a stream that has its session at once has to be heard; the time covers a claim that finds no database */
const HEARD_MS = 2500;

function judgeAnswers(findings: Findings, answers: readonly Answer[], allowed: readonly number[]): number {
  const slowest = worst(answers.map(({ tookMs }) => tookMs));
  const odd = answers.filter(({ status }) => status === null || !allowed.includes(status));
  const first = odd[0];
  findings.expect(
    odd.length === 0,
    `${odd.length} webhooks were answered ${first?.status ?? first?.why}, not ${allowed.join(' or ')}`,
  );
  findings.expect(slowest <= ANSWERED_MS, `a webhook took ${Math.round(slowest)} ms`);
  return slowest;
}

async function postgresDown(rig: Rig, size: Size): Promise<Outcome> {
  const [count, downMs] = size === 'full' ? [500, 20_000] : [100, 6000];
  const findings = new Findings();
  const webhooks = new Webhooks(rig.stack.description);
  await kill(rig.postgres, 'SIGQUIT');
  const downAt = performance.now();
  const crowd: Caller[] = [];
  const answers = await atRate(count, downMs * 0.6, async (index) => {
    const callId = `${rig.prefix}${index}`;
    const answer = await webhooks.announce(callId);
    if (index % 5 === 0) crowd.push(await join(rig, callId, index));
    return answer;
  });
  const slowest = judgeAnswers(findings, answers, [200]);
  const heard = await hearing(crowd, HEARD_MS);
  findings.expect(
    heard === crowd.length,
    `${heard} of ${crowd.length} streams were answered during the outage`,
  );
  const delays = crowd.map(({ firstHeardAt, startedAt }) => (firstHeardAt ?? 0) - (startedAt ?? 0));
  findings.expect(worst(delays) <= HEARD_MS, `a stream was answered after ${Math.round(worst(delays))} ms`);
  findings.note(
    `slowest webhook ${Math.round(slowest)} ms, slowest stream ${Math.round(worst(delays))} ms of ${crowd.length}`,
  );
  // half of them end while there is nowhere to write it down
  void hangUpAll(crowd.filter((_, index) => index % 2 === 0));
  await sleep(downMs - (performance.now() - downAt));
  await rig.postgres.restart();
  const rows = await judgeReturn(rig, findings, count);
  await hangUpAll(crowd);
  const completed = () => countSessions(rig, `outcome = 'completed' AND state = 'ended'`);
  await msUntil(async () => (await completed()) === crowd.length, 8000);
  const ended = await completed();
  const open = await rig.query<{ call_id: string; state: string; outcome: string | null }>(
    `SELECT call_id, state, outcome FROM call_sessions s
     WHERE call_id = ANY($1) AND outcome IS DISTINCT FROM 'completed' LIMIT 3`,
    [crowd.map(({ callId }) => callId)],
  );
  findings.expect(
    ended === crowd.length,
    `the end of ${ended} of ${crowd.length} calls was written: ${JSON.stringify(open)}`,
  );
  return findings.outcome({ placed: count, found: rows, lost: count - rows, worstMs: slowest });
}

async function join(rig: Rig, callId: string, index: number): Promise<Caller> {
  const caller = new Caller(targetOf(rig, index % rig.stack.gateways.length), callId);
  await caller.answered;
  caller.start();
  caller.say(4);
  caller.talk(2);
  return caller;
}

/** What was spooled is written once, and soon. */
async function judgeReturn(rig: Rig, findings: Findings, wanted: number): Promise<number> {
  const backAt = performance.now();
  const drained = await msUntil(async () => (await backlog(rig)) === 0, 30_000, backAt);
  const told = drained === null ? 'never' : `${(drained / 1000).toFixed(1)} s after the return`;
  findings.note(`backlog empty ${told}`);
  findings.expect(drained !== null && drained <= DRAINED_MS, `the backlog was empty ${told}`);
  const rows = await countSessions(rig, 'announced_at IS NOT NULL');
  findings.expect(rows === wanted, `${rows} sessions are there, not ${wanted}`);
  const [people] = await rig.query<{ sessions: number; customers: number; events: number }>(
    `SELECT count(DISTINCT s.id)::int AS sessions, count(DISTINCT s.customer_id)::int AS customers,
       count(e.id)::int AS events
     FROM call_sessions s LEFT JOIN call_events e ON e.session_id = s.id AND e.type = 'announced'
     WHERE starts_with(s.call_id, $1)`,
    [rig.prefix],
  );
  findings.expect(people?.customers === rows, `${people?.customers} customers for ${rows} callers`);
  findings.expect(people?.events === rows, `${people?.events} announcements in ${rows} timelines`);
  return rows;
}

async function postgresFrozen(rig: Rig, size: Size): Promise<Outcome> {
  const [count, frozenMs] = size === 'full' ? [200, 15_000] : [60, 5000];
  const findings = new Findings();
  const webhooks = new Webhooks(rig.stack.description);
  // connections that stand are the harder case: a statement on one of them is swallowed
  await atRate(40, 0, (index) => webhooks.announce(`${rig.prefix}before-${index}`));
  const thaw = freeze(rig.postgres);
  const frozenAt = performance.now();
  const ids = Array.from({ length: count }, (_, index) => `${rig.prefix}${index}`);
  let answers: Answer[];
  try {
    answers = await atRate(count, frozenMs * 0.8, (index) => webhooks.announce(ids[index] ?? ''));
    await sleep(frozenMs - (performance.now() - frozenAt));
  } finally {
    thaw();
  }
  const slowest = judgeAnswers(findings, answers, [200, 503]);
  const promised = ids.filter((_, index) => answers[index]?.status === 200);
  findings.note(
    `slowest webhook ${Math.round(slowest)} ms; ${promised.length} × 200, ${count - promised.length} × 503`,
  );
  const drained = await msUntil(async () => (await backlog(rig)) === 0, DRAINED_MS);
  findings.expect(drained !== null, `the backlog was not empty ${DRAINED_MS / 1000} s after the thaw`);
  const rows = await rig.query<{ call_id: string }>(
    'SELECT call_id FROM call_sessions WHERE announced_at IS NOT NULL AND call_id = ANY($1)',
    [promised],
  );
  findings.expect(
    rows.length === promised.length,
    `${promised.length - rows.length} webhooks were told 200 and are not there`,
  );
  return findings.outcome({
    placed: count,
    found: rows.length,
    lost: promised.length - rows.length,
    worstMs: slowest,
  });
}

async function bothDown(rig: Rig, size: Size): Promise<Outcome> {
  const count = size === 'full' ? 200 : 60;
  const findings = new Findings();
  const webhooks = new Webhooks(rig.stack.description);
  await Promise.all([kill(rig.redis, 'SIGKILL'), kill(rig.postgres, 'SIGQUIT')]);
  const answers = await atRate(count, count * 20, (index) => webhooks.announce(`${rig.prefix}${index}`));
  const slowest = judgeAnswers(findings, answers, [503]);
  const without = answers.filter(({ status, retryAfter }) => status === 503 && !retryAfter).length;
  findings.expect(without === 0, `${without} were refused without Retry-After`);
  await Promise.all([rig.redis.restart(), rig.postgres.restart()]);
  const back = await msUntil(
    async () => (await webhooks.announce(`${rig.prefix}back`)).status === 200,
    10_000,
  );
  findings.expect(back !== null, 'no webhook was accepted within 10 s of the return');
  // Redis alone would do for a 200: the next scenarios need both
  const whole = await msUntil(async () => (await countSessions(rig, `call_id LIKE '%back'`)) === 1, 10_000);
  findings.expect(whole !== null, 'nothing was written within 10 s of the return');
  findings.note(
    `slowest refusal ${Math.round(slowest)} ms; accepted ${Math.round(back ?? 0)} ms after the return`,
  );
  return findings.outcome({ placed: count, found: 0, lost: 0, worstMs: slowest });
}

export const POSTGRES_AWAY: readonly Scenario[] = [
  {
    name: 'postgres-down',
    what: '500 webhooks and 100 streams while Postgres is stopped for 20 s',
    bound: 'all 200 within 2 s, streams answered; 500 rows, backlog 0 within 10 s',
    rig: PLAIN,
    run: postgresDown,
  },
  {
    name: 'postgres-frozen',
    what: '200 webhooks while every process of Postgres is stopped with SIGSTOP for 15 s',
    bound: 'each answered within 2 s, no false 200, backlog 0 within 10 s',
    rig: PLAIN,
    run: postgresFrozen,
  },
  {
    name: 'both-down',
    what: '200 webhooks while Postgres and Redis are killed',
    bound: 'all 503 with Retry-After, each within 2 s',
    rig: PLAIN,
    run: bothDown,
  },
];
