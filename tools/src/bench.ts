import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchOptions, readArguments } from './bench/arguments';
import { type Findings, type Group } from './bench/group';
import { chooseGroups, GROUPS } from './bench/groups';
import { table, verdict } from './bench/print';
import { interrupted } from './processes/interrupt';

const HELP = `Measures Greenroom on this machine: real stores and real processes of its own, each figure next to one of the same run.

  npm run bench -- [options] [group...]

${GROUPS.map(({ name, about }) => `  ${name.padEnd(14)} ${about}`).join('\n')}

  --json    the rows as one JSON array on stdout; what is being done goes to stderr
  --help    this

Other programs on the machine show in the figures: take those of a quiet one, and those of several runs.
Exit status: 0 it was measured, whether or not the goals hold; 1 it could not be; 2 the options were not understood.
`;

async function bench({ json }: BenchOptions, groups: readonly Group[]): Promise<void> {
  const say = json ? console.error : console.log;
  const startedAt = performance.now();
  const all: Findings[] = [];
  const brief = groups.length > 1;
  for (const group of groups) {
    say(`${group.name}: ${group.about}`);
    all.push(await inTime(group, (line) => say(`  ${line}`), { brief }));
  }
  const rows = all.flatMap((findings) => findings.rows);
  if (json) console.log(JSON.stringify(rows));
  else say(`\n${table(rows).join('\n')}\n`);
  for (const note of all.flatMap(({ notes }) => notes)) say(note);
  say(machine());
  say(`\n${verdict(rows, performance.now() - startedAt)}`);
}

/** How busy it was, whoever with. */
const machine = (): string =>
  `Load average ${loadavg()
    .map((load) => load.toFixed(1))
    .join(', ')} (1, 5, 15 minutes) on ${availableParallelism()} cores, Node.js ${process.version}.`;

/** What hangs is not waited for: with this process ends all that it has started. */
function inTime(
  { name, longestMs, measure }: Group,
  say: (line: string) => void,
  options: { brief: boolean },
): Promise<Findings> {
  const late = sleep(longestMs).then(() => {
    throw new Error(`${name} could not be measured within ${longestMs / 1000} s.`);
  });
  return Promise.race([measure(say, options), late]);
}

/** @returns the exit code, if there is nothing to be run */
function readCommand(args: readonly string[]): { options: BenchOptions; groups: Group[] } | number {
  try {
    const options = readArguments(args);
    if (options !== 'help') return { options, groups: chooseGroups(options.groups) };
    console.log(HELP);
    return 0;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\nSee npm run bench -- --help.`);
    return 2;
  }
}

const command = readCommand(process.argv.slice(2));
if (typeof command === 'number') process.exit(command);

void interrupted().then((signal) => {
  console.error(`${signal}: stopped, and what was started is being removed.`);
  process.exit(130);
});

bench(command.options, command.groups).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
