import { randomUUID } from 'node:crypto';
import type { CallKey, CloseName, Found, Session } from '@greenroom/contracts';
import type { StartConversation } from '@greenroom/conversation';
import { errorFields, type Account, type Logger } from '@greenroom/platform';
import {
  awaitSession,
  type AwaitPorts,
  type AwaitResult,
  type ClaimRequest,
  type ClaimResult,
  type Clock,
  type SessionStore,
} from '@greenroom/rendezvous';
import type { StreamStart } from '@greenroom/telephony';
import type { MediaRoute } from './admit-upgrade';
import { CallClaim } from './call-claim';
import { converse } from './converse';
import type { GatewayMetrics } from './gateway-metrics';
import type { MediaConnection } from './media-connection';

/** How long a claim is tried while the store fails, ms. */
const CLAIM_MS = 5000;

export interface AnswerPorts {
  awaiting: AwaitPorts;
  store: SessionStore;
  clock: Clock;
  agents: Readonly<Record<Account['agent'], StartConversation>>;
  metrics: GatewayMetrics;
  logger: Logger;
  /** name of this process in claims */
  gateway: string;
  leaseMs: number;
  leadMs: number;
}

/** A stream that has said which call it is. */
export interface Line {
  connection: MediaConnection;
  route: MediaRoute;
  start: StreamStart;
  key: CallKey;
  logger: Logger;
}

/** A call that is ours to drive. */
export interface OwnedCall {
  session: Session;
  claim: CallClaim;
  /** called when the session has changed under us */
  changed: { notify: () => void };
}

/** The whole path of a media stream. Resolves when it is over; every way out has closed the socket with its reason. */
export async function answerCall(
  connection: MediaConnection,
  route: MediaRoute,
  ports: AnswerPorts,
): Promise<void> {
  const line = await meet(connection, route, ports);
  const waited = line && (await waitForSession(line, ports));
  const call = waited && (await claimCall(line, waited, ports));
  if (!call) return;
  const ending = await converse(line, call, ports);
  await call.claim.finish(ending);
  line.logger.info({ ...ending }, 'call ended');
}

/** The `start` message says which call this is; where the URL has said it before, both must agree. */
async function meet(
  connection: MediaConnection,
  route: MediaRoute,
  ports: AnswerPorts,
): Promise<Line | null> {
  const start = await connection.started;
  if (!start) return null;
  const { account } = route;
  const key: CallKey = { provider: account.provider, account: account.name, callId: start.callId };
  const logger = ports.logger.child({ ...key });
  const refusal: CloseName | null =
    route.callId !== null && route.callId !== start.callId
      ? 'otherCall'
      : ports.awaiting.room.full
        ? 'full'
        : null;
  if (!refusal) return { connection, route, start, key, logger };
  logger.warn({ why: refusal }, 'stream refused');
  connection.close(refusal);
  return null;
}

type Waited = Exclude<AwaitResult, { outcome: 'cancelled' }>;

async function waitForSession(line: Line, ports: AnswerPorts): Promise<Waited | null> {
  const { connection, key, logger } = line;
  const { timeoutMs, onTimeout } = line.route.account.session;
  logger.info({ timeoutMs }, 'waiting for session');
  const concedeAs = onTimeout === 'close' ? 'timed_out' : 'received';
  const result = await awaitSession({ key, timeoutMs, concedeAs, signal: connection.ended }, ports.awaiting);
  const found = result.outcome === 'ready' ? result.found : 'none';
  ports.metrics.wait.observe({ outcome: result.outcome, found }, result.waitedMs / 1000);
  const waitedMs = Math.round(result.waitedMs);
  if (result.outcome === 'ready')
    logger.info({ found, waitedMs, sessionId: result.session.sessionId }, 'session found');
  if (result.outcome === 'timed-out')
    logger.warn({ waitedMs, then: onTimeout }, 'no customer data found after waiting');
  if (result.outcome !== 'cancelled') return result;
  logger.info({ waitedMs }, 'caller left while waiting');
  await ports.store.record(key, { type: 'stream-abandoned', data: { waitedMs } }).catch(() => undefined);
  connection.close('finished');
  return null;
}

async function claimCall(line: Line, waited: Waited, ports: AnswerPorts): Promise<OwnedCall | null> {
  const { connection, key, logger } = line;
  if (waited.outcome === 'timed-out' && line.route.account.session.onTimeout === 'close') {
    connection.close('noCustomerData');
    return null;
  }
  const found: Found | null = waited.outcome === 'ready' ? waited.found : null;
  const owner = `${ports.gateway}/${randomUUID()}`;
  const request = { key, owner, leaseMs: ports.leaseMs, found, waitedMs: waited.waitedMs };
  const claimed = await claimPatiently(request, line, ports);
  if (!claimed) return null;
  if (claimed.kind !== 'claimed') {
    logger.warn({ why: claimed.kind }, 'call not claimed');
    connection.close(claimed.kind === 'owned' ? 'notOwner' : 'callOver');
    return null;
  }
  const { session, epoch } = claimed;
  logger.info({ sessionId: session.sessionId, epoch, known: session.customer !== null }, 'proceeding');
  const changed = { notify: () => undefined };
  const { store, leaseMs } = ports;
  const claim = new CallClaim({ key, owner, epoch }, session.version, {
    store,
    leaseMs,
    logger,
    onChanged: () => changed.notify(),
  });
  return { session, claim, changed };
}

/** A store that is overloaded or away for a moment must not cost a call: tried again while the caller is there. */
async function claimPatiently(
  request: ClaimRequest,
  line: Line,
  ports: AnswerPorts,
): Promise<ClaimResult | null> {
  const { connection, logger } = line;
  const triedUntil = ports.clock.now() + CLAIM_MS;
  for (let pauseMs = 50; !connection.ended.aborted; pauseMs = Math.min(pauseMs * 2, 800)) {
    try {
      return await ports.store.claim(request);
    } catch (error) {
      logger.warn(errorFields(error), 'claim failed, trying again');
      if (ports.clock.now() + pauseMs > triedUntil) throw error;
    }
    await new Promise<void>((resolve) => ports.clock.after(pauseMs, resolve));
  }
  return null;
}
