import { hash, timingSafeEqual } from 'node:crypto';
import { AddressRanges } from './address-ranges';
import { hasCredential, signingSecretsOf, type Account } from './accounts';

/** What a request shows of who sent it. */
export interface Presented {
  remoteAddress: string;
  /** the `Authorization` header, if there is exactly one */
  authorization: string | undefined;
  /** the path's last segment, where the route has one */
  pathToken: string | undefined;
  /** checks the provider's signature with these secrets; not called where the account has none */
  verifySignature: (secrets: readonly string[]) => boolean;
}

export type Authorized = { ok: true } | { ok: false; status: 401 | 403; reason: string };

const OK: Authorized = { ok: true };

/**
 * May this request speak for the account? Every kind of credential that the account has must be right; an account
 * without any is refused unless this is a demo. Secrets are compared in constant time.
 */
export function authorize(account: Account, presented: Presented, options: { demo: boolean }): Authorized {
  if (!hasCredential(account)) return options.demo ? OK : refuse(403, 'the account has no credential');
  return CHECKS.map((check) => check(account, presented)).find((refusal) => refusal !== null) ?? OK;
}

type BasicCredential = Readonly<Account['credentials']['basic'][number]>;

type Check = (account: Account, presented: Presented) => Authorized | null;

/** Each passes (null) an account that does not use it. */
const CHECKS: readonly Check[] = [
  ({ allowCidrs }, { remoteAddress }) =>
    allowCidrs.length === 0 || AddressRanges.of(allowCidrs).includes(remoteAddress)
      ? null
      : refuse(403, 'address not allowed'),
  (account, { verifySignature }) => {
    const secrets = signingSecretsOf(account);
    return secrets.length === 0 || verifySignature(secrets)
      ? null
      : refuse(403, 'signature missing or wrong');
  },
  ({ credentials: { pathSecrets } }, { pathToken }) =>
    pathSecrets.length === 0 || anyEqual(pathToken, pathSecrets)
      ? null
      : refuse(403, 'secret in the path missing or wrong'),
  ({ credentials: { basic } }, { authorization }) => {
    if (basic.length === 0 || anyEqualDigest(authorization, basic.map(basicDigest))) return null;
    return refuse(401, 'user name or password missing or wrong');
  },
];

/** Is one of these API keys presented as `Authorization: Bearer …`? No keys: nobody. */
export const hasApiKey = (authorization: string | undefined, keys: readonly string[]): boolean =>
  anyEqual(
    authorization,
    keys.map((key) => `Bearer ${key}`),
  );

export const basicHeader = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

const refuse = (status: 401 | 403, reason: string): Authorized => ({ ok: false, status, reason });

/** Looks at all of them, and at digests of one length, so that time tells nothing. */
const anyEqual = (presented: string | undefined, accepted: readonly string[]): boolean =>
  anyEqualDigest(presented, accepted.map(digestOf));

function anyEqualDigest(presented: string | undefined, accepted: readonly Buffer[]): boolean {
  const own = digestOf(presented ?? '');
  return accepted.reduce((found, one) => timingSafeEqual(own, one) || found, false);
}

const digestOf = (text: string): Buffer => hash('sha256', text, 'buffer');

/** They stay as they were configured, so that each is made once. */
const basicDigests = new WeakMap<BasicCredential, Buffer>();

function basicDigest(credential: BasicCredential): Buffer {
  const known = basicDigests.get(credential);
  if (known) return known;
  const digest = digestOf(basicHeader(credential.username, credential.password));
  basicDigests.set(credential, digest);
  return digest;
}
