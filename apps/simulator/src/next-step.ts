import type { Call } from './prepare-call';
import type { Next, NextStep, StreamEnded } from './provider-side';
import { pickOne, sendRequest, webhookName, type Answer } from './send-request';

/** Asks as the provider does when the stream is over; null where this flow does not ask. Never rejects. */
export async function askNext(call: Call, ended: StreamEnded): Promise<Next | null> {
  const flow = { afterBot: call.plan.afterBot ?? false, actionUrl: call.notes.actionUrl };
  const webhook = call.side.nextWebhook(call.known, ended, flow);
  if (!webhook) return null;
  const name = webhookName(webhook);
  call.timeline.add('provider', `webhook: ${name}, what is next?`);
  const askedAt = performance.now();
  const answer = await sendRequest(pickOne(call.stack.webhookUrl), webhook);
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
