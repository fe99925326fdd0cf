import { AddressRanges, authorize, signingSecretsOf, type Account } from '@greenroom/platform';
import type { MediaAdapter, StreamToken } from '@greenroom/telephony';

/** What an upgrade shows of who asked for it. */
export interface StreamCredentials {
  /** asked for only where the account names addresses: Node asks the kernel for it */
  remoteAddress: () => string;
  authorization: string | undefined;
  /** the last segment of the path, where there is one */
  segment: string | undefined;
  verifySignature: (secrets: readonly string[]) => boolean;
  /** null for whatever is wrong with it */
  openToken: (token: string) => StreamToken | null;
}

export type AuthorizedStream =
  { ok: true; token: StreamToken | null } | { ok: false; status: 401 | 403; reason: string };

/** The same for everything that is wrong with a token, so that nothing tells one from the other. */
const REFUSED = { ok: false, status: 403, reason: 'Not authorized.' } as const;

/**
 * May this upgrade carry a call of the account? Where our own answers make the URL, it has to hold a token that is ours;
 * a URL that somebody has typed into a console is guarded by the account's other credentials. The provider's signature is
 * checked as well, where it signs its upgrades. Nothing is looked up.
 */
export function authorizeStream(
  { account, adapter }: { account: Account; adapter: MediaAdapter },
  shown: StreamCredentials,
  { demo }: { demo: boolean },
): AuthorizedStream {
  const { segment } = shown;
  const token = segment === undefined ? null : shown.openToken(segment);
  if (token) return signedAndNear(account, adapter, shown) ? { ok: true, token } : REFUSED;
  if (adapter.stream.urlFromAnswer === 'always') return REFUSED;
  // a segment that is neither a token nor anything that the account has
  if (segment !== undefined && account.credentials.pathSecrets.length === 0) return REFUSED;
  const presented = { ...shown, remoteAddress: shown.remoteAddress(), pathToken: segment };
  const authorized = authorize(account, presented, { demo });
  if (authorized.ok) return { ok: true, token: null };
  return { ...authorized, reason: `Not authorized: ${authorized.reason}.` };
}

function signedAndNear(account: Account, adapter: MediaAdapter, shown: StreamCredentials): boolean {
  const { allowCidrs } = account;
  if (allowCidrs.length > 0 && !AddressRanges.of(allowCidrs).includes(shown.remoteAddress())) return false;
  const secrets = signingSecretsOf(account);
  return !adapter.signsUpgrade || secrets.length === 0 || shown.verifySignature(secrets);
}
