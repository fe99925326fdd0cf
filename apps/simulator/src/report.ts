import type { CallResult } from './call-options';
import type { ManyCallsResult } from './many-calls';
import type { TimelineEntry } from './timeline';

/** `   0.120  gateway   accepts the stream` */
export function entryLine({ atMs, who, what }: TimelineEntry): string {
  return `${(atMs / 1000).toFixed(3).padStart(9)}  ${who.padEnd(8)}  ${what}`;
}

/** The last line, for whoever reads no other. */
export function resultLine(result: CallResult): string {
  const { ok, why, outcome, audio, close, customer, next } = result;
  const parts = [
    outcome,
    foundText(result),
    customer && `customer ${customer.fullName ?? customer.phone}`,
    outcome === 'answered' && (conversationText(result) ?? soundText(audio)),
    retriesText(result),
    next && `then ${next.decision ?? 'nothing that can be done'}`,
    close && `closed ${close.code} ${close.reason}`.trimEnd(),
  ].filter((part) => typeof part === 'string');
  return `${ok ? 'OK' : 'FAILED'}: ${why === null ? '' : `${why} | `}${parts.join(', ')}`;
}

export function manyCallsText(result: ManyCallsResult): string {
  const { waitedMs, failures } = result;
  const lines = [
    ['calls', `${result.calls} in ${seconds(result.tookMs)}, ${result.asExpected} went as expected`],
    ['outcomes', counts(result.outcomes)],
    ['found', counts(result.found)],
    ['waited', waitedMs ? `ms: ${counts({ ...waitedMs })}` : 'nobody'],
    ['crossed', String(result.crossed)],
    ['lost', String(result.lost)],
    ['rules', `broken in ${result.violating} calls`],
    ...failures.map(({ callId, why }) => ['failed', `${callId}: ${why ?? ''}`]),
  ];
  const verdict = `${result.ok ? 'OK' : 'FAILED'}: ${result.asExpected} of ${result.calls} calls went as expected`;
  return [...lines.map(([name = '', text = '']) => `${name.padEnd(9)} ${text}`), verdict].join('\n');
}

/** Null where the caller answered nothing, and so wanted an echo. */
function conversationText({ conversation }: CallResult): string | null {
  const { prompts, answers, bargeIns } = conversation;
  if (answers.length === 0) return null;
  const stopped = bargeIns.map(({ stoppedAfterMs }) => `${Math.round(stoppedAfterMs)} ms`).join(', ');
  const interrupted = stopped === '' ? '' : `, silent ${stopped} after it was interrupted`;
  return `${prompts.length} prompts heard, ${answers.length} answered${interrupted}`;
}

const retriesText = ({ retries }: CallResult): string | null =>
  retries === 0 ? null : `webhooks sent again: ${retries}`;

const soundText = ({ saidMs, heardBack }: CallResult['audio']): string =>
  `${seconds(saidMs)} said ${heardBack ? 'and' : 'and not'} heard back`;

function foundText({ found, waitedMs }: CallResult): string | null {
  if (found === null) return waitedMs === null ? null : `nothing found in ${waitedMs} ms`;
  return waitedMs === null ? `session found by ${found}` : `session found by ${found} after ${waitedMs} ms`;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const counts = (of: Readonly<Record<string, number>>): string =>
  Object.entries(of)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ') || 'none';
