import type { Provider } from '@greenroom/contracts';
import { telnyxPublicKey } from '@greenroom/telephony';
import type { ProviderCall } from '../src/provider-side';
import { sideOf } from '../src/sides';
import type { RawRequest } from './raw-request';
import { PUBLIC_BASE_URL, PUBLIC_MEDIA_URL, SCHEMES } from './signature-schemes';

/** A webhook that announces a call. */
export interface Kind {
  name: string;
  provider: Provider;
  operation: string;
  method: 'GET' | 'POST';
}

const kind = (provider: Provider, operation: string, method: 'GET' | 'POST'): Kind => ({
  ...{ provider, operation, method },
  name: `${provider} ${operation} ${method}`,
});

/** All there are, but for TeXML by GET: Telnyx signs the body, so nothing of a GET could be. */
export const KINDS: readonly Kind[] = [
  kind('exotel', 'passthru', 'GET'),
  kind('exotel', 'passthru', 'POST'),
  kind('exotel', 'stream-url', 'GET'),
  kind('exotel', 'stream-url', 'POST'),
  kind('twilio', 'voice', 'GET'),
  kind('twilio', 'voice', 'POST'),
  kind('plivo', 'answer', 'GET'),
  kind('plivo', 'answer', 'POST'),
  kind('telnyx', 'events', 'POST'),
  kind('telnyx', 'texml', 'POST'),
  kind('vonage', 'answer', 'GET'),
  kind('vonage', 'answer', 'POST'),
];

export const TEXML_BY_GET = kind('telnyx', 'texml', 'GET');

/**
 * Accounts of each provider: `twin` has the secrets of `default`, so that only what is signed tells them apart; the
 * `neighbour` has others.
 */
export type AccountName = 'default' | 'twin' | 'neighbour';

/** Last segment of the path at Exotel, who signs nothing; two at once as of the other secrets. */
export const PATH_SECRETS = ['a-first-path-secret', 'a-second-path-secret', 'another-path-secret'] as const;

export interface Made {
  /** unsigned */
  request: RawRequest;
  callId: string;
}

let made = 0;

/** The webhook of a new call, as its provider would send it, but for the signature. */
export function unsigned(
  { provider, operation, method }: Kind,
  options: { account?: AccountName; pathSecret?: string } = {},
): Made {
  const { account = 'default', pathSecret = PATH_SECRETS[0] } = options;
  const call = newCall(provider, account);
  const parameters = parametersOf(provider, operation, call);
  const segments = [provider, account, operation, ...(provider === 'exotel' ? [pathSecret] : [])];
  const path = ['', 'webhooks', ...segments].join('/');
  const { callId } = call;
  if (method === 'GET') {
    const query = typeof parameters === 'string' ? 'json=1' : String(parameters);
    return { request: { method, path: `${path}?${query}`, headers: [], body: '' }, callId };
  }
  const json = typeof parameters === 'string' || provider === 'vonage';
  const type = json ? 'application/json' : 'application/x-www-form-urlencoded';
  const body = json ? jsonOf(parameters) : String(parameters);
  return { request: { method, path, headers: [['Content-Type', type]], body }, callId };
}

/** The same with its proof. @param which of the scheme's secrets */
export function proven(
  { provider }: Kind,
  { request, callId }: Made,
  which: 0 | 1 | 2 = 0,
): Made & { lines: RawRequest['headers'] } {
  const { prove, secrets } = SCHEMES[provider];
  const lines = prove(request, secrets[which]);
  return { request: { ...request, headers: [...request.headers, ...lines] }, callId, lines };
}

/** With letters that a proxy may write in another way. */
export const CALLER = 'Zoë O’Brien & Søn + 50 % ~/*';

function newCall(provider: Provider, account: string): ProviderCall {
  const side = sideOf({ provider });
  made += 1;
  return {
    ...{ callId: side.newCallId(), streamId: side.newStreamId(), account, credentials: {} },
    ...side.numbers(made % 900),
    ...{ name: CALLER, startedAt: new Date() },
    ...{ publicBaseUrl: PUBLIC_BASE_URL, publicMediaUrl: PUBLIC_MEDIA_URL },
  };
}

/** What the simulated provider says in its own words; text: JSON that is more than a list of parameters. */
function parametersOf(provider: Provider, operation: string, call: ProviderCall): URLSearchParams | string {
  const side = sideOf({ provider, texml: operation !== 'events' });
  const said = operation === 'stream-url' ? side.streamUrlWebhook(call, null) : side.startWebhook(call);
  if (said === null) throw new Error(`${provider} has no ${operation}`);
  if (operation === 'events') return said.body;
  const [, query = ''] = said.path.split('?');
  const isJson = said.body.startsWith('{');
  return new URLSearchParams(isJson ? (JSON.parse(said.body) as Record<string, string>) : said.body || query);
}

const jsonOf = (parameters: URLSearchParams | string): string =>
  typeof parameters === 'string' ? parameters : JSON.stringify(Object.fromEntries(parameters));

/** The accounts file. @param apiUrl where Telnyx’s REST API is played */
export function accounts(apiUrl: string): string {
  const names: AccountName[] = ['default', 'twin', 'neighbour'];
  return JSON.stringify(names.flatMap((name) => ofEachProvider(name, apiUrl)));
}

function ofEachProvider(name: AccountName, apiUrl: string): object[] {
  const secretsOf = (provider: Provider): string[] => {
    const [first, second, other] = SCHEMES[provider].secrets;
    return name === 'neighbour' ? [other] : [first, second];
  };
  const basic = secretsOf('exotel').map((secret) => {
    const [username, password] = secret.split(':');
    return { username, password };
  });
  const pathSecrets = name === 'neighbour' ? PATH_SECRETS.slice(2) : PATH_SECRETS.slice(0, 2);
  const publicKeys = secretsOf('telnyx').map(telnyxPublicKey);
  const api = { key: 'KEY0123456789', url: apiUrl };
  return [
    { provider: 'exotel', country: 'IN', credentials: { basic, pathSecrets } },
    { provider: 'twilio', country: 'US', credentials: { authTokens: secretsOf('twilio') } },
    { provider: 'plivo', country: 'US', credentials: { authTokens: secretsOf('plivo') } },
    { provider: 'telnyx', country: 'US', credentials: { publicKeys }, api },
    { provider: 'vonage', country: 'GB', credentials: { signatureSecrets: secretsOf('vonage') } },
  ].map((account) => ({ name, agent: 'echo', ...account }));
}
