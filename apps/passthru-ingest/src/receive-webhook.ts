import { ProviderSchema, type CallKey } from '@greenroom/contracts';
import { authorize, type Account, type Accounts } from '@greenroom/platform';
import {
  webhookAdapters,
  type AnswerContext,
  type Webhook,
  type WebhookAdapter,
  type WebhookAnswer,
  type WebhookRequest,
} from '@greenroom/telephony';
import { announceSession } from './announce-session';
import { answerContext, type PublicUrls } from './answer-context';
import { recordCallEvent } from './record-call-event';
import { Refusal } from './refusal';
import { tellNextStep, type NextStepPorts } from './tell-next-step';

/** A request to one of the webhook routes, as the controller took it off the wire. */
export interface IncomingWebhook {
  provider: string;
  account: string;
  operation: string;
  pathToken: string | undefined;
  remoteAddress: string;
  request: WebhookRequest;
}

export interface WebhookPorts extends NextStepPorts, PublicUrls {
  accounts: Accounts;
  demo: boolean;
}

interface Route {
  adapter: WebhookAdapter;
  account: Account;
}

/**
 * The whole path of a webhook.
 * @throws {Refusal} with the status to answer
 */
export async function receiveWebhook(incoming: IncomingWebhook, ports: WebhookPorts): Promise<WebhookAnswer> {
  const route = findRoute(incoming, ports);
  checkCredentials(incoming, route, ports);
  const webhook = understand(incoming, route);
  ports.metrics.webhooks.inc({ provider: route.adapter.provider, kind: webhook.kind });
  const result = await act(webhook, route, ports);
  return route.adapter.answer(incoming.operation, answerContext(route.account, result, ports));
}

function findRoute(incoming: IncomingWebhook, ports: WebhookPorts): Route {
  const provider = ProviderSchema.safeParse(incoming.provider);
  const account = provider.success ? ports.accounts.find(provider.data, incoming.account) : null;
  if (!provider.success || !account) {
    throw new Refusal(404, 'No such provider account. The URL is /webhooks/PROVIDER/ACCOUNT/OPERATION.');
  }
  const adapter = webhookAdapters[provider.data];
  const methods = Object.hasOwn(adapter.operations, incoming.operation)
    ? adapter.operations[incoming.operation]
    : undefined;
  const known = Object.keys(adapter.operations).join(', ');
  if (!methods) throw new Refusal(404, `No such operation. ${adapter.provider} has: ${known}.`);
  if (!methods.includes(incoming.request.method)) throw new Refusal(405, `Use ${methods.join(' or ')}.`);
  return { adapter, account };
}

function checkCredentials(
  { remoteAddress, pathToken, request }: IncomingWebhook,
  { adapter, account }: Route,
  ports: WebhookPorts,
): void {
  const { authorization } = request.headers;
  const verifySignature = (secrets: readonly string[]) => adapter.verify(request, secrets);
  const presented = {
    remoteAddress,
    pathToken,
    verifySignature,
    authorization: Array.isArray(authorization) ? undefined : authorization,
  };
  const authorized = authorize(account, presented, { demo: ports.demo });
  if (!authorized.ok) throw new Refusal(authorized.status, `Not authorized: ${authorized.reason}.`);
}

type Understood = Exclude<Webhook, { kind: 'refused' }>;

function understand(incoming: IncomingWebhook, { adapter, account }: Route): Understood {
  const webhook = adapter.parse(incoming.operation, incoming.request, account);
  if (webhook.kind === 'refused') throw new Refusal(400, webhook.reason);
  return webhook;
}

/** What the answer to a webhook depends on: nothing of it is known before the webhook was acted upon. */
type Result = Pick<AnswerContext, 'next'> & {
  /** of the call that was announced */
  sessionId: string | null;
};

async function act(webhook: Understood, { adapter, account }: Route, ports: WebhookPorts): Promise<Result> {
  const key: CallKey = { provider: account.provider, account: account.name, callId: webhook.callId };
  if (webhook.kind === 'announcement') {
    const options = { pending: account.enrich !== undefined };
    const { session } = await announceSession({ ...webhook.announcement, ...key }, options, ports);
    return { sessionId: session.sessionId, next: 'none' };
  }
  const { kind, status, details } = webhook;
  // the end of a stream is told on two roads, by a status callback and by what asks for the next step: one line
  const once = kind === 'stream-ended' ? kind : `${kind}:${status}`;
  const event = { type: kind, data: { status, ...details }, once };
  const told = { key, event, callEnded: kind === 'call-ended' };
  ports.logger.info({ ...key, status }, kind === 'progress' ? 'call progressed' : kind.replace('-', ' '));
  if (webhook.kind === 'stream-ended' && webhook.asksNext) {
    const lacksNumber = adapter.transfersTo === 'number' && account.transferTo === undefined;
    return { sessionId: null, next: await tellNextStep(told, { lacksNumber }, ports) };
  }
  await recordCallEvent(told, ports);
  return { sessionId: null, next: 'none' };
}
