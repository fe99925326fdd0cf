import { add, type Counts, lastLine } from './checks/counts';
import { runJest } from './checks/jest';
import { BUILD, CHECKS, runStep } from './checks/step';
import { Keeper } from './processes/keeper';

/**
 * The models run first, in processes of their own: each spec file leaves behind, in the worker of jest that ran it, an
 * AsyncLocalStorage through which every later promise goes, and models, which are little else than promises, took ten times
 * as long behind a hundred others.
 * End to end runs alone: calls are placed in real time, and half a machine makes callers that stutter.
 */
const RUNS = [
  ['--selectProjects', 'model'],
  ['--selectProjects', 'unit', 'int'],
  ['--selectProjects', 'e2e', '--maxWorkers', '1'],
];

/** `npm test`: the checks, a build, all tests. Arguments go to jest; then the checks are left out. */
async function test(jestArgs: readonly string[]): Promise<void> {
  const keeper = new Keeper();
  const counts: Counts[] = [];
  if (jestArgs.length > 0) console.log('The checks are left out, since jest was given arguments.');
  else for (const step of CHECKS) counts.push(await runStep(keeper, step));
  counts.push(await runStep(keeper, BUILD));
  const failures: string[] = [];
  for (const args of jestArgs.length > 0 ? [jestArgs] : RUNS) {
    const run = await runJest(keeper, args);
    counts.push(run.counts);
    failures.push(...run.failures);
  }
  await keeper.close();
  const total = add(...counts);
  if (failures.length > 0) console.log(`\nFailed:\n${failures.map((line) => `  ${line}`).join('\n')}`);
  console.log(`\n${lastLine(total)}`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

void test(process.argv.slice(2));
