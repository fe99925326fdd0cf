import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { accountChecks } from './check-accounts';
import { adminChecks } from './check-admin';
import { clockChecks } from './check-clock';
import { dialogueChecks } from './check-dialogues';
import { mediaChecks } from './check-media';
import { postgresChecks } from './check-postgres';
import { redisChecks } from './check-redis';
import { settingsChecks } from './check-settings';
import { tokenChecks } from './check-tokens';
import { urlChecks } from './check-url';
import { webhookChecks } from './check-webhooks';
import { consoleValues, type AccountValues } from './console-values';
import { GROUPS, notChecked, perform, type Check, type Finding, type Group } from './finding';
import { HELP, readOptions, type Options } from './options';
import { printFindings, printValues, summaryOf } from './print';
import { redact, secretsOf } from './secrets';
import { readSetup, type Environment, type Setup } from './setup';

export interface Surroundings {
  say: (line: string) => void;
  complain: (line: string) => void;
  /** that `--env` is relative to */
  standingIn: string;
  /** that the processes start in: paths in their settings are relative to it */
  folder: string;
  /** folder of the bundles */
  dist: string;
  environment: Environment;
  /** unix ms */
  now: () => number;
}

/** As in the help: nothing is wrong; something is; it was not understood. */
const [OK, WRONG, USAGE] = [0, 1, 2] as const;

/** `npm run doctor`. @returns the exit code */
export async function runDoctor(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { say, complain, folder } = surroundings;
  let options: Options;
  let environment: Environment;
  try {
    options = readOptions(args);
    environment = environmentOf(options, surroundings);
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    complain('See npm run doctor -- --help.');
    return USAGE;
  }
  if (options.help) {
    say(HELP);
    return OK;
  }
  const envFile = options.envFile === null ? null : resolve(surroundings.standingIn, options.envFile);
  const setup = readSetup(environment, folder, envFile);
  const findings = await examine(setup, options, surroundings);
  const hidden = options.showSecrets ? [] : secretsOf(setup);
  const shown = findings.map((finding) => ({ ...finding, message: redact(finding.message, hidden) }));
  tell(shown, valuesOf(setup, options), { options, say });
  return findings.some(({ status }) => status === 'wrong') ? WRONG : OK;
}

/** @throws {Error} if the file cannot be read */
function environmentOf({ envFile }: Options, { environment, standingIn }: Surroundings): Environment {
  if (envFile === null) return environment;
  const file = resolve(standingIn, envFile);
  try {
    return { ...environment, ...parseEnv(readFileSync(file, 'utf8')) };
  } catch (error) {
    throw new Error(
      `--env ${envFile} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'no such lines'}`,
    );
  }
}

async function examine(setup: Setup, options: Options, surroundings: Surroundings): Promise<Finding[]> {
  const { now, dist } = surroundings;
  const checks: Check[] = [
    ...settingsChecks(setup.environment, dist),
    ...accountChecks(setup, now),
    ...dialogueChecks(setup),
    ...tokenChecks(setup),
    ...postgresChecks(setup),
    ...redisChecks(setup),
    ...clockChecks(setup, now),
    ...urlChecks(setup, now),
    ...webhookChecks(setup, now),
    ...mediaChecks(setup, now),
    ...adminChecks(options.adminUrls),
  ];
  const { only } = options;
  const wanted = only.length === 0 ? GROUPS : GROUPS.filter((group) => only.includes(group));
  const findings: Finding[] = [];
  // one after the other: figures would suffer, and the limits of refusals
  for (const group of wanted)
    findings.push(...(await performGroup(checks.filter((each) => each.group === group))));
  return findings;
}

/** Through a road where nothing answers, the others would not get any further, and each would take its whole time. */
const ROADS: ReadonlySet<Group> = new Set(['webhooks', 'media']);

async function performGroup(checks: readonly Check[]): Promise<Finding[]> {
  // processes of their own: they need nothing of each other, and each takes a second to load
  if (checks[0]?.group === 'settings') return (await Promise.all(checks.map(perform))).flat();
  const findings: Finding[] = [];
  for (const check of checks) {
    const { group, name } = check;
    const dead = ROADS.has(group) && findings.some(({ message }) => message.startsWith('no answer within'));
    const skipped = { group, check: name, ...notChecked('nothing has answered before') };
    findings.push(...(dead ? [skipped] : await perform(check)));
  }
  return findings;
}

function valuesOf(
  { accounts, publicBaseUrl, mediaUrl }: Setup,
  { only, showSecrets }: Options,
): AccountValues[] {
  if (publicBaseUrl === null || mediaUrl === null || only.length > 0) return [];
  return accounts.map((account) => consoleValues(account, { publicBaseUrl, mediaUrl, showSecrets }));
}

function tell(
  checks: readonly Finding[],
  accounts: readonly AccountValues[],
  { options, say }: { options: Options; say: (line: string) => void },
): void {
  if (options.json) {
    const good = checks.every(({ status }) => status !== 'wrong');
    return say(JSON.stringify({ ok: good, checks, accounts }, null, 2));
  }
  for (const line of [...printFindings(checks), ...printValues(accounts), summaryOf(checks)]) say(line);
}
