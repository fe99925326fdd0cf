import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainEnvironment, repositoryRoot } from './config';
import { Keeper } from './processes/keeper';

type Outcome = 'holds' | 'violated';

interface Variant {
  number: string;
  title: string;
  /** switches of the model, see its head */
  defines: readonly string[];
  expected: Outcome;
}

const MODEL = 'docs/design/rendezvous.pml';
const ONE_DROP = ['DROPS=1'];
const ALL_FAULTS = ['DROPS=3', 'HALF_OPEN', 'CRASH', 'FLUSH'];

const variant = (number: string, title: string, expected: Outcome, defines: readonly string[]): Variant => ({
  number,
  title,
  expected,
  defines,
});

const VARIANTS: readonly Variant[] = [
  variant('1', 'look, then subscribe; no fault at all', 'violated', ['CHECK_FIRST']),
  variant('2', 'subscribe, then look; no fault', 'holds', []),
  variant('3', '2 + lost link, no look after it', 'violated', [...ONE_DROP, 'RECHECK=0']),
  variant('4', '2 + lost link, look on ready', 'violated', [...ONE_DROP, 'RECHECK=1']),
  variant('5', '2 + lost link, look after the acknowledgement', 'holds', ONE_DROP),
  variant('5b', '5, the link is lost three times', 'holds', ['DROPS=3']),
  variant('6', '5 + half-open link', 'violated', [...ONE_DROP, 'HALF_OPEN']),
  variant('7', '6 + slow poll of the cache', 'holds', [...ONE_DROP, 'HALF_OPEN', 'POLL']),
  variant('8', '5 + ingest dies before it tells', 'violated', [...ONE_DROP, 'CRASH']),
  variant('9', '8 + outbox', 'holds', [...ONE_DROP, 'CRASH', 'OUTBOX']),
  variant('9b', '9 + half-open link', 'violated', [...ONE_DROP, 'CRASH', 'OUTBOX', 'HALF_OPEN']),
  variant('10', '7 + lost cache, looks read the cache only', 'violated', [
    ...ONE_DROP,
    ...['HALF_OPEN', 'POLL', 'FLUSH'],
  ]),
  variant('11', '10 + ingest dies + last look at the store', 'holds', [
    ...ONE_DROP,
    ...['HALF_OPEN', 'POLL', 'FLUSH', 'CRASH', 'LAST_LOOK'],
  ]),
  variant('12', 'all faults, looks and poll read the store', 'holds', [...ALL_FAULTS, 'POLL', 'LOOK_STORE']),
  variant('13', '12, but look, then subscribe', 'holds', [
    ...ALL_FAULTS,
    ...['POLL', 'LOOK_STORE', 'CHECK_FIRST'],
  ]),
  variant('14', 'as it is built: 12 + outbox + last look', 'holds', [
    ...ALL_FAULTS,
    ...['POLL', 'LOOK_STORE', 'OUTBOX', 'LAST_LOOK'],
  ]),
];

/** @returns what a program wrote, or null if it is not installed */
async function run(keeper: Keeper, command: string, args: readonly string[], cwd: string) {
  const ended = await keeper.run({ command, args, cwd, env: plainEnvironment() }).catch(() => null);
  if (ended && ended.code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${ended.output}`);
  return ended?.output ?? null;
}

/** The model as a C program that visits every state; ends at the first violation. */
async function verify(keeper: Keeper, { defines }: Variant, cc: string, folder: string) {
  await run(
    keeper,
    'spin',
    ['-a', ...defines.map((name) => `-D${name}`), join(repositoryRoot(), MODEL)],
    folder,
  );
  await run(keeper, cc, ['-O1', '-w', '-DSAFETY', '-o', 'pan', 'pan.c'], folder);
  const output = (await run(keeper, join(folder, 'pan'), ['-m100000'], folder)) ?? '';
  const errors = Number(/errors: (\d+)/.exec(output)?.[1]);
  const states = Number(/(\d+) states, stored/.exec(output)?.[1]);
  const whole = !/search depth too small|Search not completed/.test(output);
  const violated = /assertion violated/.test(output);
  if (errors > 0 !== violated || (errors === 0 && !whole))
    throw new Error(`the model itself is wrong:\n${output}`);
  return { result: violated ? ('violated' as const) : ('holds' as const), states };
}

async function findCompiler(keeper: Keeper): Promise<string | null> {
  for (const name of ['cc', 'gcc', 'clang']) {
    if ((await run(keeper, name, ['--version'], tmpdir())) !== null) return name;
  }
  return null;
}

async function verifyAll(keeper: Keeper, cc: string, folder: string): Promise<number> {
  let wrong = 0;
  console.log(
    `${'#'.padStart(3)}  ${'variant'.padEnd(48)} ${'expected'.padEnd(9)} ${'result'.padEnd(9)}  states`,
  );
  for (const each of VARIANTS) {
    const { result, states } = await verify(keeper, each, cc, folder);
    if (result !== each.expected) wrong += 1;
    const line = `${each.number.padStart(3)}  ${each.title.padEnd(48)} ${each.expected.padEnd(9)} ${result.padEnd(9)}`;
    console.log(
      `${line} ${String(states).padStart(7)}${result === each.expected ? '' : '  NOT AS EXPECTED'}`,
    );
  }
  return wrong;
}

/** `npm run spin`: every variant of the protocol's model, all its states. */
async function spin(): Promise<void> {
  const keeper = new Keeper();
  const folder = mkdtempSync(join(tmpdir(), 'greenroom-spin-'));
  keeper.removeAtEnd(folder);
  try {
    const version = await run(keeper, 'spin', ['-V'], folder);
    const cc = await findCompiler(keeper);
    if (version === null || cc === null) {
      console.log('Not run: this needs Spin and a C compiler.');
      console.log(
        'Debian, Ubuntu: apt-get install spin gcc. macOS: brew install spin. Others: spinroot.com.',
      );
      return;
    }
    const wrong = await verifyAll(keeper, cc, folder);
    console.log(`\n${VARIANTS.length - wrong} passed, ${wrong} failed`);
    process.exitCode = wrong > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await keeper.close();
  }
}

void spin();
