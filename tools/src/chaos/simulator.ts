import { z } from 'zod';
import { plainEnvironment } from '../config';
import { Keeper } from '../processes/keeper';
import { bundleCommand } from '../stack/stack-process';
import { type Rig } from './rig';

/** What is read of the simulator's `--count … --json`. */
const ResultSchema = z.object({
  calls: z.number(),
  asExpected: z.number(),
  crossed: z.number(),
  lost: z.number(),
  violating: z.number(),
  failures: z.array(z.object({ callId: z.string(), why: z.string().nullable() })),
});
export type SimulatedCalls = z.infer<typeof ResultSchema>;

/** Whole calls, each with its own tones, which have to come back unbroken. @throws if the simulator tells nothing */
export async function simulateCalls(rig: Rig, args: readonly string[]): Promise<SimulatedCalls> {
  const { command, args: before, cwd } = bundleCommand('dist/apps/simulator/main.js');
  const keeper = new Keeper();
  const { output } = await keeper.run({
    command,
    args: [...before, 'call', '--json', '--stack', rig.stack.stackFile, ...args],
    cwd,
    env: plainEnvironment(),
  });
  await keeper.close();
  const json = output.split('\n').findLast((line) => line.startsWith('{'));
  if (!json) throw new Error(`The simulator gave no report: ${output}`);
  return ResultSchema.parse(JSON.parse(json));
}
