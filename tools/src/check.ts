import { add, lastLine } from './checks/counts';
import { runJest } from './checks/jest';
import { CHECKS, runStep } from './checks/step';
import { Keeper } from './processes/keeper';

/** `npm run check`: formatting, lint, types, and the rules of the architecture. */
async function check(): Promise<void> {
  const keeper = new Keeper();
  const counts = [];
  for (const step of CHECKS) counts.push(await runStep(keeper, step));
  const { counts: rules } = await runJest(keeper, ['--selectProjects', 'unit', '--', 'tools/architecture']);
  await keeper.close();
  const total = add(...counts, rules);
  console.log(`\n${lastLine(total)}`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

void check();
