import { randomUUID } from 'node:crypto';
import type { CallKey, CloseName, Session } from '@greenroom/contracts';
import { errorFields } from '@greenroom/platform';
import type { AwaitResult, ClaimRequest, ClaimResult } from '@greenroom/rendezvous';
import type { AnswerPorts, Line, OwnedCall } from './call';
import { CallClaim } from './call-claim';
import { Contention } from './contention';

export type Waited = Exclude<AwaitResult, { outcome: 'cancelled' }>;

/** How long a claim is tried while neither store nor Redis answers, ms. */
const TRY_MS = 5000;
const PAUSE_MS = 500;

type Attempt = ClaimResult | { kind: 'provisional' } | { kind: 'away'; error: unknown };

/** Claims the call for this connection, or closes it with the reason why not. */
export async function claimCall(line: Line, waited: Waited, ports: AnswerPorts): Promise<OwnedCall | null> {
  const { connection, key, logger } = line;
  const request: ClaimRequest = {
    key,
    owner: `${ports.gateway}/${randomUUID()}`,
    leaseMs: ports.leaseMs,
    found: waited.outcome === 'ready' ? waited.found : null,
    waitedMs: waited.waitedMs,
  };
  const attempt = await contend(request, line, ports);
  if (attempt?.kind === 'claimed') return own(request, attempt, line, ports);
  if (attempt?.kind === 'provisional')
    return own(request, { session: sessionOf(waited, key), epoch: null }, line, ports);
  if (!attempt) return null;
  const why = CLOSE_OF[attempt.kind];
  logger.warn({ why, ...(attempt.kind === 'away' ? errorFields(attempt.error) : {}) }, 'call not claimed');
  connection.close(why);
  return null;
}

const CLOSE_OF = {
  owned: 'notOwner',
  over: 'callOver',
  unknown: 'callOver',
  away: 'failed',
} satisfies Record<Exclude<Attempt['kind'], 'claimed' | 'provisional'>, CloseName>;

/** Tries until it is decided; null if the caller leaves first. */
async function contend(
  request: ClaimRequest,
  { connection }: Line,
  ports: AnswerPorts,
): Promise<Attempt | null> {
  const { clock } = ports;
  const startedAt = clock.now();
  const contention = new Contention(request.leaseMs);
  while (!connection.ended.aborted) {
    const attempt = await attemptOnce(request, ports);
    const now = clock.now();
    const again =
      attempt.kind === 'owned'
        ? contention.isOpen(attempt.leaseUntil, now)
        : attempt.kind === 'away' && now - startedAt <= TRY_MS;
    if (!again) return attempt;
    await new Promise<void>((resolve) => clock.after(PAUSE_MS, resolve));
  }
  return null;
}

/** In the store; while that is away, or has not been told of the call yet, in Redis. */
async function attemptOnce(request: ClaimRequest, ports: AnswerPorts): Promise<Attempt> {
  try {
    const result = await ports.store.claim(request);
    if (result.kind !== 'unknown') return result;
  } catch (error) {
    ports.logger.warn({ ...request.key, ...errorFields(error) }, 'claim failed in the database');
  }
  try {
    const taken = await ports.claims.take(request.key, request.owner, request.leaseMs);
    return taken ? { kind: 'provisional' } : { kind: 'owned', leaseUntil: 0 };
  } catch (error) {
    return { kind: 'away', error };
  }
}

function own(
  request: ClaimRequest,
  { session, epoch }: { session: Session; epoch: number | null },
  { connection, logger }: Line,
  ports: AnswerPorts,
): OwnedCall {
  logger.info({ sessionId: session.sessionId, epoch, known: session.customer !== null }, 'proceeding');
  const changed = { notify: () => undefined };
  const claim = new CallClaim(request, epoch === null ? null : { epoch, version: session.version }, ports, {
    lastMessageAt: () => connection.lastMessageAt,
    onChanged: () => changed.notify(),
  });
  return { session, claim, changed };
}

/** The session that was found, or that of a caller about whom nothing is known. */
function sessionOf(waited: Waited, key: CallKey): Session {
  if (waited.outcome === 'ready') return waited.session;
  return {
    sessionId: randomUUID(),
    ...key,
    state: 'received',
    version: 1,
    direction: 'inbound',
    from: null,
    to: null,
    customer: null,
    attributes: {},
    enrichment: 'none',
    announcedAt: null,
  };
}
