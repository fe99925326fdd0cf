import { stripVTControlCharacters } from 'node:util';
import { repositoryRoot, wholeEnvironment } from '../config';
import { type Keeper } from '../processes/keeper';
import { type Counts, countOf } from './counts';

export interface Step {
  title: string;
  /** a script to be run by node, relative to the top of the repository, and its arguments */
  script: string;
  args: readonly string[];
  /** what to do when it fails */
  advice: string;
}

const seconds = (started: number): string => `${((performance.now() - started) / 1000).toFixed(1)} s`;

/** Runs one check, which counts as one; what it says is printed only when it fails. */
export async function runStep(keeper: Keeper, { title, script, args, advice }: Step): Promise<Counts> {
  const started = performance.now();
  const root = repositoryRoot();
  const env = {
    ...wholeEnvironment(),
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    NX_DEFAULT_OUTPUT_STYLE: 'static',
  };
  const { code, output } = await keeper.run({
    command: process.execPath,
    args: [script, ...args],
    cwd: root,
    env,
  });
  const ok = code === 0;
  console.log(`${ok ? 'passed' : 'FAILED'}  ${title} (${seconds(started)})`);
  // the programs colour what they say even where nobody sees it
  const said = process.stdout.isTTY ? output : stripVTControlCharacters(output);
  if (!ok) console.log(`${said}\n${advice}\n`);
  return countOf(ok);
}

const NX = 'node_modules/.bin/nx';

export const CHECKS: readonly Step[] = [
  {
    title: 'formatting',
    script: 'node_modules/.bin/prettier',
    args: ['--check', '.', '--log-level', 'warn'],
    advice: 'npm run format puts it right.',
  },
  {
    title: 'lint',
    script: NX,
    args: ['run-many', '-t', 'lint', '--parallel=2'],
    advice: 'See the lines above: rule and place of each finding.',
  },
  {
    title: 'types',
    script: NX,
    args: ['run-many', '-t', 'typecheck', '--parallel=2'],
    advice: 'See the lines above.',
  },
];

export const BUILD: Step = {
  title: 'build',
  script: 'tools/bootstrap.mjs',
  args: ['build'],
  advice: 'Tests that start the apps run what was built before, if anything.',
};
