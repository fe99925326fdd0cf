import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type JestReport, summarise } from './checks/jest';
import { repositoryRoot, wholeEnvironment } from './config';
import { Keeper } from './processes/keeper';

/** One defect of a lib, put in by hand: a patch, and the titles of tests that have to find it. */
interface Mutant {
  name: string;
  lib: Lib;
  patch: string | null;
  caughtBy: readonly string[];
}

interface Verdict {
  ok: boolean;
  says: string;
  /** titles of the tests that failed */
  failed: readonly string[];
}

/** Each has its defects in the folder `mutants`, and imports nothing of ours but the contracts. */
const LIBS = ['libs/rendezvous', 'libs/conversation'] as const;
type Lib = (typeof LIBS)[number];

const COPIED = [
  'libs/contracts',
  // jest's configuration, and what it names
  ...['package.json', 'tsconfig.base.json', 'jest.config.cjs', 'tools/jest'],
];
/** a defect has to be found with each of them */
const SEEDS = [1, 2];
/** percentage of the runs that the suites make on their own */
const RUNS = 10;
const AT_ONCE = 2;
/** of one run of the suites */
const LIMIT_MS = 120_000;

const original = (lib: Lib): Mutant => ({ name: nameIn(lib, 'as it is'), lib, patch: null, caughtBy: [] });

const nameIn = (lib: Lib, name: string): string => `${basename(lib)}: ${name}`;

/** The lines before the first `---` say what the defect is; those with `Caught-by:` name the tests. */
function readMutants(root: string, lib: Lib): Mutant[] {
  const folder = join(root, lib, 'mutants');
  const files = readdirSync(folder).filter((name) => name.endsWith('.patch'));
  return files.sort().map((file) => {
    const patch = join(folder, file);
    const [header = ''] = readFileSync(patch, 'utf8').split(/^--- /m);
    const caughtBy = [...header.matchAll(/^Caught-by: (.+)$/gm)].map(([, title = '']) => title.trim());
    return { name: nameIn(lib, basename(file, '.patch')), lib, patch, caughtBy };
  });
}

/** Sources are copied, since they are changed; what is installed is only linked. */
function copyTo(folder: string, root: string, lib: Lib): void {
  for (const path of [...COPIED, lib]) cpSync(join(root, path), join(folder, path), { recursive: true });
  mkdirSync(join(folder, 'apps'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
}

async function applyPatch(keeper: Keeper, folder: string, patch: string): Promise<string | null> {
  const ways = [
    { command: 'git', args: ['apply', '-p1', patch] },
    { command: 'patch', args: ['-p1', '--batch', '--forward', '--fuzz=0', '-i', patch] },
  ];
  const env = { ...wholeEnvironment(), GIT_CEILING_DIRECTORIES: tmpdir() };
  for (const way of ways) {
    const ended = await keeper.run({ ...way, cwd: folder, env }).catch(() => null);
    if (ended) return ended.code === 0 ? null : ended.output;
  }
  return 'neither git nor patch is installed';
}

/** Of a defect only the tests that are meant to find it: whether others do as well proves nothing, and takes its time. */
async function runSuites(
  keeper: Keeper,
  folder: string,
  { lib, caughtBy }: Mutant,
  seed: number,
): Promise<string[]> {
  const report = join(folder, `report-${seed}.json`);
  const lines: string[] = [];
  const jest = await keeper.start({
    command: process.execPath,
    args: [
      join(folder, 'node_modules/jest/bin/jest.js'),
      ...[lib, '--selectProjects', 'unit', 'model', '--runInBand', '--silent'],
      ...(caughtBy.length > 0 ? ['--testNamePattern', caughtBy.map(literally).join('|')] : []),
      ...['--json', `--outputFile=${report}`, `--cacheDirectory=${join(folder, 'cache')}`],
    ],
    cwd: folder,
    env: { ...wholeEnvironment(), FC_SEED: String(seed), FC_RUNS: String(RUNS) },
    onLine: (line) => lines.push(line),
  });
  const timer = setTimeout(() => jest.signal('SIGKILL'), LIMIT_MS);
  const { code, signal } = await jest.exited;
  clearTimeout(timer);
  const read = readReport(report);
  return [...summarise(read, code ?? signal, folder).failures, ...(read ? [] : lines)];
}

const literally = (title: string): string => `${title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`;

function readReport(file: string): JestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as JestReport;
  } catch {
    return undefined;
  }
}

function judge({ patch, caughtBy }: Mutant, failuresBySeed: readonly string[][]): Verdict {
  const failed = [...new Set(failuresBySeed.flat())];
  if (patch === null) return { ok: failed.length === 0, says: failed.length === 0 ? 'green' : 'RED', failed };
  if (failuresBySeed.some((failures) => failures.length === 0)) return { ok: false, says: 'GREEN', failed };
  const missing = caughtBy.filter(
    (title) => !failuresBySeed.every((failures) => failures.some((each) => each.endsWith(title))),
  );
  if (caughtBy.length === 0) return { ok: false, says: 'red, but its patch names no test', failed };
  if (missing.length > 0) return { ok: false, says: `red, but not by "${missing.join('", "')}"`, failed };
  return { ok: true, says: 'red', failed };
}

async function tryMutant(keeper: Keeper, mutant: Mutant): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'greenroom-mutant-'));
  keeper.removeAtEnd(folder);
  try {
    copyTo(folder, repositoryRoot(), mutant.lib);
    const problem = mutant.patch && (await applyPatch(keeper, folder, mutant.patch));
    if (problem) return { ok: false, says: `the patch does not apply: ${problem.trim()}`, failed: [] };
    const failures: string[][] = [];
    for (const seed of SEEDS) failures.push(await runSuites(keeper, folder, mutant, seed));
    return judge(mutant, failures);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function show({ name, caughtBy }: Mutant, { ok, says, failed }: Verdict, seconds: number): void {
  console.log(`${ok ? '  ' : '! '}${name.padEnd(50)} ${says.padEnd(6)} ${seconds.toFixed(1).padStart(5)} s`);
  const isNamed = (title: string) => caughtBy.some((each) => title.endsWith(each));
  const shown = ok ? failed.filter(isNamed) : failed;
  for (const title of shown) console.log(`      ${title}`);
  if (shown.length < failed.length) console.log(`      and ${failed.length - shown.length} more`);
}

/** `npm run test:mutants`: each defect must turn the suites of its lib red, by the tests that are meant to. */
async function mutants(): Promise<void> {
  const keeper = new Keeper();
  const root = repositoryRoot();
  const waiting = LIBS.flatMap((lib) => [original(lib), ...readMutants(root, lib)]);
  const total = waiting.length;
  let passed = 0;
  const work = async (): Promise<void> => {
    for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
      const started = performance.now();
      const verdict = await tryMutant(keeper, mutant);
      if (verdict.ok) passed += 1;
      show(mutant, verdict, (performance.now() - started) / 1000);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await keeper.close();
  console.log(`\n${passed} passed, ${total - passed} failed`);
  process.exitCode = passed === total ? 0 : 1;
}

void mutants();
