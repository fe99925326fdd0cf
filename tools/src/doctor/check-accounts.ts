import { randomUUID } from 'node:crypto';
import { hasCredential, type Account } from '@greenroom/platform';
import { callControlAdapters, knowsCountry } from '@greenroom/telephony';
import { ok, warning, wrong, type Check, type NamedVerdict, type Verdict } from './finding';
import type { Setup } from './setup';

export const nameOf = ({ provider, name }: Account): string => `${provider}/${name}`;

/** What the file says; whether the secrets are the provider's own shows when a call comes, or at its signature. */
export const accountChecks = (setup: Setup, now: () => number): Check[] => [
  {
    group: 'accounts',
    name: 'accounts file',
    run: () =>
      Promise.resolve([...ofFile(setup), ...setup.accounts.map((account) => ofAccount(account, now()))]),
  },
];

function ofFile({ accountsFile, accounts, accountProblems }: Setup): NamedVerdict[] {
  if (accountProblems.length === 0) {
    return [{ name: 'accounts file', ...ok(`${accountsFile ?? ''}: ${accounts.length} accounts`) }];
  }
  return accountProblems.map((problem) => ({ name: 'accounts file', ...wrong(problem) }));
}

function ofAccount(account: Account, now: number): NamedVerdict {
  return { name: nameOf(account), ...judgeAccount(account, now) };
}

export function judgeAccount(account: Account, now: number): Verdict {
  const { provider, country, credentials } = account;
  if (provider === 'vonage' && credentials.basic.length > 0) {
    return wrong(
      'credentials.basic cannot be right: Vonage has the Authorization header for its own signature. Remove it',
    );
  }
  if (!knowsCountry(country)) {
    return wrong(
      `country ${country} is none: national numbers would be nobody’s. ISO 3166-1 alpha-2 it is, such as GB for the United Kingdom`,
    );
  }
  if (!hasCredential(account))
    return warning('no credential: anybody may call. DEMO_MODE accepts that, nothing else does');
  return judgeApi(account, now);
}

function judgeApi(account: Account, now: number): Verdict {
  const { provider, api } = account;
  const keys = describeCredentials(account);
  if (!api) {
    return ok(
      isAnsweredOverApi(account) ? `${keys}; no api: TeXML calls only, Call Control is refused` : keys,
    );
  }
  if (api.secret === undefined && provider !== 'telnyx')
    return wrong('api has no secret: without it the REST API refuses every command');
  if (!canCommand(account, now)) {
    return wrong(
      'api cannot be used: for Vonage, secret is the private key of the application as PEM, line breaks as \\n',
    );
  }
  return ok(`${keys}; api (not asked: every request to it would do something)`);
}

const isAnsweredOverApi = ({ provider }: Account): boolean =>
  callControlAdapters[provider]?.commands.includes('answer') ?? false;

/** Kinds and numbers, no values: `authTokens (1)`. */
function describeCredentials({ credentials, allowCidrs }: Account): string {
  const kinds = [...Object.entries(credentials), ['allowCidrs', allowCidrs] as const];
  return kinds
    .filter(([, list]) => list.length > 0)
    .map(([kind, list]) => `${kind} (${list.length})`)
    .join(', ');
}

/** Makes a request for nobody and sends it nowhere: a key that is none shows here. */
function canCommand({ provider, api }: Account, now: number): boolean {
  const adapter = callControlAdapters[provider];
  if (!api || !adapter) return true;
  const command = { kind: 'hang-up', callId: 'doctor-1' } as const;
  const credentials = { apiKey: api.key, apiSecret: api.secret ?? null };
  try {
    adapter.request(command, credentials, { idempotencyKey: randomUUID(), now });
    return true;
  } catch {
    return false;
  }
}
