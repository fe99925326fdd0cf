import type { Session } from '@greenroom/contracts';
import type { CallLine, Conversation } from '@greenroom/conversation';
import { errorFields } from '@greenroom/platform';
import { watchSession, type Ending } from '@greenroom/rendezvous';
import { decodeAudio } from '@greenroom/telephony';
import type { AnswerPorts, Line, OwnedCall } from './call';
import type { StreamEvent } from './inbound-buffer';
import { Playback } from './playback';

/**
 * Connects the line to a conversation until one of them ends, and says how it ended. Nothing in here awaits: the
 * caller's audio goes straight from the socket to the conversation.
 */
export async function converse(line: Line, call: OwnedCall, ports: AnswerPorts): Promise<Ending> {
  const { connection, start, route } = line;
  const playback = new Playback({
    codec: connection.codec,
    format: start.format,
    rule: route.adapter.outbound,
    clock: ports.clock,
    leadMs: ports.leadMs,
    // after a pause of this process the call may be another's: nothing is said until the claim is sure again
    send: (message) => !call.claim.holds || connection.send(message),
  });
  const conversation = ports.agents[route.account.agent](lineOf(line, playback), call.session);
  const stopWatching = followSession(line, call, conversation, ports);
  call.claim.lost.addEventListener('abort', () => connection.close('notOwner'), { once: true });
  const cancelLimit = ports.clock.after(ports.maxCallMs, () => connection.close('tooLong'));
  connection.listen((event) => deliver(event, conversation, line));
  ports.metrics.activeCalls.inc();
  await aborted(connection.ended);
  ports.metrics.activeCalls.dec();
  const ending = endingOf(line);
  stopWatching();
  cancelLimit();
  playback.stop();
  conversation.ended();
  connection.close('finished');
  return ending;
}

function lineOf({ connection, start }: Line, playback: Playback): CallLine {
  return {
    sampleRate: start.format.sampleRate,
    play: (pcm) => playback.play(pcm),
    mark: (name) => playback.mark(name),
    clear: () => playback.clear(),
    hangUp: () => playback.whenPlayed(() => connection.close('finished')),
  };
}

/** An agent that throws ends its own call, and not the process with everybody else's. */
function deliver(event: StreamEvent, conversation: Conversation, { start, connection, logger }: Line): void {
  try {
    if (event.kind === 'audio') conversation.heard(decodeAudio(start.format, event.payload));
    else if (event.kind === 'dtmf') conversation.pressed(event.digit);
    else conversation.played(event.name);
  } catch (error) {
    logger.error(errorFields(error), 'conversation failed');
    connection.close('failed');
  }
}

/** A call that began without its customer: the event tells at once when the data comes, the lease's renewal surely. */
function followSession(
  line: Line,
  call: OwnedCall,
  conversation: Conversation,
  ports: AnswerPorts,
): () => void {
  let known = call.session.version;
  const apply = (session: Session) => {
    // a look may end after the call
    if (session.version <= known || line.connection.ended.aborted) return;
    known = session.version;
    line.logger.info({ version: session.version }, 'session changed during the call');
    conversation.sessionChanged(session);
  };
  call.changed.notify = () => {
    void ports.store.find(line.key).then(
      (session) => session && apply(session),
      () => undefined,
    );
  };
  return call.session.announcedAt === null ? watchSession(line.key, ports.awaiting, apply) : () => undefined;
}

/** At the moment at which the line went away: whoever closed it first. */
function endingOf({ connection }: Line): Ending {
  const { closedBy, closeCode } = connection;
  if (closedBy === 'goingAway') return { outcome: 'dropped-by-drain', closeCode };
  if (closedBy === 'notOwner') return { outcome: 'superseded', closeCode };
  if (closedBy === 'finished' || closedBy === 'tooLong') return { outcome: 'hung-up', closeCode };
  return { outcome: closedBy === null ? 'completed' : 'failed', closeCode };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
