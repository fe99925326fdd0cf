import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Caller } from './caller';
import { targetOf } from './crowd';
import { type Answer, newNumber, Webhooks } from './provider';
import { countEvents, countSessions, msUntil, untold } from './records';
import { type Rig } from './rig';
import { PLAIN } from './rigs';
import { Findings, type Outcome, type Scenario, type Size, worst } from './scenario';

const COPIES = 50;
const STEPS = ['start', 'stream', 'after-bot', 'status'] as const;
type Step = (typeof STEPS)[number];

async function duplicates(rig: Rig, size: Size): Promise<Outcome> {
  const batches = size === 'full' ? 100 : 15;
  const findings = new Findings();
  await rememberChanges(rig);
  const slowest = await sendCopies(rig, batches, findings);
  await judgeOnce(rig, findings, batches);
  const reordered = { ...rig, prefix: `${rig.prefix}order-` };
  const calls = await playOrders(reordered, size, findings);
  await judgeHistory(reordered, findings, calls);
  const placed = batches * COPIES + calls * 6;
  return findings.outcome({ placed, found: batches + calls, lost: 0, worstMs: slowest });
}

async function sendCopies(rig: Rig, batches: number, findings: Findings): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: COPIES });
  const webhooks = new Webhooks(rig.stack.description, agent);
  const answers: Answer[] = [];
  for (let batch = 0; batch < batches; batch++) {
    const from = newNumber();
    const copies = Array.from({ length: COPIES }, () => webhooks.announce(`${rig.prefix}${batch}`, from));
    answers.push(...(await Promise.all(copies)));
  }
  agent.destroy();
  const odd = answers.filter(({ status }) => status !== 200);
  findings.expect(odd.length === 0, `${odd.length} copies were answered ${odd[0]?.status ?? odd[0]?.why}`);
  findings.note(`${answers.length} copies of ${batches} webhooks`);
  return worst(answers.map(({ tookMs }) => tookMs));
}

/** One session, one customer, one announcement and one row in the outbox for each call. */
async function judgeOnce(rig: Rig, findings: Findings, calls: number): Promise<void> {
  const sessions = await countSessions(rig, `announced_at IS NOT NULL`);
  const [row] = await rig.query<{ customers: number; outbox: number }>(
    `SELECT count(DISTINCT s.customer_id)::int AS customers, count(o.id)::int AS outbox
     FROM call_sessions s LEFT JOIN outbox o ON o.session_id = s.id WHERE starts_with(s.call_id, $1)`,
    [rig.prefix],
  );
  const told = await countEvents(rig, 'announced');
  const counts = {
    sessions,
    customers: row?.customers,
    announcements: told,
    'rows in the outbox': row?.outbox,
  };
  for (const [what, count] of Object.entries(counts)) {
    findings.expect(count === calls, `${count} ${what} for ${calls} calls`);
  }
  findings.expect(
    (await msUntil(async () => (await untold(rig)) === 0, 5000)) !== null,
    'the outbox was not delivered',
  );
}

/** Every order of the four, each webhook twice at once. @returns how many calls */
async function playOrders(rig: Rig, size: Size, findings: Findings): Promise<number> {
  const orders = permutations(STEPS).filter((_, index) => size === 'full' || index % 3 === 0);
  const webhooks = new Webhooks(rig.stack.description);
  const refusals = await Promise.all(
    orders.map((order, index) => playOrder(rig, webhooks, { order, callId: `${rig.prefix}${index}` })),
  );
  const refused = refusals.flat();
  findings.expect(refused.length === 0, `${refused.length} webhooks were refused: ${refused[0]}`);
  findings.note(`${orders.length} orders of start, stream, after-bot and status`);
  return orders.length;
}

async function playOrder(
  rig: Rig,
  webhooks: Webhooks,
  { order, callId }: { order: readonly Step[]; callId: string },
): Promise<string[]> {
  const from = newNumber();
  let caller: Caller | null = null;
  const refused: string[] = [];
  for (const step of order) {
    if (step === 'stream') {
      caller = new Caller(targetOf(rig), callId);
      await caller.answered;
      caller.start();
      caller.talk();
      await sleep(400);
      continue;
    }
    const send = { start: 'announce', 'after-bot': 'afterBot', status: 'status' } as const;
    const twice = [webhooks[send[step]](callId, from), webhooks[send[step]](callId, from)];
    for (const { status, why } of await Promise.all(twice))
      if (status !== 200) refused.push(`${step} ${status ?? why}`);
  }
  await sleep(400);
  if (caller && caller.end === null) await caller.hangUp();
  return refused;
}

/** States never go back, versions count every change, and the world was told of one announcement. */
async function judgeHistory(rig: Rig, findings: Findings, calls: number): Promise<void> {
  await judgeOnce(rig, findings, calls);
  const [bad] = await rig.query<{ count: number; example: string | null }>(
    `SELECT count(*)::int AS count,
       min(old_state || ' ' || old_version || ' to ' || new_state || ' ' || new_version) AS example
     FROM chaos_history WHERE array_position($1::text[], new_state) < array_position($1::text[], old_state)
       OR new_version < old_version OR new_version > old_version + 1
       OR (new_version = old_version AND new_state <> old_state)`,
    [['received', 'ready', 'timed_out', 'active', 'ended']],
  );
  findings.expect(bad?.count === 0, `${bad?.count} changes of state went wrong, such as ${bad?.example}`);
  const open = await countSessions(rig, `state NOT IN ('ended', 'ready')`);
  findings.expect(open === 0, `${open} sessions are neither ready nor ended`);
}

/** Keeps every change of a session, in the throw-away database only. */
async function rememberChanges(rig: Rig): Promise<void> {
  await rig.query(`CREATE TABLE IF NOT EXISTS chaos_history (
    id bigserial PRIMARY KEY, old_state text, new_state text, old_version int, new_version int)`);
  await rig.query(`CREATE OR REPLACE FUNCTION chaos_remember() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO chaos_history (old_state, new_state, old_version, new_version)
      VALUES (OLD.state, NEW.state, OLD.version, NEW.version);
      RETURN NULL;
    END $$`);
  await rig.query(`CREATE OR REPLACE TRIGGER chaos_remember AFTER UPDATE ON call_sessions
    FOR EACH ROW EXECUTE FUNCTION chaos_remember()`);
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((first, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [first, ...rest]),
  );
}

export const DUPLICATES: readonly Scenario[] = [
  {
    name: 'duplicates',
    what: '50 copies of each of 100 webhooks at once; then start, stream, after-bot and status in all 24 orders, twice each',
    bound: 'one session, customer and announcement a call, no 5xx, no state goes back',
    rig: PLAIN,
    run: duplicates,
  },
];
