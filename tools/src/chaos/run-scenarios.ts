import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newPrefix, openRig, type Rig, type RigOptions } from './rig';
import { type Outcome, type Scenario, type Size } from './scenario';

/** How one scenario went. */
export interface Played {
  scenario: Scenario;
  outcome: Outcome;
  tookMs: number;
}

export interface RunOptions {
  scenarios: readonly Scenario[];
  size: Size;
  /** rigs that are at work at the same time, 1 if left out */
  lanes?: number;
  /** told what is being done */
  say?: (line: string) => void;
  onPlayed?: (played: Played) => void;
}

/**
 * Plays them. Those that name the same rig share it one after the other, as long as nothing has gone wrong on it:
 * a scenario that has failed must not spoil the next.
 */
export async function runScenarios(options: RunOptions): Promise<Played[]> {
  const { scenarios, size, lanes = 1, say = () => {}, onPlayed = () => {} } = options;
  const played: Played[] = [];
  const waiting = byRig(scenarios);
  const lane = async (): Promise<void> => {
    const bench = new Bench(say);
    try {
      for (const scenario of queueOf(waiting)) {
        const one = await play(scenario, size, { bench, say });
        played.push(one);
        onPlayed(one);
        if (!one.outcome.ok) await bench.clear();
      }
    } finally {
      await bench.clear();
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return scenarios.flatMap((scenario) => played.filter((one) => one.scenario === scenario));
}

/** Takes one rig's scenarios after another's from what all lanes share. */
function* queueOf(waiting: Scenario[][]): Generator<Scenario> {
  for (let group = waiting.shift(); group; group = waiting.shift()) yield* group;
}

/** Starting a rig takes seconds: each is started once. */
function byRig(scenarios: readonly Scenario[]): Scenario[][] {
  const rigs = [...new Set(scenarios.map(({ rig }) => rig))];
  return rigs.map((rig) => scenarios.filter((scenario) => scenario.rig === rig));
}

async function play(
  scenario: Scenario,
  size: Size,
  { bench, say }: { bench: Bench; say: (line: string) => void },
): Promise<Played> {
  let startedAt = performance.now();
  try {
    const rig = await bench.rigFor(scenario.rig);
    rig.prefix = newPrefix(scenario.name);
    say(`${scenario.name}: ${scenario.what}`);
    startedAt = performance.now();
    const outcome = withLost(await scenario.run(rig, size), rig);
    if (!outcome.ok) outcome.notes.push(`logs in ${keepLogs(scenario, rig)}`);
    return { scenario, outcome, tookMs: performance.now() - startedAt };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { scenario, outcome: broken(why), tookMs: performance.now() - startedAt };
  }
}

/** Whatever else holds: no process may end that was not asked to. */
function withLost(outcome: Outcome, { lost }: Rig): Outcome {
  const faults = [...outcome.faults, ...lost.map((name) => `a process has ended: ${name}`)];
  return { ...outcome, faults, ok: faults.length === 0 };
}

/** What the processes have said, for whoever looks for the cause. @returns the file */
function keepLogs({ name }: Scenario, { stack }: Rig): string {
  const file = join(mkdtempSync(join(tmpdir(), 'greenroom-chaos-')), `${name}.log`);
  writeFileSync(file, stack.logs.map(({ process, text }) => `${process} ${text}\n`).join(''));
  return file;
}

const broken = (why: string): Outcome => ({
  placed: 0,
  found: 0,
  lost: 0,
  worstMs: null,
  notes: [],
  faults: [`it could not be played: ${why}`],
  ok: false,
});

/** The one rig that stands. */
class Bench {
  private rig: Rig | null = null;
  private options: RigOptions | null = null;

  constructor(private readonly say: (line: string) => void) {}

  async rigFor(options: RigOptions): Promise<Rig> {
    if (this.rig && this.options === options) return this.rig;
    await this.clear();
    this.say('starting a Postgres, a Redis and the processes...');
    this.rig = await openRig(options);
    this.options = options;
    return this.rig;
  }

  async clear(): Promise<void> {
    const { rig } = this;
    this.rig = null;
    await rig?.close();
  }
}
