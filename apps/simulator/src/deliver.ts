import type { Call } from './prepare-call';
import type { WebhookCall } from './provider-side';
import { isSuccess, pickOne, sendRequest, webhookName, type Answer } from './send-request';

/**
 * Sends a webhook, in as many copies at once as the call's options want, and each of them again where this provider does
 * so: when no answer came in its time, or a 5xx. Never rejects.
 * @returns the first answer, or the first that is no success
 */
export async function deliver(call: Call, webhook: WebhookCall, copies = call.plan.copies): Promise<Answer> {
  const answers = await Promise.all(Array.from({ length: copies }, () => deliverOne(call, webhook)));
  const [first = { status: null, body: 'not sent' }] = answers;
  return answers.find((one) => !isSuccess(one)) ?? first;
}

async function deliverOne(call: Call, webhook: WebhookCall): Promise<Answer> {
  const { answerMs, retries } = call.side.patience;
  let answer = await sendRequest(pickOne(call.stack.webhookUrl), webhook, answerMs);
  for (let attempt = 2; attempt <= 1 + retries && isLost(answer); attempt += 1) {
    call.notes.retries += 1;
    call.timeline.add('provider', `webhook once more, for want of an answer: ${webhookName(webhook)}`);
    const again = webhook.again?.(attempt) ?? webhook;
    answer = await sendRequest(pickOne(call.stack.webhookUrl), again, answerMs);
  }
  return answer;
}

const isLost = ({ status }: Answer): boolean => status === null || status >= 500;
