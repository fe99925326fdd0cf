import type { CallKey, CloseName } from '@greenroom/contracts';
import { errorFields } from '@greenroom/platform';
import { awaitSession, type Ending } from '@greenroom/rendezvous';
import type { MediaRoute } from './admit-upgrade';
import type { AnswerPorts, Line } from './call';
import { claimCall, type Waited } from './claim-call';
import { converse } from './converse';
import type { MediaConnection } from './media-connection';

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
  const ending = await converse(line, call, ports).catch((error: unknown) => failed(line, error));
  await call.claim.finish(ending);
  line.logger.info({ ...ending }, 'call ended');
}

/** A conversation that broke: the claim must still be given back, or it would be renewed for ever. */
function failed({ connection, logger }: Line, error: unknown): Ending {
  logger.error(errorFields(error), 'conversation failed');
  connection.close('failed');
  return { outcome: 'failed', closeCode: connection.closeCode };
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
  connection.close(refusal);
  return null;
}

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
  if (result.outcome === 'timed-out' && onTimeout === 'close') connection.close('noCustomerData');
  if (result.outcome !== 'cancelled') return connection.ended.aborted ? null : result;
  logger.info({ waitedMs }, 'caller left while waiting');
  await ports.store.record(key, { type: 'stream-abandoned', data: { waitedMs } }).catch(() => undefined);
  connection.close('finished');
  return null;
}
