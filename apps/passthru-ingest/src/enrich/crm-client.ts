import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CustomerUpdateSchema, type CustomerUpdate, type Session } from '@greenroom/contracts';
import { readBounded, type Account } from '@greenroom/platform';

type Enrich = NonNullable<Account['enrich']>;

/** How a look-up ended, with how often it was tried. */
export type CrmAnswer =
  | { kind: 'customer'; update: CustomerUpdate; tries: number }
  /** the CRM does not know this caller */
  | { kind: 'unknown'; tries: number }
  | { kind: 'gave-up'; reason: string; tries: number };

const RETRY_MS = 200;
const MAX_ANSWER_BYTES = 65_536;

/**
 * Asks the account's CRM who the caller is, within `budgetMs`. Each try has its own time-out; what may pass (no
 * answer, 429, 5xx) is tried again after a growing pause, what will not (another 4xx, an answer of the wrong shape) is
 * not.
 *
 * `POST url` with `{provider, account, callId, direction, from, to, attributes}`, signed as Standard Webhooks:
 * `webhook-id`, `webhook-timestamp` (unix s), `webhook-signature: v1,` base64 HMAC-SHA256 of `id.timestamp.body`.
 * Answer: 200 with `{fullName?, language?, attributes?}`, or 404.
 */
export async function askCrm(session: Session, enrich: Enrich, budgetMs: number): Promise<CrmAnswer> {
  const endsAt = performance.now() + budgetMs;
  const left = () => endsAt - performance.now();
  let reason = 'its budget was spent before the first try';
  for (let tries = 1; left() > 0; tries += 1) {
    const answer = await tryOnce(session, enrich, Math.min(enrich.timeoutMs, left()));
    if (answer.kind !== 'again') return { ...answer, tries };
    ({ reason } = answer);
    const pause = RETRY_MS * 2 ** (tries - 1);
    if (pause >= left()) return { kind: 'gave-up', reason, tries };
    await sleep(pause);
  }
  return { kind: 'gave-up', reason, tries: 0 };
}

type Try =
  | { kind: 'customer'; update: CustomerUpdate }
  | { kind: 'unknown' }
  | { kind: 'gave-up'; reason: string }
  | { kind: 'again'; reason: string };

async function tryOnce(session: Session, enrich: Enrich, timeoutMs: number): Promise<Try> {
  try {
    const response = await fetch(enrich.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signed(session, enrich.secret) },
      body: bodyOf(session),
      // not `error`: with it, undici loses the abort signal
      redirect: 'manual',
      signal: AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs))),
    });
    return await understand(response);
  } catch (error) {
    return { kind: 'again', reason: error instanceof Error ? error.name : 'failed' };
  }
}

async function understand(response: Response): Promise<Try> {
  const { status } = response;
  const text = (await readBounded(response, MAX_ANSWER_BYTES)) ?? '';
  if (status === 404) return { kind: 'unknown' };
  if (status === 429 || status >= 500) return { kind: 'again', reason: `status ${status}` };
  if (status !== 200) return { kind: 'gave-up', reason: `status ${status}` };
  const parsed = CustomerUpdateSchema.safeParse(parseJson(text));
  if (!parsed.success) return { kind: 'gave-up', reason: 'an answer of another shape' };
  return { kind: 'customer', update: parsed.data };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const bodyOf = ({ provider, account, callId, direction, from, to, attributes }: Session): string =>
  JSON.stringify({ provider, account, callId, direction, from, to, attributes });

function signed(session: Session, secret: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const content = `${session.sessionId}.${timestamp}.${bodyOf(session)}`;
  return {
    'webhook-id': session.sessionId,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${createHmac('sha256', secret).update(content).digest('base64')}`,
  };
}
