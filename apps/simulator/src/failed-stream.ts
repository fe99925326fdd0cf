import { awaitNext } from './next-step';
import type { Call } from './prepare-call';
import type { StreamPlace } from './stream-place';
import { sendEndWebhooks, tellAll } from './webhooks';

/**
 * A stream that could not be connected, where the call stays up without it: the provider says so, and waits for a command.
 * A caller whom nobody hangs up on leaves in the end.
 */
export async function tellFailedStream(call: Call, place: StreamPlace): Promise<void> {
  const { commanded, known, notes, plan, side } = call;
  if (!side.streamFailed || plan.noWebhook) return;
  const failedAt = performance.now();
  await tellAll(call, [side.streamFailed(known, place)]);
  notes.next = await awaitNext(call, 'gateway', failedAt);
  const hungUpBy = notes.next ? 'api' : 'caller';
  if (!notes.next) commanded?.over();
  await Promise.all(notes.telling);
  await sendEndWebhooks(call, { place, failed: true, endedAt: new Date(), streamSeconds: 0, hungUpBy });
  commanded?.over();
}
