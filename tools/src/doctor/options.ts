import { parseArgs } from 'node:util';
import { GROUPS, type Group } from './finding';

export const HELP = `Checks a set-up from the environment of its processes, and prints what to enter at the providers. Changes nothing.

  npm run doctor -- [options]

  --env FILE       settings as KEY=VALUE lines, such as docker/.env; they go before those of the environment
  --admin URL      admin port of a process, such as http://127.0.0.1:3101: is it ready? Any number of them
  --only GROUP     this group of checks alone, any number of them: ${GROUPS.join(', ')}
  --show-secrets   prints the secrets that stand in URLs; without it no secret is printed
  --json           one JSON object
  --help           this

Webhooks and streams are tried under PUBLIC_BASE_URL and PUBLIC_MEDIA_URL, signed as the provider would, with a call id that
is refused: no call, no session and no job comes of it. The processes log some refused requests.

Exit status: 0 nothing is wrong, though there may be warnings; 1 something is; 2 the options were not understood.
`;

export interface Options {
  help: boolean;
  /** as it was written; null: the environment alone */
  envFile: string | null;
  adminUrls: readonly string[];
  only: readonly Group[];
  json: boolean;
  showSecrets: boolean;
}

const OPTIONS = {
  env: { type: 'string' },
  admin: { type: 'string', multiple: true },
  only: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  'show-secrets': { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** @throws {Error} with what is wrong about them */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const { env = null, admin = [], only = [], json = false, help = false } = values;
  return {
    ...{ help, json, envFile: env, showSecrets: values['show-secrets'] ?? false },
    adminUrls: admin.map(adminUrl),
    only: only.flatMap((list) => list.split(',')).map(group),
  };
}

/** Without a path: `…/readyz` means the same. */
function adminUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^https?:$/.test(url.protocol)) return url.origin;
  throw new Error(`--admin ${text}: accepted is a URL such as http://127.0.0.1:3101.`);
}

function group(text: string): Group {
  const known = GROUPS.find((name) => name === text.trim());
  if (known) return known;
  throw new Error(`--only ${text}: accepted are ${GROUPS.join(', ')}.`);
}
