import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repositoryRoot } from './src/config';

interface Ended {
  code: number | null;
  signal: string | null;
  out: string;
  err: string;
}

/** A folder as a container image has it: bundles, production dependencies, no sources. */
describe('the start of every command', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'greenroom-spec-'));
    mkdirSync(join(folder, 'node_modules'));
    mkdirSync(join(folder, 'tools'));
    cpSync(join(repositoryRoot(), 'tools', 'bootstrap.mjs'), join(folder, 'tools', 'bootstrap.mjs'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function put(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }

  function run(args: readonly string[], kill?: NodeJS.Signals): Promise<Ended> {
    const child = spawn(process.execPath, [join(folder, 'tools', 'bootstrap.mjs'), ...args], {
      cwd: tmpdir(),
    });
    const said = { out: '', err: '' };
    child.stdout.on('data', (data) => {
      said.out += String(data);
      if (kill) child.kill(kill);
    });
    child.stderr.on('data', (data) => (said.err += String(data)));
    return new Promise((resolve) =>
      child.once('close', (code, signal) => resolve({ code, signal, ...said })),
    );
  }

  it.each([[[]], [['nonsense']], [['constructor']]])(
    'tells what there is when it is given %j',
    async (args) => {
      const { code, err } = await run(args);
      expect(code).toBe(2);
      expect(err).toContain('migrate');
    },
  );

  it('runs a bundle as it is, with its arguments and its exit code, where there are no sources', async () => {
    put(
      'dist/apps/passthru-ingest/migrate.js',
      'if (require.main === module) console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 7;',
    );
    expect(await run(['migrate', '--a', 'b'])).toEqual({
      code: 7,
      signal: null,
      out: '["--a","b"]\n',
      err: '',
    });
  });

  it('leaves signals to the command', async () => {
    put(
      'dist/apps/call-gateway/main.js',
      `setInterval(() => {}, 1000); process.on('SIGTERM', () => process.exit(9)); console.log('up');`,
    );
    expect(await run(['gateway'], 'SIGTERM')).toMatchObject({ code: 9 });
    expect(await run(['gateway'], 'SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
  });

  it('says so when there is nothing to build from', async () => {
    const { code, err } = await run(['check']);
    expect(code).toBe(1);
    expect(err).toContain('no sources');
  });
});
