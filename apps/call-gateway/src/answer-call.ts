import type { CallKey, CloseName } from '@greenroom/contracts';
import { errorFields } from '@greenroom/platform';
import { awaitSession, type Ending } from '@greenroom/rendezvous';
import { isTokenOf } from '@greenroom/telephony';
import type { MediaRoute } from './admit-upgrade';
import type { AnswerPorts, Line } from './call';
import { claimCall, type Waited } from './claim-call';
import { converse } from './converse';
import { endAtProvider } from './end-at-provider';
import { observeSession } from './observe-sessions';

/** A stream that has said which call it is of, before anything of that is believed. */
type Started = Pick<Line, 'connection' | 'route' | 'start'>;

/** The whole path of a call's stream. Resolves when it is over; every way out has closed the socket with its reason. */
export async function answerCall(started: Started, ports: AnswerPorts): Promise<void> {
  const line = await meet(started, ports);
  const waited = line && (await waitForSession(line, ports));
  const call = waited && (await claimCall(line, waited, ports));
  if (!call) {
    // a stream that has told its end before anybody listened to it is still open
    started.connection.close('finished');
    return line ? endAtProvider(line, null, ports) : undefined;
  }
  const ending = await converse(line, call, ports).catch((error: unknown) => failed(line, error));
  endAtProvider(line, { ending, session: call.session }, ports);
  await call.claim.finish(ending);
  await tellEnd(line, ending, ports);
  line.logger.info({ ...ending }, 'call ended');
}

/**
 * The stream's own end, as one more who tells of the call's. It knows neither why nor when; where calls outlive their
 * streams it knows nothing at all. Never rejects.
 */
async function tellEnd({ connection, route, key }: Line, ending: Ending, ports: AnswerPorts): Promise<void> {
  const outlives = route.adapter.stream.closing === 'call-stays-up';
  if (!connection.stopped || ending.outcome !== 'completed' || outlives) return;
  const ended = { key, reason: null, endedAt: null, durationMs: null, source: 'stream' as const };
  await ports.store.callEnded(ended, {}).catch(() => undefined);
}

/** A conversation that broke: the claim must still be given back, or it would be renewed for ever. */
function failed({ connection, logger }: Line, error: unknown): Ending {
  logger.error(errorFields(error), 'conversation failed');
  connection.close('failed');
  return { outcome: 'failed', closeCode: connection.closeCode };
}

/** The `start` message says which call this is; where the URL has said it before, both must agree. */
async function meet({ connection, route, start }: Started, ports: AnswerPorts): Promise<Line | null> {
  const { account } = route;
  const key: CallKey = { provider: account.provider, account: account.name, callId: start.callId };
  const logger = ports.logger.child({ ...key });
  const refusal = await refusalOf(route, key, ports);
  if (!refusal) return connection.ended.aborted ? null : { connection, route, start, key, logger };
  connection.close(refusal);
  return null;
}

/** The token is used up only here: a handshake that is repeated before its `start` must not lock the call out. */
async function refusalOf(
  { callId, token }: MediaRoute,
  key: CallKey,
  ports: AnswerPorts,
): Promise<CloseName | null> {
  if (callId !== null && callId !== key.callId) return 'otherCall';
  if (token && !isTokenOf(token, key)) return 'notAuthorized';
  if (ports.awaiting.room.full) return 'full';
  return token && !(await ports.usedTokens.use(token.id, token.expiresAt)) ? 'notAuthorized' : null;
}

async function waitForSession(line: Line, ports: AnswerPorts): Promise<Waited | null> {
  const { connection, key, logger } = line;
  const { timeoutMs, onTimeout } = line.route.account.session;
  logger.info({ timeoutMs }, 'waiting for session');
  const concedeAs = onTimeout === 'close' ? 'timed_out' : 'received';
  const result = await awaitSession({ key, timeoutMs, concedeAs, signal: connection.ended }, ports.awaiting);
  observeSession(key, result);
  const found = result.outcome === 'ready' ? result.found : 'none';
  ports.metrics.wait.observe({ outcome: result.outcome, found }, result.waitedMs / 1000);
  const waitedMs = Math.round(result.waitedMs);
  if (result.outcome === 'ready')
    logger.info({ found, waitedMs, sessionId: result.session.sessionId }, 'session found');
  if (result.outcome === 'timed-out')
    logger.warn({ waitedMs, then: onTimeout }, 'no customer data found after waiting');
  if (result.outcome === 'timed-out' && onTimeout === 'close') connection.close('noCustomerData');
  if (result.outcome !== 'cancelled') return connection.ended.aborted ? null : result;
  logger.info({ waitedMs }, 'caller left while waiting');
  await ports.store.record(key, { type: 'stream-abandoned', data: { waitedMs } }).catch(() => undefined);
  connection.close('finished');
  return null;
}
