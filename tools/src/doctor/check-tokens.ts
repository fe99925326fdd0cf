import { ok, warning, wrong, type Check, type Verdict } from './finding';
import type { Setup } from './setup';

/** Random text of 32 characters has more different ones than this, in hex too. */
const FEWEST_DIFFERENT = 8;
const HOW = 'openssl rand -hex 32 makes one';

export const tokenChecks = ({ environment }: Setup): Check[] => [
  {
    group: 'tokens',
    name: 'STREAM_TOKEN_SECRETS',
    run: () => Promise.resolve(judgeTokenSecrets(environment['STREAM_TOKEN_SECRETS'])),
  },
];

export function judgeTokenSecrets(text: string | undefined): Verdict {
  if (!text)
    return wrong(`is not set: no stream could connect. ${HOW}; it is the same for ingest and gateway`);
  const secrets = text.split(',').map((secret) => secret.trim());
  if (secrets.some((secret) => secret.length < 32)) {
    return wrong(`each secret has at least 32 characters, and a comma separates two. ${HOW}`);
  }
  if (secrets.some((secret) => new Set(secret).size < FEWEST_DIFFERENT)) {
    return warning(`a secret is no random text: it can be guessed. ${HOW}`);
  }
  if (secrets.length > 2) {
    return warning(
      `${secrets.length} secrets are valid; two are enough while one is changed. Remove the old ones`,
    );
  }
  return ok(secrets.length === 1 ? 'one secret' : 'two secrets, the first of which signs');
}
