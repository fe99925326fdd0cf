import { deliver } from './deliver';
import type { Call } from './prepare-call';
import type { HungUpBy, Next, NextStep, StreamEnded } from './provider-side';
import { webhookName, type Answer } from './send-request';
import { within } from './within';

/** ms that a call stays up whose stream Greenroom has closed, until nobody believes any more that it will be ended */
const LEFT_UP_MS = 5000;

/**
 * Waits for the command that says how the call goes on: closing its stream has said nothing. Null where the caller has
 * ended it.
 * @param endedAt when the stream ended, by `performance.now()`
 */
export async function awaitNext(
  call: Call,
  hungUpBy: HungUpBy,
  endedAt: number,
  patienceMs = LEFT_UP_MS,
): Promise<Next | null> {
  if (hungUpBy === 'caller' || !call.commanded) return null;
  const ending = await within(call.commanded.left, patienceMs, call.plan.signal);
  if (!ending) {
    call.notes.slips.push(`the call was left up: no hang-up within ${patienceMs} ms of the stream’s end`);
    return null;
  }
  const { command, status, at } = ending;
  const answeredInMs = Math.max(0, Math.round(at - endedAt));
  const isTransfer = command.kind === 'transfer';
  const number = isTransfer ? command.to : null;
  return { status, decision: isTransfer ? 'transfer' : 'hang-up', number, answeredInMs };
}

/** Asks as the provider does when the stream is over; null where this flow does not ask. Never rejects. */
export async function askNext(call: Call, ended: StreamEnded): Promise<Next | null> {
  const flow = { afterBot: call.plan.afterBot ?? false, actionUrl: call.notes.actionUrl };
  const webhook = call.side.nextWebhook(call.known, ended, flow);
  if (!webhook) return null;
  const name = webhookName(webhook);
  call.timeline.add('provider', `webhook: ${name}, what is next?`);
  const askedAt = performance.now();
  const answer = await deliver(call, webhook);
  const answeredInMs = Math.round(performance.now() - askedAt);
  const step = answer.status === null ? null : call.side.readNext(answer.status, answer.body);
  call.timeline.add('ingest', answerText(answer, step));
  if (!step) call.notes.slips.push(`${name} was answered with ${answer.status ?? answer.body}`);
  return { status: answer.status, ...(step ?? { decision: null, number: null }), answeredInMs };
}

/** Without the number: it is somebody's. */
function answerText({ status, body }: Answer, step: NextStep | null): string {
  if (status === null) return `no answer: ${body}`;
  return step ? `answers ${status}: ${step.decision}` : `answers ${status}`;
}
