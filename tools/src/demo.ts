import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { plainEnvironment, repositoryRoot } from './config';
import { CallReportSchema } from './demo/call-report';
import { paint, type Played, resultLine, summaryTable, timelineLines, turnLines } from './demo/print';
import { type Scenario, SCENARIOS } from './demo/scenarios';
import { freePort } from './processes/free-port';
import { interrupted } from './processes/interrupt';
import { Keeper } from './processes/keeper';
import { readable } from './stack/log-lines';
import { bundleCommand } from './stack/stack-process';
import { type Stack, startStack } from './stack';
import { openStores } from './stores/open-stores';

const onTerminal = process.stdout.isTTY;
const SHEETS = join(repositoryRoot(), '.data', 'demo');
const say = (line: string): void => console.log(line);

/** `npm run demo`: some calls against a stack of its own; nothing of it is left afterwards but their sheets. */
async function demo(): Promise<boolean> {
  say('starting a Postgres and a Redis of the demo’s own...');
  const dataDir = join(repositoryRoot(), '.data');
  const stores = await openStores({ mode: 'throw-away', dataDir, log: say });
  try {
    say('bringing the schema up to date, starting ingest, worker and gateway...');
    const stack = await startStack({
      databaseUrl: stores.databaseUrl,
      redisUrl: stores.redisUrl,
      apiUrl: `http://127.0.0.1:${await freePort()}`,
    });
    try {
      return await playAll(stack);
    } finally {
      await stack.stop();
    }
  } finally {
    await stores.close();
  }
}

async function playAll(stack: Stack): Promise<boolean> {
  mkdirSync(SHEETS, { recursive: true });
  const played: Played[] = [];
  for (const [index, scenario] of SCENARIOS.entries()) {
    say(`\n${paint(`Call ${index + 1} of ${SCENARIOS.length}. ${scenario.title}`, 'title', onTerminal)}`);
    const one = await play(scenario, index + 1, stack);
    played.push(one);
    for (const line of one.report ? timelineLines(one.report) : []) say(line);
    const turns = one.report ? turnLines(one.report) : [];
    if (turns.length > 0) say(`\n  What was said:\n${turns.join('\n')}\n`);
    say(`  ${paint(resultLine(one), one.faults.length === 0 ? 'good' : 'bad', onTerminal)}`);
  }
  const failed = played.filter(({ faults }) => faults.length > 0).length;
  say(`\n${summaryTable(played).join('\n')}`);
  if (failed > 0) say(`\nWarnings and errors of the processes:\n${complaints(stack).join('\n')}`);
  say(
    failed === 0
      ? `\nAll ${SCENARIOS.length} calls went as they should.`
      : `\n${failed} of ${SCENARIOS.length} calls did not go as they should.`,
  );
  say(
    `Their call sheets and recordings are in ${relative(repositoryRoot(), SHEETS)}: open call-${SCENARIOS.length}.html in a browser.`,
  );
  return failed === 0;
}

async function play(scenario: Scenario, number: number, stack: Stack): Promise<Played> {
  const file = (ending: string) => join(SHEETS, `call-${number}.${ending}`);
  const kept = ['--sheet', file('html'), '--record-both', file('wav')];
  const { command, args, cwd } = bundleCommand('dist/apps/simulator/main.js');
  const keeper = new Keeper();
  const { code, output } = await keeper.run({
    command,
    args: [...args, 'call', '--json', '--stack', stack.stackFile, ...scenario.args, ...kept],
    cwd,
    env: plainEnvironment(),
  });
  await keeper.close();
  const json = output.split('\n').findLast((line) => line.startsWith('{'));
  const parsed = CallReportSchema.safeParse(parseJson(json));
  if (parsed.success) return { scenario, report: parsed.data, faults: scenario.faults(parsed.data) };
  return { scenario, report: null, faults: [`the simulator gave no report (exit code ${code}): ${output}`] };
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

const complaints = ({ logs }: Stack): string[] =>
  logs
    .filter(({ fields }) => !fields || ['warn', 'error', 'fatal'].includes(String(fields['level'])))
    .map(readable);

void interrupted().then((signal) => {
  say(`\n${signal}: the demo was stopped, and what it had started is being removed.`);
  process.exit(130);
});

demo().then(
  (allWell) => process.exit(allWell ? 0 : 1),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
