import type { Session } from '@greenroom/contracts';
import type { Conversation } from '@greenroom/conversation';
import { errorFields } from '@greenroom/platform';
import { watchSession, type Ending } from '@greenroom/rendezvous';
import { AudioScratch, decodeAudio } from '@greenroom/telephony';
import type { AnswerPorts, Line, OwnedCall } from './call';
import type { StreamListener } from './media-connection';
import { openLine } from './open-line';
import type { Recording } from './recording';

/** After a look at a session that has changed and could not be read. */
const LOOK_AGAIN_MS = 1000;

/**
 * Connects the line to a conversation until one of them ends, and says how it ended. Nothing in here awaits: the
 * caller's audio goes straight from the socket to the conversation.
 */
export async function converse(line: Line, call: OwnedCall, ports: AnswerPorts): Promise<Ending> {
  const { connection, route } = line;
  const recording = record(line, call, ports);
  const open = openLine(line, call, ports, recording ?? undefined);
  const conversation = ports.assistants.converse(route.account, open.line, call.session, {
    record: (turn) => ports.turns.add(line.key, turn),
    logger: line.logger,
  });
  const stopWatching = followSession(line, call, conversation, ports);
  call.claim.lost.addEventListener('abort', () => connection.close('notOwner'), { once: true });
  const cancelLimit = ports.clock.after(ports.maxCallMs, () => connection.close('tooLong'));
  recording?.catchUp(connection.buffer?.audioMs ?? 0);
  connection.listen(deliverTo({ conversation, recording, line }));
  ports.metrics.activeCalls.inc();
  await aborted(connection.ended);
  ports.metrics.activeCalls.dec();
  const ending = open.transferred ? { ...endingOf(line), outcome: 'transferred' as const } : endingOf(line);
  stopWatching();
  cancelLimit();
  open.stop();
  conversation.ended();
  connection.close('finished');
  ports.recordings.finish(recording);
  return ending;
}

function record({ connection, start, logger }: Line, call: OwnedCall, ports: AnswerPorts): Recording | null {
  return ports.recordings.begin({
    name: call.session.sessionId,
    format: start.format,
    startedAt: connection.startedAt,
    now: () => ports.clock.now(),
    logger,
  });
}

/** Of all calls: a frame has been heard before the next one comes. */
const SCRATCH = new AudioScratch();

interface Listeners {
  conversation: Conversation;
  recording: Recording | null;
  line: Line;
}

/** An agent that throws ends its own call, and not the process with everybody else's. */
function deliverTo({ conversation, recording, line }: Listeners): StreamListener {
  const { format } = line.start;
  return (event, now) => {
    try {
      if (event.kind === 'dtmf') return conversation.pressed(event.digit);
      if (event.kind === 'mark') return conversation.played(event.name);
      const pcm = decodeAudio(format, event.payload, SCRATCH);
      recording?.heard(pcm, event.timestampMs);
      conversation.heard(pcm, now - event.cameAt);
    } catch (error) {
      line.logger.error(errorFields(error), 'conversation failed');
      line.connection.close('failed');
    }
  };
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
      // it is told once only: the next renewal finds the version that this one has found
      () => ports.clock.after(LOOK_AGAIN_MS, () => !line.connection.ended.aborted && call.changed.notify()),
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
