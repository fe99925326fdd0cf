import type { Call } from './prepare-call';
import { START_STEPS } from './start-step';
import type { StreamPlace } from './stream-place';
import { tellAll } from './webhooks';

/**
 * Opens the stream among the webhooks that tell of the call's beginning; without a wish for an order nothing waits for
 * their answers. Where the first webhook never comes, whatever kept it away keeps these away too.
 * @returns what `open` gives
 */
export async function inOrder<T>(
  call: Call,
  place: StreamPlace,
  open: () => Promise<T | null>,
): Promise<T | null> {
  const { order, noWebhook } = call.plan;
  let opened: T | null = null;
  for (const step of order ?? START_STEPS) {
    if (step === 'stream') {
      opened = await open();
      if (opened === null) return null;
    } else if (!noWebhook) {
      const told = tellAll(call, call.side.progress(call.known, place, step));
      call.notes.telling.push(told);
      if (order) await told;
    }
  }
  return opened;
}
