import type { Account } from '@greenroom/platform';
import type { Setup } from './setup';

export const MASK = '***';

/** Shorter ones would blot out ordinary words. */
const MIN_LENGTH = 6;

/** Every text of this set-up that nobody is to read. */
export function secretsOf(setup: Setup): string[] {
  const { environment, accounts } = setup;
  const lists = ['STREAM_TOKEN_SECRETS', 'API_KEYS'].flatMap((name) => environment[name]?.split(',') ?? []);
  const settings = Object.entries(environment).flatMap(([name, value]) =>
    /(PASSWORD|SECRET|TOKEN|API_KEY)$/.test(name) ? [value ?? ''] : [],
  );
  const urls = Object.values(environment).flatMap((value) => passwordsIn(value ?? ''));
  const all = [
    ...lists.map((each) => each.trim()),
    ...settings,
    ...urls,
    ...accounts.flatMap(secretsOfAccount),
  ];
  const long = all.filter((secret) => secret.length >= MIN_LENGTH);
  // a secret within another one must not spoil the longer one
  return [...new Set(long)].sort((a, b) => b.length - a.length);
}

function passwordsIn(url: string): string[] {
  if (!/^[a-z]+:\/\//i.test(url) || !URL.canParse(url)) return [];
  const { password } = new URL(url);
  return [password, decode(password)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function secretsOfAccount({ credentials, enrich, api }: Account): string[] {
  const { basic, pathSecrets, authTokens, signatureSecrets } = credentials;
  const own = [...basic.map(({ password }) => password), ...pathSecrets, ...authTokens, ...signatureSecrets];
  return [...own, ...own.map(encodeURIComponent), enrich?.secret ?? '', api?.key ?? '', api?.secret ?? ''];
}

/** The last thing that is done to whatever is printed. */
export const redact = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((left, secret) => left.replaceAll(secret, MASK), text);
