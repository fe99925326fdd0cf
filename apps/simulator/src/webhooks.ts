import { setTimeout as sleep } from 'node:timers/promises';
import { deliver } from './deliver';
import { dropFromCache } from './drop-cache';
import { mintedPlace } from './minted-place';
import type { Call } from './prepare-call';
import type { StreamEnded, WebhookCall } from './provider-side';
import { isSuccess, webhookName, type Answer } from './send-request';
import type { StreamPlace } from './stream-place';
import { within } from './within';

/** ms that a caller lets it ring before a command has answered the call; longer than Greenroom tries to send one */
const RINGS_MS = 20_000;

/**
 * Finds where the stream goes, and sends the webhook before it if the webhook is to be first.
 * @returns null if a webhook was not answered as it has to be; the call's notes say so
 * @throws {UsageError} if the stream is to be first, and the stack does not say how to make its token
 */
export async function findPlace(call: Call): Promise<StreamPlace | null> {
  const isFirst = !call.plan.noWebhook && call.plan.webhookDelayMs === 0;
  const first = isFirst ? await sendStartWebhook(call) : null;
  if (first && !isSuccess(first.answer)) return refused(call, first);
  const place = await placeAfter(call, first);
  if (call.plan.dropCache) await dropCache(call);
  return place;
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
  const { afterBot = false, noWebhook = false } = call.plan;
  if (afterBot || (call.side.tells === 'always' && !noWebhook)) {
    for (const webhook of call.side.endWebhooks(call.known, ended)) await tellAll(call, [webhook]);
  }
}

/** Webhooks whose answers change nothing, all at once. Never rejects: what goes wrong stands in the call's notes. */
export async function tellAll(call: Call, webhooks: readonly WebhookCall[]): Promise<void> {
  await Promise.all(
    webhooks.map(async (webhook) => {
      const answer = await send(call, webhook);
      if (!isSuccess(answer))
        call.notes.slips.push(`${webhookName(webhook)} was answered with ${answer.status ?? answer.body}`);
    }),
  );
}

interface Sent {
  webhook: WebhookCall;
  answer: Answer;
}

async function sendStartWebhook(call: Call): Promise<Sent> {
  const webhook = call.side.startWebhook(call.known);
  const answer = await send(call, webhook, call.plan.twice ? 2 : call.plan.copies);
  call.notes.webhook = { status: answer.status, delayMs: call.plan.webhookDelayMs };
  if (isSuccess(answer)) call.notes.actionUrl = call.side.readActionUrl(answer.body);
  return { webhook, answer };
}

async function placeAfter(call: Call, first: Sent | null): Promise<StreamPlace | null> {
  const { plan, side } = call;
  if (plan.dynamicUrl) {
    const asked = await askForUrl(call, first);
    return asked && placeNamedBy(call, asked);
  }
  if (side.controlledBy === 'console') return staticPlace(call);
  if (!first) return untoldPlace(call);
  return side.controlledBy === 'answers' ? placeNamedBy(call, first) : placeCommanded(call);
}

async function askForUrl(call: Call, earlier: Sent | null): Promise<Sent | null> {
  const webhook = call.side.streamUrlWebhook(call.known, earlier?.webhook ?? null);
  return webhook && { webhook, answer: await send(call, webhook) };
}

function placeNamedBy(call: Call, naming: Sent): StreamPlace | null {
  if (!isSuccess(naming.answer)) return refused(call, naming);
  const place = call.side.readAnswer(naming.answer.body);
  if (!place) failed(call, `${webhookName(naming.webhook)}: the answer names no stream`);
  for (const what of place?.wrong ?? []) call.rules.note(what, what);
  return place;
}

/** The answer to the webhook has said nothing: a command has to. */
async function placeCommanded(call: Call): Promise<StreamPlace | null> {
  const { commanded, plan } = call;
  const place = commanded && (await within(commanded.answered, RINGS_MS, plan.signal));
  if (!place) failed(call, 'no command has answered the call: it rings and rings');
  return place;
}

/** @throws {UsageError} */
function untoldPlace(call: Call): StreamPlace {
  call.commanded?.up();
  return mintedPlace(call, staticPlace(call));
}

async function send(call: Call, webhook: WebhookCall, copies = call.plan.copies): Promise<Answer> {
  const name = webhookName(webhook);
  call.timeline.add('provider', `webhook: ${name}${copies > 1 ? `, ${copies} copies` : ''}`);
  const answer = await deliver(call, webhook, copies);
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

function failed(call: Call, why: string): void {
  call.notes.trouble = { outcome: 'failed', why };
}
