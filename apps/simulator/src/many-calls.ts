import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallOptions, CallResult } from './call-options';
import { prepareScript } from './caller/script';
import { keepListening } from './listen-for-commands';
import { placeCall } from './place-call';

/** Failures that are told one by one. */
const TOLD_FAILURES = 20;

export interface ManyCallsOptions {
  /** how each of them goes; `index` and `webhookDelayMs` are set for each */
  call: CallOptions;
  count: number;
  /** at most so many at once; all of them if left out */
  concurrency?: number | undefined;
  /** ms over which the calls begin, evenly */
  spreadMs?: number | undefined;
  /** each webhook comes a random time after its stream, at most so many ms */
  webhookDelayMaxMs?: number | undefined;
  onResult?: ((result: CallResult, done: number) => void) | undefined;
}

export interface ManyCallsResult {
  calls: number;
  asExpected: number;
  outcomes: Record<string, number>;
  found: Record<string, number>;
  /** ms; null where nobody waited */
  waitedMs: Percentiles | null;
  /** calls that got the session or the customer of another call */
  crossed: number;
  /** calls with a webhook that was accepted, and no answer */
  lost: number;
  /** calls in which Greenroom broke a rule of the provider */
  violating: number;
  tookMs: number;
  failures: { callId: string; why: string | null }[];
  ok: boolean;
}

export interface Percentiles {
  p50: number;
  p90: number;
  p99: number;
  max: number;
}

/**
 * Places calls next to one another, and counts what became of them.
 * @throws {UsageError} if the options name a file that cannot be read, or the stack lacks what such calls need
 */
export async function placeManyCalls(options: ManyCallsOptions): Promise<ManyCallsResult> {
  // every call listens to the one signal
  if (options.call.signal) setMaxListeners(0, options.call.signal);
  // what the callers say is the same for all: it is spoken once
  const script = await prepareScript(options.call);
  const stopListening = await keepListening(options.call);
  const startedAt = performance.now();
  const results: CallResult[] = [];
  let next = 0;
  const oneAfterTheOther = async (): Promise<void> => {
    for (let index = next++; index < options.count; index = next++) {
      await untilTurn(options, index, startedAt);
      if (options.call.signal?.aborted) return;
      const result = await placeCall(callOf(options, index), script);
      results.push(result);
      options.onResult?.(result, results.length);
    }
  };
  const lines = Math.min(options.concurrency ?? options.count, options.count);
  try {
    await Promise.all(Array.from({ length: lines }, oneAfterTheOther));
  } finally {
    await stopListening();
  }
  return summarize(results, performance.now() - startedAt);
}

export function summarize(results: readonly CallResult[], tookMs: number): ManyCallsResult {
  const failed = results.filter(({ ok }) => !ok);
  return {
    calls: results.length,
    asExpected: results.length - failed.length,
    outcomes: countBy(results.map(({ outcome }) => outcome)),
    found: countBy(results.map(({ found }) => found ?? 'none')),
    waitedMs: percentiles(results.flatMap(({ waitedMs }) => waitedMs ?? [])),
    crossed: results.filter(({ crossed }) => crossed).length,
    lost: results.filter(isLost).length,
    violating: results.filter(({ violations }) => violations.length > 0).length,
    tookMs: Math.round(tookMs),
    failures: failed.slice(0, TOLD_FAILURES).map(({ callId, why }) => ({ callId, why })),
    ok: results.length > 0 && failed.length === 0,
  };
}

/** Nearest rank: each of them is a value that was measured. */
export function percentiles(values: readonly number[]): Percentiles | null {
  const sorted = values.toSorted((a, b) => a - b);
  const max = sorted.at(-1);
  if (max === undefined) return null;
  const at = (part: number): number => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? max;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max };
}

const isLost = ({ webhook, outcome, ok }: CallResult): boolean =>
  !ok && outcome !== 'answered' && webhook !== null && isAccepted(webhook.status);

const isAccepted = (status: number | null): boolean => status !== null && status >= 200 && status < 300;

function callOf({ call, webhookDelayMaxMs }: ManyCallsOptions, index: number): CallOptions {
  const delay = webhookDelayMaxMs === undefined ? {} : { webhookDelayMs: randomUpTo(webhookDelayMaxMs) };
  return { ...call, index: (call.index ?? 0) + index, ...delay };
}

const randomUpTo = (most: number): number => Math.floor(Math.random() * (most + 1));

async function untilTurn(
  { count, spreadMs = 0, call }: ManyCallsOptions,
  index: number,
  startedAt: number,
): Promise<void> {
  const dueIn = startedAt + (index * spreadMs) / count - performance.now();
  if (dueIn <= 0) return;
  // an abort ends the sleep, and the caller looks at the signal next
  await sleep(dueIn, undefined, call.signal ? { signal: call.signal } : undefined).catch(() => undefined);
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
