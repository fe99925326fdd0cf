import { setTimeout as sleep } from 'node:timers/promises';
import { dropFromCache } from './drop-cache';
import type { Call } from './prepare-call';
import type { StreamEnded, StreamPlace, WebhookCall } from './provider-side';
import { isSuccess, pickOne, sendRequest, webhookName, type Answer } from './send-request';

/**
 * Finds where the stream goes, and sends the webhook before it if the webhook is to be first.
 * @returns null if a webhook was not answered as it has to be; the call's notes say so
 */
export async function findPlace(call: Call): Promise<StreamPlace | null> {
  const isFirst = !call.plan.noWebhook && call.plan.webhookDelayMs === 0;
  const first = isFirst ? await sendStartWebhook(call) : null;
  if (first && !isSuccess(first.answer)) return refused(call, first);
  if (call.plan.dropCache) await dropCache(call);
  const naming = call.plan.dynamicUrl ? await askForUrl(call, first) : first;
  return naming && namesStream(call) ? placeNamedBy(call, naming) : staticPlace(call);
}

/** The webhook that comes when the stream stands already; it comes even if the stream has ended by then. */
export async function sendLateWebhook(call: Call): Promise<void> {
  const { noWebhook, webhookDelayMs, signal } = call.plan;
  if (noWebhook || webhookDelayMs === 0) return;
  const due = await sleep(webhookDelayMs, true, signal ? { signal } : undefined).catch(() => false);
  if (due) await sendStartWebhook(call);
}

/** What the provider reports when stream and call are over. */
export async function sendEndWebhooks(call: Call, ended: StreamEnded): Promise<void> {
  if (!call.plan.afterBot) return;
  for (const webhook of call.side.endWebhooks(call.known, ended)) {
    const answer = await send(call, webhook);
    if (!isSuccess(answer))
      call.notes.slips.push(`${webhookName(webhook)} was answered with ${answer.status ?? answer.body}`);
  }
}

interface Sent {
  webhook: WebhookCall;
  answer: Answer;
}

async function sendStartWebhook(call: Call): Promise<Sent> {
  const webhook = call.side.startWebhook(call.known);
  const copies = call.plan.twice ? [webhook, webhook] : [webhook];
  const answers = await Promise.all(copies.map((copy) => send(call, copy)));
  const [first] = answers;
  const answer = answers.find((one) => !isSuccess(one)) ?? first ?? { status: null, body: 'not sent' };
  call.notes.webhook = { status: answer.status, delayMs: call.plan.webhookDelayMs };
  if (isSuccess(answer)) call.notes.actionUrl = call.side.readActionUrl(answer.body);
  return { webhook, answer };
}

async function askForUrl(call: Call, earlier: Sent | null): Promise<Sent | null> {
  const webhook = call.side.streamUrlWebhook(call.known, earlier?.webhook ?? null);
  return webhook && { webhook, answer: await send(call, webhook) };
}

const namesStream = ({ plan, side }: Call): boolean => plan.dynamicUrl === true || side.answerNamesStream;

function placeNamedBy(call: Call, naming: Sent): StreamPlace | null {
  if (!isSuccess(naming.answer)) return refused(call, naming);
  const place = call.side.readAnswer(naming.answer.body);
  if (!place)
    call.notes.trouble = {
      outcome: 'failed',
      why: `${webhookName(naming.webhook)}: the answer names no stream`,
    };
  return place;
}

async function send(call: Call, webhook: WebhookCall): Promise<Answer> {
  call.timeline.add('provider', `webhook: ${webhookName(webhook)}`);
  const answer = await sendRequest(pickOne(call.stack.webhookUrl), webhook);
  call.timeline.add(
    'ingest',
    answer.status === null ? `no answer: ${answer.body}` : `answers ${answer.status}`,
  );
  return answer;
}

async function dropCache({ stack, key, timeline, notes }: Call): Promise<void> {
  const { redisUrl, environment } = stack;
  if (redisUrl === undefined || environment === undefined) {
    notes.slips.push('the stack does not say where its Redis is, so nothing was dropped from it');
    return;
  }
  const outcome = await dropFromCache({ redisUrl, environment }, key);
  timeline.add('provider', `session in the cache: ${outcome}`);
  // a call whose session was never in the cache would pass for one that did without it
  if (outcome !== 'dropped') notes.slips.push(`the session could not be dropped from the cache: ${outcome}`);
}

function staticPlace({ plan, side, known }: Call): StreamPlace {
  const query: Record<string, string> = { ...plan.parameters };
  if (plan.sampleRate !== undefined) query['sample-rate'] = String(plan.sampleRate);
  return side.staticPlace(known, plan.path ?? 'account', query);
}

function refused(call: Call, { webhook, answer }: Sent): null {
  const why = `${webhookName(webhook)} was answered with ${answer.status ?? answer.body}`;
  call.notes.trouble = { outcome: answer.status === null ? 'failed' : 'refused', why };
  return null;
}
