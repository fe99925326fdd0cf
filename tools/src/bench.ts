import { commandOf, readArguments, type ApartOptions, type BenchOptions } from './bench/arguments';
import { type Group } from './bench/group';
import { chooseGroups, GROUPS } from './bench/groups';
import { measureApart, tellLine } from './bench/measure-apart';
import { measureGroups } from './bench/measure-groups';
import { findingsText, rowsAsJson, verdict } from './bench/print';
import { loadText, readLoad, readMachine } from './bench/report/machine';
import { renderReport } from './bench/report/render-report';
import { assertWritable, writeReport } from './bench/report/report-file';
import { interrupted } from './processes/interrupt';

const HELP = `Measures Greenroom on this machine: real stores and real processes of its own, each figure next to one of the same run.

  npm run bench -- [options] [group...]

${GROUPS.map(({ name, about }) => `  ${name.padEnd(14)} ${about}`).join('\n')}

  --report FILE.html   everything as one page, with plots; it needs neither a network nor scripts
  --json               the rows as one JSON array on stdout; what is being done goes to stderr
  --brief              less of everything; several groups are always measured so, within ten minutes together
  --help               this

Other programs on the machine show in the figures: take those of a quiet one, and those of several runs.
A group that cannot be measured is named at the end; the others are measured all the same.
Exit status: 0 all were measured, whether or not the goals hold; 1 one could not be; 2 the options were not understood.
`;

/** @returns the exit code */
async function bench(options: BenchOptions, groups: readonly Group[]): Promise<number> {
  const { json, report } = options;
  const say = json ? console.error : console.log;
  const [machine, loadBefore, startedAt] = [readMachine(), readLoad(), new Date()];
  const brief = options.brief || groups.length > 1;
  const measured = await measureGroups(groups, { brief, say, measure: measureApart });
  const [loadAfter, tookMs] = [readLoad(), Date.now() - startedAt.getTime()];
  if (json) console.log(rowsAsJson(measured));
  const load = `Load average ${loadText(loadBefore)} before, ${loadText(loadAfter)} after (1, 5, 15 minutes)`;
  for (const line of json ? [] : findingsText(measured)) say(line);
  say(`${load} on ${machine.cores} cores, Node.js ${machine.node}.`);
  say(`\n${verdict(measured, tookMs)}`);
  if (report !== null) {
    const command = commandOf(options);
    const page = renderReport({ startedAt, tookMs, command, machine, loadBefore, loadAfter, measured });
    say(`The report is ${writeReport(report, page)}.`);
  }
  return measured.some(({ failure }) => failure !== null) ? 1 : 0;
}

/** One group, in this process alone, for the bench that has started it. @returns the exit code */
async function measureHere({ brief }: ApartOptions, group: Group): Promise<number> {
  try {
    console.log(tellLine({ findings: await group.measure((line) => console.log(line), { brief }) }));
    return 0;
  } catch (error) {
    console.log(tellLine({ failure: error instanceof Error ? error.message : String(error) }));
    return 1;
  }
}

/** @returns what is to be done, or the exit code if there is nothing */
function readCommand(args: readonly string[]): (() => Promise<number>) | number {
  try {
    const options = readArguments(args);
    if (options === 'help') {
      console.log(HELP);
      return 0;
    }
    if ('apart' in options) {
      const [group] = chooseGroups([options.apart]);
      return group ? () => measureHere(options, group) : 2;
    }
    const groups = chooseGroups(options.groups);
    if (options.report !== null) assertWritable(options.report);
    return () => bench(options, groups);
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

command().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
