import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { repositoryRoot, wholeEnvironment } from '../config';
import { type Keeper } from '../processes/keeper';
import { type Counts } from './counts';

/** The part of jest's `--json` that we read. */
export interface JestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { status: string; fullName: string }[];
  }[];
}

export interface JestRun {
  counts: Counts;
  /** one line for each failure */
  failures: string[];
}

/** Runs jest, its progress visible as it goes, and counts what it reports. */
export async function runJest(keeper: Keeper, args: readonly string[]): Promise<JestRun> {
  const root = repositoryRoot();
  const folder = mkdtempSync(join(tmpdir(), 'greenroom-jest-'));
  keeper.removeAtEnd(folder);
  const file = join(folder, 'report.json');
  const colours = process.stdout.isTTY ? ['--colors'] : [];
  const running = await keeper.start({
    command: process.execPath,
    args: ['node_modules/.bin/jest', '--json', `--outputFile=${file}`, ...colours, ...args],
    cwd: root,
    env: wholeEnvironment(),
    // its teardown stops the servers of the tests
    graceMs: 20_000,
    onLine: (line) => {
      if (!line.startsWith('Test results written to:')) console.log(line);
    },
  });
  const { code, signal } = await running.exited;
  const run = summarise(readReport(file), code ?? signal, root);
  rmSync(folder, { recursive: true, force: true });
  return run;
}

function readReport(file: string): JestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as JestReport;
  } catch {
    return undefined;
  }
}

/** No failure may go missing: neither a file that does not load, nor a run that ends badly without a failed test. */
export function summarise(
  report: JestReport | undefined,
  ended: number | string | null,
  root: string,
): JestRun {
  if (!report) {
    const failures = [`jest ended without a report (${ended}): see above`];
    return { counts: { passed: 0, failed: 1, skipped: 0 }, failures };
  }
  const failures = report.testResults.flatMap((file) => failuresOf(file, root));
  if (ended !== 0 && failures.length === 0) failures.push(`jest ended with ${ended} although no test failed`);
  const skipped = report.numPendingTests + report.numTodoTests;
  return { counts: { passed: report.numPassedTests, failed: failures.length, skipped }, failures };
}

function failuresOf(file: JestReport['testResults'][number], root: string): string[] {
  const where = relative(root, file.name);
  const failed = file.assertionResults.filter(({ status }) => status === 'failed');
  if (failed.length > 0) return failed.map(({ fullName }) => `${where}: ${fullName}`);
  if (file.status !== 'failed') return [];
  return [`${where}: could not be run: ${file.message.trim().split('\n')[0]}`];
}
