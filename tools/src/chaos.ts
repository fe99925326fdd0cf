import { parseArgs } from 'node:util';
import { resultLine, table } from './chaos/print';
import { type Played, runScenarios } from './chaos/run-scenarios';
import { choose, SCENARIOS } from './chaos/scenarios';
import { interrupted } from './processes/interrupt';

const HELP = `Puts faults through a Greenroom of its own, real stores and real processes, and measures what becomes of its calls.

  npm run chaos -- [options] [scenario...]

  --short   fewer calls and shorter outages, the same bounds; without what has to wait for leases and pings
  --list    the scenarios
  --json    one JSON object on stdout and nothing else
  --help    this

Exit status: 0 every promise holds; 1 one does not; 2 the options were not understood.
`;

/** Most of a scenario is waiting: the short form has two rigs at work. */
const SHORT_LANES = 2;

interface Options {
  short: boolean;
  json: boolean;
  names: string[];
}

async function chaos({ short, json, names }: Options): Promise<boolean> {
  const say = (line: string): void => {
    if (!json) console.log(line);
  };
  const size = short ? 'short' : 'full';
  const startedAt = performance.now();
  const played = await runScenarios({
    scenarios: choose(names, size),
    size,
    lanes: short ? SHORT_LANES : 1,
    say,
    onPlayed: (one) => say(resultLine(one)),
  });
  const failed = played.filter(({ outcome }) => !outcome.ok).length;
  if (json) console.log(JSON.stringify(report(played)));
  say(`\n${table(played).join('\n')}\n`);
  const took = `${Math.round((performance.now() - startedAt) / 1000)} s`;
  say(
    failed === 0
      ? `Every promise holds (${played.length} scenarios, ${took}).`
      : `${failed} of ${played.length} scenarios did not hold (${took}).`,
  );
  return failed === 0;
}

const report = (played: readonly Played[]) => ({
  ok: played.every(({ outcome }) => outcome.ok),
  scenarios: played.map(({ scenario: { name, bound }, outcome, tookMs }) => ({
    name,
    bound,
    ...outcome,
    tookMs: Math.round(tookMs),
  })),
});

/** @returns the exit code, if there is nothing to be run */
function readOptions(args: readonly string[]): Options | number {
  try {
    const flag = { type: 'boolean', default: false } as const;
    const options = { short: flag, list: flag, json: flag, help: flag };
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (values.help) return tell(HELP);
    if (values.list) return tell(SCENARIOS.map(({ name, what }) => `${name.padEnd(20)} ${what}`).join('\n'));
    choose(positionals, 'full');
    return { short: values.short, json: values.json, names: positionals };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\nSee npm run chaos -- --help.`);
    return 2;
  }
}

function tell(text: string): number {
  console.log(text);
  return 0;
}

const options = readOptions(process.argv.slice(2));
if (typeof options === 'number') process.exit(options);

void interrupted().then((signal) => {
  console.error(`${signal}: stopped, and what was started is being removed.`);
  process.exit(130);
});

// the keepers of what runs do not keep this process from ending while it waits for one of them
setInterval(() => {}, 60_000);

chaos(options).then(
  (allHold) => process.exit(allHold ? 0 : 1),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
