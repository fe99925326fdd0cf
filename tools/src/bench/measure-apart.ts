import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { wholeEnvironment } from '../config';
import { type Exit, Keeper, type KeptProcess } from '../processes/keeper';
import { bundleCommand } from '../stack/stack-process';
import { type Findings } from './group';
import { type ApartRequest } from './measure-groups';

/** JSON has no NaN: what is none comes as null, and is none again. */
const figure = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);
const figureOrNull = z.number().nullable();

const FindingsSchema = z.object({
  rows: z.array(
    z.object({
      name: z.string(),
      ours: figure,
      baseline: figureOrNull,
      ratio: figureOrNull,
      spread: z.tuple([figure, figure]).nullable(),
      goal: z.string().nullable(),
      holds: z.boolean().nullable(),
    }),
  ),
  notes: z.array(z.string()),
  plots: z
    .array(
      z.object({
        title: z.string(),
        x: z.string(),
        y: z.string(),
        logX: z.boolean().default(false),
        series: z.array(z.object({ name: z.string(), points: z.array(z.tuple([figure, figure])) })),
      }),
    )
    .default([]),
});

const ToldSchema = z.union([z.object({ findings: FindingsSchema }), z.object({ failure: z.string() })]);
export type Told = { findings: Findings } | { failure: string };

/** Begins the line on which a group tells how it went: none of what it says otherwise begins so. */
const MARK = '\u0001';
/** With a process that was ended end all that it has started, a moment later: no other group is measured beside them. */
const LEAVE_MS = 12_000;
const LAST_WORDS = 20;

/** To whoever has started this process. */
export const tellLine = (told: Told): string => MARK + JSON.stringify(told);

/**
 * Measures a group in a process of its own. What it hangs on, leaves behind or breaks ends with that process, and none
 * finds the heap of the one before it.
 */
export async function measureApart({ group, brief, longestMs, say }: ApartRequest): Promise<Findings> {
  const keeper = new Keeper();
  const said: string[] = [];
  let told: string | null = null;
  const onLine = (line: string): void => {
    if (line.startsWith(MARK)) {
      told = line.slice(MARK.length);
      return;
    }
    said.push(line);
    say(line);
  };
  try {
    const { command, args, cwd } = bundleCommand('dist/tools/bench.js');
    const more = ['--apart', group, ...(brief ? ['--brief'] : [])];
    const spec = { command, args: [...args, ...more], cwd, env: wholeEnvironment(), onLine };
    const exit = await inTime(await keeper.start(spec), longestMs);
    return findingsIn(told, exit, said.slice(-LAST_WORDS));
  } finally {
    await keeper.close();
  }
}

async function inTime(running: KeptProcess, longestMs: number): Promise<Exit> {
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void running.stop();
  }, longestMs);
  const exit = await running.exited;
  clearTimeout(timer);
  if (!late) return exit;
  await sleep(LEAVE_MS);
  throw new Error(`It was not done after ${Math.round(longestMs / 1000)} s.`);
}

/** @throws if it told that it could not be measured, told nothing, or what makes no sense */
export function findingsIn(told: string | null, { code, signal }: Exit, said: readonly string[]): Findings {
  if (told === null) {
    const how = signal ?? `exit code ${code}`;
    throw new Error([`Its process ended with ${how}, and told nothing. It said:`, ...said].join('\n'));
  }
  const outcome = ToldSchema.parse(JSON.parse(told));
  if ('failure' in outcome) throw new Error(outcome.failure);
  return outcome.findings;
}
