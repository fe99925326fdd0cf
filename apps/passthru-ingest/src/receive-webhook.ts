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
import { announceSession, type AnnouncePorts } from './announce-session';
import { recordCallEvent } from './record-call-event';
import { Refusal } from './refusal';

/** A request to one of the webhook routes, as the controller took it off the wire. */
export interface IncomingWebhook {
  provider: string;
  account: string;
  operation: string;
  pathToken: string | undefined;
  remoteAddress: string;
  request: WebhookRequest;
}

export interface WebhookPorts extends AnnouncePorts {
  accounts: Accounts;
  demo: boolean;
  /** `https://…`, without a slash at its end */
  publicBaseUrl: string;
  /** `wss://…`, without a slash at its end */
  mediaUrl: string;
}

/**
 * The whole path of a webhook.
 * @throws {Refusal} with the status to answer
 */
export async function receiveWebhook(incoming: IncomingWebhook, ports: WebhookPorts): Promise<WebhookAnswer> {
  const { adapter, account } = findRoute(incoming, ports);
  checkCredentials(incoming, adapter, account, ports);
  const webhook = understand(incoming, adapter, account);
  ports.metrics.webhooks.inc({ provider: adapter.provider, kind: webhook.kind });
  const sessionId = await write(webhook, account, ports);
  return adapter.answer(incoming.operation, answerContext(account, sessionId, ports));
}

function findRoute(
  incoming: IncomingWebhook,
  ports: WebhookPorts,
): { adapter: WebhookAdapter; account: Account } {
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
  adapter: WebhookAdapter,
  account: Account,
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

function understand(incoming: IncomingWebhook, adapter: WebhookAdapter, account: Account): Understood {
  const webhook = adapter.parse(incoming.operation, incoming.request, account);
  if (webhook.kind === 'refused') throw new Refusal(400, webhook.reason);
  return webhook;
}

/** @returns the session's id where the webhook announces a call */
async function write(webhook: Understood, account: Account, ports: WebhookPorts): Promise<string | null> {
  const key: CallKey = { provider: account.provider, account: account.name, callId: webhook.callId };
  if (webhook.kind === 'announcement') {
    const options = { pending: account.enrich !== undefined };
    const { session } = await announceSession({ ...webhook.announcement, ...key }, options, ports);
    return session.sessionId;
  }
  const { kind, status, details } = webhook;
  const event = { type: kind, data: { status, ...details }, once: `${kind}:${status}` };
  await recordCallEvent({ key, event, callEnded: kind === 'call-ended' }, ports);
  ports.logger.info({ ...key, status }, kind === 'progress' ? 'call progressed' : kind.replace('-', ' '));
  return null;
}

function answerContext(account: Account, sessionId: string | null, ports: WebhookPorts): AnswerContext {
  const [secret] = account.credentials.pathSecrets;
  const [basic] = account.credentials.basic;
  const path = [account.provider, account.name, ...(secret ? [secret] : [])]
    .map(encodeURIComponent)
    .join('/');
  const media = new URL(`${ports.mediaUrl}/ws/${path}`);
  if (basic && account.provider === 'exotel') {
    media.username = basic.username;
    media.password = basic.password;
  }
  const status = [account.provider, account.name, 'stream-status', ...(secret ? [secret] : [])];
  return {
    streamUrl: media.href,
    streamStatusUrl: `${ports.publicBaseUrl}/webhooks/${status.map(encodeURIComponent).join('/')}`,
    parameters: sessionId ? { sessionId } : {},
  };
}
