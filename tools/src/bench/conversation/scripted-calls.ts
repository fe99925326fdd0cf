import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { waitUntil } from '../../processes/wait-until';
import { placeCalls } from '../callers';
import { type Findings } from '../group';
import { readMetrics } from '../metrics-page';
import { type OwnStack } from '../own-stack';
import { figure } from '../print';
import { type Usage, UsageWatch } from '../process-usage';
import { all, below, row } from '../row';
import { answerFileIn } from './assistants';
import { type Size } from './size';

const CALLS = 100;
/** ms over which they begin: each of them lasts much longer */
const SPREAD_MS = 4000;
const LONGEST_MS = 120_000;
const WRITTEN_WITHIN_MS = 10_000;

/**
 * How often prom-client looks at the event loop, ms (its default): what it tells of is the time from one look to the next,
 * and so contains this. A delay is counted once, however long it was.
 */
const LAG_RESOLUTION_MS = 10;

/** What is read of the simulator's `--count … --json`. */
const ResultSchema = z.object({
  calls: z.number(),
  asExpected: z.number(),
  tookMs: z.number(),
  failures: z.array(z.object({ why: z.string().nullable() })),
});
type Result = z.infer<typeof ResultSchema>;

interface Lag {
  p99Ms: number;
  mostMs: number;
}

/** Whole calls by script, all at once on one gateway, and what they cost it. */
export async function measureScriptedCalls(
  own: OwnStack,
  { questions, idleMs }: Size,
  say: (line: string) => void,
): Promise<Findings> {
  say(`${CALLS} scripted calls: the gateway idle, for comparison`);
  // the lag is told of the time between two looks
  await look(own);
  await sleep(idleMs);
  const idle = await look(own);
  say(`${CALLS} scripted calls at once, their callers in a process of their own`);
  const watch = watchAll(own);
  const args = ['--provider', 'twilio', '--account', 'scripted', '--count', String(CALLS)];
  const answers = Array.from({ length: questions }, () => [
    '--answer',
    `wav:${answerFileIn(own.folder)}`,
  ]).flat();
  const report = await placeCalls({
    stack: own.stack,
    args: [...args, '--spread', String(SPREAD_MS), ...answers],
    longestMs: LONGEST_MS,
    onStarted: (pid) => watch.add('callers', pid, 'born'),
  }).finally(() => watch.stop());
  const busy = await look(own);
  const kept = await readKept(own, busy.turns - idle.turns);
  const result = ResultSchema.parse(report);
  const measured = { questions, result, usage: watch.stop(), kept, idle, busy };
  return { rows: rowsOf(measured), notes: notesOf(measured) };
}

interface Look {
  lag: Lag;
  /** that have ended so far */
  turns: number;
  residentMb: number;
}

async function look({ stack: { gateways } }: OwnStack): Promise<Look> {
  const [gateway] = gateways;
  if (!gateway) throw new Error('There is no gateway.');
  const readings = await readMetrics(gateway);
  const lagMs = (part: string): number =>
    Math.max(0, readings(`nodejs_eventloop_lag_${part}_seconds`) * 1000 - LAG_RESOLUTION_MS);
  return {
    lag: { p99Ms: lagMs('p99'), mostMs: lagMs('max') },
    turns: readings('greenroom_gateway_turns_total'),
    residentMb: readings('process_resident_memory_bytes') / 1_048_576,
  };
}

function watchAll({ stack, stores }: OwnStack): UsageWatch {
  const watch = new UsageWatch();
  for (const { name, pid } of stack.processes) watch.add(name, pid);
  if (stores.postgres) watch.add('postgres', stores.postgres.pid, 'family');
  if (stores.redis) watch.add('redis', stores.redis.pid);
  watch.add('this', process.pid);
  return watch;
}

interface Kept {
  turns: number;
  /** calls of which a number is missing among the turns, or which have none */
  broken: number;
  /** the most calls that were under way at one moment */
  mostAtOnce: number;
  /** of all calls together, s */
  seconds: number;
}

