import type { IncomingMessage } from 'node:http';
import { CallIdSchema, ProviderSchema } from '@greenroom/contracts';
import { headersAsTheyCame, type Account, type Accounts } from '@greenroom/platform';
import { mediaAdapters, openStreamToken, type MediaAdapter, type StreamToken } from '@greenroom/telephony';
import { authorizeStream } from './authorize-stream';

/** Where an upgrade leads. */
export interface MediaRoute {
  account: Account;
  adapter: MediaAdapter;
  /** the call that the URL names; the `start` message must name the same */
  callId: string | null;
  /** proves that our own answer made this URL; null: somebody has typed it into a console */
  token: StreamToken | null;
}

export type Admission =
  | { admitted: true; route: MediaRoute }
  | { admitted: false; status: 400 | 401 | 403 | 404 | 405 | 503; reason: string };

export interface AdmissionPorts {
  accounts: Accounts;
  demo: boolean;
  mediaUrl: string;
  /** keys of stream tokens, the first one signs */
  tokenSecrets: readonly string[];
  /** unix ms */
  now: () => number;
  /** the provider's address, behind proxies that we trust */
  remoteAddress: (request: IncomingMessage) => string;
  /** why no further socket is taken now; null if one is */
  full: (request: IncomingMessage) => string | null;
}

/**
 * Decides an upgrade from its request alone, before anything is looked up or kept for it.
 * Accepting is at once: providers give a handshake few seconds, the session may take longer.
 */
export function admitUpgrade(request: IncomingMessage, ports: AdmissionPorts): Admission {
  const refuse = (status: Exclude<Admission, { admitted: true }>['status'], reason: string): Admission => ({
    admitted: false,
    status,
    reason,
  });
  if (request.method !== 'GET') return refuse(405, 'Use GET.');
  // browsers send an Origin, telephony providers do not
  if (request.headers.origin !== undefined) return refuse(403, 'Not for browsers.');
  const full = ports.full(request);
  if (full) return refuse(503, full);
  const target = parsePath(request.url ?? '', ports.accounts);
  if (!target) return refuse(404, 'No such stream. The URL is /ws/PROVIDER/ACCOUNT or /ws/call/CALL_ID.');
  const { account } = target.route;
  const headers = headersAsTheyCame(request);
  const credentials = {
    remoteAddress: () => ports.remoteAddress(request),
    authorization: typeof headers['authorization'] === 'string' ? headers['authorization'] : undefined,
    segment: target.segment,
    verifySignature: (secrets: readonly string[]) =>
      target.route.adapter.verifyUpgrade(ports.mediaUrl + target.path, headers, secrets, ports.now()),
    openToken: (token: string) =>
      openStreamToken(
        ports.tokenSecrets,
        token,
        { provider: account.provider, account: account.name },
        ports.now(),
      ),
  };
  const authorized = authorizeStream(target.route, credentials, { demo: ports.demo });
  if (!authorized.ok) return refuse(authorized.status, authorized.reason);
  return { admitted: true, route: { ...target.route, token: authorized.token } };
}

interface Target {
  route: Omit<MediaRoute, 'token'>;
  /** the last segment of the path, where there is one: a token, or a secret of the account */
  segment: string | undefined;
  /** as it came, without the query: what the provider has signed */
  path: string;
}

function parsePath(url: string, accounts: Accounts): Target | null {
  const [path = ''] = url.split('?');
  const segments = path.split('/').map(decode);
  const [empty, ws, first, second, third] = segments;
  if (empty !== '' || ws !== 'ws' || !first || !second || segments.length > 5 || third === '') return null;
  return first === 'call'
    ? ofCall(second, third, { path, accounts })
    : ofAccount(first, second, { path, accounts, segment: third });
}

/** `/ws/call/:callId`: Exotel's account `default`. */
function ofCall(
  callId: string,
  more: string | undefined,
  { path, accounts }: { path: string; accounts: Accounts },
) {
  const account = accounts.find('exotel', 'default');
  if (!account || more !== undefined || !CallIdSchema.safeParse(callId).success) return null;
  return { route: { account, adapter: mediaAdapters.exotel, callId }, segment: undefined, path };
}

function ofAccount(
  provider: string,
  name: string,
  { path, accounts, segment }: { path: string; accounts: Accounts; segment: string | undefined },
): Target | null {
  const known = ProviderSchema.safeParse(provider);
  const account = known.success ? accounts.find(known.data, name) : null;
  if (!known.success || !account) return null;
  return { route: { account, adapter: mediaAdapters[known.data], callId: null }, segment, path };
}

function decode(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}
