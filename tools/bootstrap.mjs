// Every npm script goes through here: installs what is missing, builds what is stale, then becomes the command.
// Node's own modules only, since it runs before anything is installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(root, ...parts);
const NX = at('node_modules', '.bin', 'nx');

/** `needs`: what is built first. `deployed`: runs from `dist` as it is, where there is nothing to build with. */
const COMMANDS = {
  demo: {
    run: ['tools/demo.js'],
    needs: 'all',
    about: 'five calls against a throw-away stack, with a summary and call sheets',
  },
  start: {
    run: ['tools/start.js'],
    needs: 'all',
    about: 'everything at once, with a Postgres and Redis of its own',
  },
  ingest: {
    run: ['apps/passthru-ingest/main.js'],
    needs: 'all',
    deployed: true,
    about: 'the webhook service',
  },
  worker: { run: ['apps/passthru-ingest/worker.js'], needs: 'all', deployed: true, about: 'outbox and jobs' },
  gateway: { run: ['apps/call-gateway/main.js'], needs: 'all', deployed: true, about: 'the media streams' },
  migrate: {
    run: ['apps/passthru-ingest/migrate.js'],
    needs: 'all',
    deployed: true,
    about: 'database schema',
  },
  call: {
    run: ['apps/simulator/main.js', 'call'],
    needs: 'all',
    about: 'places a call, as the provider would',
  },
  dialogue: {
    run: ['tools/dialogue.js'],
    needs: 'tools',
    about: 'checks dialogues, plays them in the terminal',
  },
  doctor: {
    run: ['tools/doctor.js'],
    needs: 'all',
    deployed: true,
    about: 'checks a set-up, and says what to enter at the providers',
  },
  build: { run: null, needs: 'all', about: 'builds what is stale' },
  check: { run: ['tools/check.js'], needs: 'tools', about: 'formatting, lint, types and architecture' },
  test: { run: ['tools/test.js'], needs: 'tools', about: 'the checks, then all tests' },
  chaos: { run: ['tools/chaos.js'], needs: 'all', about: 'faults against the real processes, with figures' },
  bench: { run: ['tools/bench.js'], needs: 'all', about: 'measures speed and size, each next to a baseline' },
  mutants: {
    run: ['tools/mutants.js'],
    needs: 'tools',
    about: 'shows that the tests of rendezvous and turn-taking notice each known defect',
  },
  spin: {
    run: ['tools/spin.js'],
    needs: 'tools',
    about: 'checks the model of the rendezvous, where spin is installed',
  },
};

const TOO_OLD = /^v?(\d+)\.(\d+)/;

async function main([name, ...args]) {
  checkNode();
  const command = Object.hasOwn(COMMANDS, name ?? '') ? COMMANDS[name] : undefined;
  if (!command) return help(name);
  const target = command.run && at('dist', command.run[0]);
  if (!(command.deployed && isDeployed(target))) {
    if (!existsSync(at('apps')))
      fail(`There are no sources here, and ${name} does not run from bundles alone.`);
    await oneAtATime(async () => {
      if (!isInstalled()) await install();
      await build(command.needs);
    });
  }
  if (command.run) become(target, [...command.run.slice(1), ...args]);
}

function checkNode() {
  const [, major, minor] = TOO_OLD.exec(process.version).map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(
    `Greenroom needs Node.js 20.19 or newer; this is ${process.version}. Node.js 22 or 24 are good choices.`,
  );
}

function help(name) {
  if (name !== undefined) console.error(`There is no command "${name}".\n`);
  console.error('Usage: node tools/bootstrap.mjs <command> [options]\n');
  for (const [each, { about }] of Object.entries(COMMANDS)) console.error(`  ${each.padEnd(9)} ${about}`);
  process.exitCode = 2;
}

/** The command runs in this very process: signals, the terminal and the exit code are its own. */
function become(target, args) {
  process.setSourceMapsEnabled(true);
  process.argv = [process.argv[0], target, ...args];
  Module.runMain();
}

/** A container image: bundles and production dependencies, and nothing to build them from or with. */
function isDeployed(target) {
  const canBuild = existsSync(NX) || !existsSync(at('node_modules'));
  return existsSync(target) && !(existsSync(at('apps')) && canBuild);
}

// --- installing ---