/** What Postgres has of the calls, once everything is written. */
async function readKept({ query }: OwnStack, turns: number): Promise<Kept> {
  const read = async (): Promise<Kept> => {
    const [kept] = await query<Kept>(KEPT);
    if (!kept) throw new Error('Postgres told nothing of the calls.');
    return kept;
  };
  const whole = () => read().then((kept) => (kept.turns >= turns ? kept : undefined));
  return (await waitUntil(whole, { timeoutMs: WRITTEN_WITHIN_MS })) ?? read();
}

const KEPT = `
  WITH calls AS (
    SELECT s.id, s.started_at, s.ended_at, count(t.number) AS turns, max(t.number) AS highest
    FROM call_sessions s LEFT JOIN call_turns t ON t.session_id = s.id
    WHERE s.account = 'scripted' GROUP BY s.id
  ), moments AS (
    SELECT started_at AS at, 1 AS step FROM calls UNION ALL SELECT ended_at, -1 FROM calls
  ), open AS (
    SELECT sum(step) OVER (ORDER BY at, step) AS calls FROM moments WHERE at IS NOT NULL
  )
  SELECT sum(turns)::int AS turns, (count(*) FILTER (WHERE highest IS DISTINCT FROM turns))::int AS broken,
    (SELECT max(calls)::int FROM open) AS "mostAtOnce",
    sum(extract(epoch FROM ended_at - started_at))::float8 AS seconds
  FROM calls`;

interface Measured {
  questions: number;
  result: Result;
  usage: ReadonlyMap<string, Usage>;
  kept: Kept;
  idle: Look;
  busy: Look;
}

const NOTHING: Usage = { processorMs: 0, waitedMs: 0, mostMb: 0 };

function rowsOf({ questions, result, usage, kept, idle, busy }: Measured) {
  const gateway = usage.get('gateway') ?? NOTHING;
  const title = (what: string): string => `${CALLS} scripted calls of ${questions} questions: ${what}`;
  return [
    row(title('as their script says'), { ours: result.asExpected, baseline: CALLS }, all),
    row(
      title('turns kept in Postgres, of those that ended'),
      { ours: kept.turns, baseline: busy.turns - idle.turns },
      all,
    ),
    row(title('event-loop lag p99, ms'), { ours: busy.lag.p99Ms, baseline: idle.lag.p99Ms }, below(50)),
    row(title('gateway, processor per call, % of a core'), { ours: gateway.processorMs / 10 / kept.seconds }),
    row(title('gateway, resident memory, MB'), { ours: gateway.mostMb, baseline: idle.residentMb }),
  ];
}

function notesOf({ questions, result, usage, kept, busy }: Measured): string[] {
  const seconds = result.tookMs / 1000;
  const shares = [...usage].map(
    ([name, { processorMs }]) =>
      `${name} ${figure(processorMs / 1000)} s (${Math.round(processorMs / 10 / seconds)} %)`,
  );
  const waited = figure((usage.get('gateway')?.waitedMs ?? 0) / 1000);
  const [failure] = result.failures;
  return [
    `Scripted calls: ${kept.mostAtOnce} at once, ${figure(kept.seconds / result.calls)} s each, all within ` +
      `${figure(seconds)} s; ${kept.turns} turns kept, ${CALLS * (2 * questions + 1)} by script, ` +
      `${kept.broken} calls with a gap among them${failure ? `; one failed: ${failure.why ?? ''}` : ''}.`,
    `Processor time of that: ${shares.join(', ')}. The gateway waited ${waited} s for a core that others had.`,
    `Event-loop lag is prom-client's, over the whole of it, less its sampling interval of ${LAG_RESOLUTION_MS} ms; ` +
      `the longest was ${figure(busy.lag.mostMs)} ms. Baselines are of the idle gateway.`,
  ];
}
