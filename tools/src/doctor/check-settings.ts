import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, parseConfig, storeSettings } from '@greenroom/platform';
import { z } from 'zod';
import { notChecked, ok, wrong, type Check, type Verdict } from './finding';
import type { Environment } from './setup';

const BUNDLES = {
  ingest: 'apps/passthru-ingest/main.js',
  worker: 'apps/passthru-ingest/worker.js',
  gateway: 'apps/call-gateway/main.js',
} as const;

/** It has to load all that the process is made of. ms */
const LIMIT_MS = 20_000;

/** Taken away from the process that is asked: without it none of them can start, whatever else is right. */
const WITHHELD = 'DATABASE_URL';

/**
 * Each process knows best which settings it takes, so it is asked itself: it refuses to start for want of one setting,
 * and names all others that are wrong.
 * @param dist folder of the bundles
 */
export const settingsChecks = (environment: Environment, dist: string): Check[] =>
  Object.entries(BUNDLES).map(([name, bundle]) => ({
    group: 'settings' as const,
    name,
    limitMs: LIMIT_MS,
    run: async (signal) => {
      const file = join(dist, bundle);
      if (!existsSync(file)) return notChecked(`${file} is missing: npm run build makes it`);
      return judge(await askProcess(file, environment, signal), environment).map((verdict) => ({
        name,
        ...verdict,
      }));
    },
  }));

interface Said {
  code: number | null;
  text: string;
}

function askProcess(file: string, environment: Environment, signal: AbortSignal): Promise<Said> {
  const env = { ...environment, [WITHHELD]: '' };
  return new Promise((resolve) => {
    execFile(process.execPath, [file], { env, signal, killSignal: 'SIGKILL' }, (error, _out, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ code, text: stderr });
    });
  });
}

const LINE = /^ {2}([A-Z][A-Z0-9_]*): (.+)$/;

/** What is wrong with the settings, one `NAME: what it accepts` each; null: the process has said something else. */
export function settingsRefused(text: string): string[] | null {
  if (!text.includes('Wrong settings')) return null;
  return text
    .split('\n')
    .flatMap((line) => LINE.exec(line)?.slice(1) ?? [])
    .flatMap((part, index, parts) => (index % 2 === 0 ? [`${part}: ${parts[index + 1] ?? ''}`] : []));
}

function judge({ code, text }: Said, environment: Environment): Verdict[] {
  const refused = settingsRefused(text);
  if (refused === null) {
    const last = text.trim().split('\n').at(-1) || 'nothing';
    return [wrong(`it cannot be asked: exit code ${code ?? 'none'}, and it said: ${last}`)];
  }
  const others = refused.filter((line) => !line.startsWith(`${WITHHELD}:`));
  const problems = [...problemOf(environment), ...others];
  return problems.length === 0 ? [ok('accepted')] : problems.map(wrong);
}

/** Of the one setting that was withheld. */
function problemOf(environment: Environment): string[] {
  try {
    parseConfig(z.object({ [WITHHELD]: storeSettings[WITHHELD] }), environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return settingsRefused(error.message) ?? [error.message];
  }
}
