import type { CallCommand, CloseName, Session } from '@greenroom/contracts';
import type { Ending } from '@greenroom/rendezvous';
import type { AnswerPorts, Line } from './call';

/** Ways in which a call that we have driven ends, after which the provider has nobody else to turn to. */
const OVER_HERE: ReadonlySet<Ending['outcome']> = new Set([
  'hung-up',
  'transferred',
  'failed',
  'dropped-by-drain',
]);

/** The same of a call that was never ours to drive; any other close may be that of a second stream. */
const CLOSED_UNDRIVEN: ReadonlySet<CloseName> = new Set<CloseName>(['noCustomerData', 'failed']);

/**
 * Where closing the stream leaves the call up, the provider is told to end it, or to connect the caller with a person:
 * after the socket was closed, so that nothing is said any more, and in the background, so that nothing waits for a REST
 * API.
 * @param driven how the call ended, and its session; null: no connection of ours has driven it
 */
export function endAtProvider(line: Line, driven: Driven | null, ports: Pick<AnswerPorts, 'commands'>): void {
  const { route, key } = line;
  if (route.adapter.stream.closing !== 'call-stays-up' || goesOnByItself(driven?.session)) return;
  if (isOverHere(line, driven)) ports.commands.start(key, commandFor(line, driven));
}

interface Driven {
  ending: Ending;
  session: Session;
}

function isOverHere({ connection }: Line, driven: Driven | null): boolean {
  if (driven) return OVER_HERE.has(driven.ending.outcome) || isCutOff(driven.ending, connection);
  return connection.closedBy !== null && CLOSED_UNDRIVEN.has(connection.closedBy);
}

function commandFor({ route, key: { callId } }: Line, driven: Driven | null): CallCommand {
  const { transferTo } = route.account;
  const transfers = driven?.ending.outcome === 'transferred' && transferTo !== undefined;
  return transfers ? { kind: 'transfer', callId, to: transferTo } : { kind: 'hang-up', callId };
}

/** The line went away, and the provider did not say that the stream has ended: the caller may still be there. */
const isCutOff = ({ outcome }: Ending, { stopped }: Line['connection']): boolean =>
  outcome === 'completed' && !stopped;

/**
 * A call that a document of ours controls (TeXML): when its stream is closed, Telnyx goes on with the document, which asks
 * us what comes next. To tell it over REST as well would be to transfer the caller twice.
 */
const goesOnByItself = (session: Session | undefined): boolean => session?.attributes['api'] === 'texml';