/** npm keeps a list of what it has installed: whether that is what the lock file asks for. */
function isInstalled() {
  const installed = readPackages(at('node_modules', '.package-lock.json'));
  const wanted = readPackages(at('package-lock.json'));
  if (!installed || !wanted) return false;
  const declared = JSON.parse(readFileSync(at('package.json'), 'utf8'));
  for (const kind of ['dependencies', 'devDependencies']) {
    if (sorted(declared[kind]) !== sorted(wanted[''][kind])) return false;
  }
  return Object.entries(wanted).every(([path, { version, optional, devOptional, link }]) => {
    if (path === '' || link) return true;
    const found = installed[path];
    // those for other platforms are left out
    return found ? found.version === version : Boolean(optional || devOptional);
  });
}

const sorted = (versions) => JSON.stringify(Object.entries(versions ?? {}).sort());

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

async function install() {
  // the npm that called us, else the one on the PATH
  const npm = process.env.npm_execpath;
  const [command, ...before] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm'];
  await step('installing dependencies (npm ci)', command, [...before, 'ci', '--no-audit', '--no-fund'], {
    advice: 'npm ci failed. It needs a way to an npm registry; run it by hand to see more.',
  });
  if (!isInstalled()) {
    fail('package.json and package-lock.json do not agree. Run npm install, then try again.');
  }
}

// --- building ---

async function build(needs) {
  const stamp = at('dist', `.built-${needs}`);
  const state = fingerprint(needs);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === state) return;
  const projects = needs === 'tools' ? ['--projects=tools'] : [];
  await step('building', process.execPath, [NX, 'run-many', '-t', 'build', ...projects], {
    env: { NX_DAEMON: 'false', NX_TUI: 'false', NX_DEFAULT_OUTPUT_STYLE: 'static' },
    advice: 'The build failed.',
  });
  writeFileSync(stamp, state);
}

/** Of everything that a bundle is made of, by size and time of change; and of whether the bundles are there. */
function fingerprint(needs) {
  const hash = createHash('sha256');
  const folders = needs === 'tools' ? ['tools', 'libs'] : ['tools', 'libs', 'apps'];
  const files = folders.flatMap((folder) =>
    readdirSync(at(folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name)),
  );
  const config = ['package.json', 'package-lock.json', 'tsconfig.base.json', 'nx.json'].map((name) =>
    at(name),
  );
  for (const file of [...files, ...config].sort()) {
    const stat = statSync(file, { throwIfNoEntry: false });
    hash.update(`${file} ${stat?.size} ${stat?.mtimeMs}\n`);
  }
  for (const { run, needs: of } of Object.values(COMMANDS)) {
    if (run && (of === needs || needs === 'all'))
      hash.update(`${run[0]} ${existsSync(at('dist', run[0]))}\n`);
  }
  return hash.digest('hex');
}

// --- running ---

/** One line that says what is done and how long it took; what the program says only if it fails. */
async function step(title, command, args, { env = {}, advice }) {
  const started = performance.now();
  process.stderr.write(`${title}...`);
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => said.push(data));
  const forward = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
  const { code, signal, error } = await new Promise((resolve) => {
    child.once('error', (problem) => resolve({ error: problem }));
    child.once('close', (exitCode, by) => resolve({ code: exitCode, signal: by }));
  });
  for (const each of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(each, forward);
  if (code === 0) {
    process.stderr.write(` ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
    return;
  }
  process.stderr.write(signal ? ` stopped by ${signal}\n` : ' failed\n');
  if (!signal) process.stderr.write(`${Buffer.concat(said).toString()}${error ? `${error.message}\n` : ''}`);
  fail(signal ? '' : advice);
}

/** Two commands at a time would install or build over each other. */
async function oneAtATime(work) {
  const file = at('.data', 'bootstrap.pid');
  mkdirSync(at('.data'), { recursive: true });
  let said = false;
  while (!take(file)) {
    if (!said) process.stderr.write('waiting for another command that installs or builds...\n');
    said = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  await work();
  process.off('exit', release);
  release();
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  // left behind by a run that was killed
  if (!isBootstrap(Number(readFileSync(file, { encoding: 'utf8', flag: 'a+' }))))
    rmSync(file, { force: true });
  return false;
}

/** A process id alone does not say: in a container the next run may well have the same one. */
function isBootstrap(pid) {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code === 'ESRCH') return false;
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('bootstrap.mjs');
  } catch {
    return process.platform !== 'linux';
  }
}

function fail(message) {
  if (message) process.stderr.write(`${message}\n`);
  process.exit(1);
}

await main(process.argv.slice(2));
