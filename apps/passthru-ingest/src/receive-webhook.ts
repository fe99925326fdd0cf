import { ProviderSchema, type CallKey } from '@greenroom/contracts';
import { authorize, type Account, type Accounts } from '@greenroom/platform';
import {
  mediaAdapters,
  webhookAdapters,
  type CallCommand,
  type Webhook,
  type WebhookAdapter,
  type WebhookAnswer,
  type WebhookRequest,
} from '@greenroom/telephony';
import { announceSession } from './announce-session';
import { answerContext, type ActedUpon, type PublicUrls } from './answer-context';
import { callEventOf } from './call-event';
import { findNextStep } from './find-next-step';
import { issueCommands, type CommandPorts } from './issue-commands';
import { findOwnNumber, ownNumberOf } from './own-number';
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

export interface WebhookPorts extends NextStepPorts, PublicUrls, CommandPorts {
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
  checkCommandable(webhook, route);
  ports.metrics.webhooks.inc({ provider: route.adapter.provider, kind: webhook.kind });
  const key = keyOf(webhook, route);
  const result = await act({ webhook, key, operation: incoming.operation }, route, ports);
  const context = answerContext(route.account, webhook.callId, result, ports);
  // when what the provider told is safe: a command that is lost with this process comes again with the next delivery
  const commands = route.adapter.commands?.(webhook, context) ?? [];
  await issueCommands(key, await commandsDue(webhook, { key, commands }, ports), ports);
  return route.adapter.answer(incoming.operation, context);
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
  if (!methods) {
    const known = Object.keys(adapter.operations).join(', ');
    throw new Refusal(404, `No such operation. ${adapter.provider} has: ${known}.`);
  }
  if (!methods.includes(incoming.request.method)) throw new Refusal(405, `Use ${methods.join(' or ')}.`);
  return { adapter, account };
}

function checkCredentials(
  { remoteAddress, pathToken, request }: IncomingWebhook,
  { adapter, account }: Route,
  ports: WebhookPorts,
): void {
  const { authorization } = request.headers;
  const verifySignature = (secrets: readonly string[]) => adapter.verify(request, secrets, Date.now());
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

/**
 * A call that outlives its stream is taken, ended and transferred by commands, unless a document of ours controls it, as in
 * TeXML. Nobody could send them for an account without `api`, so the call is refused before anything of it is kept.
 */
function checkCommandable(webhook: Understood, { account }: Route): void {
  const { provider, name, api } = account;
  if (webhook.kind !== 'announcement' || api) return;
  if (mediaAdapters[provider].stream.closing !== 'call-stays-up') return;
  if (webhook.announcement.attributes['api'] === 'texml') return;
  throw new Refusal(
    404,
    `Account ${provider}/${name} has no api, so it takes TeXML calls only. For Call Control, set its api to a key of the ` +
      'provider’s REST API.',
  );
}

const keyOf = ({ callId }: Understood, { account }: Route): CallKey => ({
  provider: account.provider,
  account: account.name,
  callId,
});

interface Received {
  webhook: Understood;
  key: CallKey;
  operation: string;
}

async function act(received: Received, { adapter, account }: Route, ports: WebhookPorts): Promise<ActedUpon> {
  const { webhook, key, operation } = received;
  if (webhook.kind === 'announcement') {
    const options = { pending: account.enrich !== undefined };
    const { session } = await announceSession({ ...webhook.announcement, ...key }, options, ports);
    return { sessionId: session.sessionId, next: 'none', ownNumber: ownNumberOf(session) };
  }
  const { kind, status } = webhook;
  const told = callEventOf(webhook, operation, key);
  ports.logger.info({ ...key, status }, kind === 'progress' ? 'call progressed' : kind.replace('-', ' '));
  if (webhook.kind === 'stream-ended' && webhook.asksNext) {
    const lacksNumber = adapter.transfersTo === 'number' && account.transferTo === undefined;
    const next = await tellNextStep(told, { lacksNumber }, ports);
    const ownNumber = next === 'transfer' ? await findOwnNumber(key, ports) : null;
    return { sessionId: null, next, ownNumber };
  }
  await recordCallEvent(told, ports);
  return { sessionId: null, next: 'none', ownNumber: null };
}

/** Of what the provider waits for its answer (2 s at Telnyx), the store has 1 s and the queue 250 ms. */
const TRANSFER_WAIT_MS = 400;

/**
 * A call that was handed to a person has lost its stream on purpose, so the end of that is no reason to end the call,
 * whatever its provider calls it. In doubt the caller is rather let go than left in silence.
 */
async function commandsDue(
  webhook: Understood,
  { key, commands }: { key: CallKey; commands: readonly CallCommand[] },
  ports: WebhookPorts,
): Promise<readonly CallCommand[]> {
  if (webhook.kind !== 'stream-ended' || commands.length === 0) return commands;
  const { next } = await findNextStep(key, { ...ports, nextStepWaitMs: TRANSFER_WAIT_MS });
  return next === 'transfer' ? [] : commands;
}
