import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePage } from '../src/bench/report/parse-page';
import { repositoryRoot } from '../src/config';

interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

/** The built bench, as `npm run bench` runs it. */
const bench = (...args: string[]): Promise<Result> =>
  new Promise((resolve) => {
    const options = { cwd: repositoryRoot(), timeout: 60_000 };
    execFile(process.execPath, ['dist/tools/bench.js', ...args], options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'greenroom-spec-'))));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the bench', () => {
  it('measures, prints rows that others can read, and writes its report', async () => {
    const file = join(folder, 'bench.html');
    const { code, stdout, stderr } = await bench('--json', '--report', file, 'fleet-trial');
    expect([code, stderr]).toEqual([0, expect.stringContaining(`The report is ${file}.`)]);
    const rows = JSON.parse(stdout) as Record<string, unknown>[];
    expect(rows.length).toBeGreaterThan(5);
    for (const row of rows) {
      const names = ['group', 'name', 'ours', 'baseline', 'ratio', 'spread', 'goal', 'holds'];
      expect(Object.keys(row)).toEqual(names);
      expect(typeof row['ours']).toBe('number');
    }
    // what is true however fast the machine is: each event came to the one gateway that waits for it
    const counted = rows.filter(({ name }) => String(name).startsWith('events at'));
    expect(counted.map(({ ours, holds }) => [ours, holds])).toEqual([
      [240, true],
      [0, true],
    ]);
    const page = parsePage(readFileSync(file, 'utf8'));
    expect(page).toMatchObject({ unbalanced: [] });
    expect(page.texts).not.toMatch(/[<>]|NaN|undefined/);
    expect(page.tags.filter((tag) => tag.startsWith('tr ')).length).toBe(rows.length);
    expect(page.tags.filter((tag) => tag.startsWith('svg')).length).toBeGreaterThan(2);
  }, 60_000);

  it('refuses a report that it could not write, before it measures anything', async () => {
    const file = join(folder, 'no-such-folder', 'bench.html');
    const { code, stdout, stderr } = await bench('--report', file);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`there is no folder ${join(folder, 'no-such-folder')}.`);
    expect(existsSync(join(folder, 'no-such-folder'))).toBe(false);
  });

  it('names its groups where one is unknown, and in its help', async () => {
    const unknown = await bench('fleeet');
    expect([unknown.code, unknown.stdout]).toEqual([2, '']);
    expect(unknown.stderr).toMatch(/There is no group fleeet\. There are: .*fleet, .*conversation\./);
    const help = await bench('--help');
    expect([help.code, help.stderr]).toEqual([0, '']);
    expect(help.stdout).toContain('  fleet ');
    expect(help.stdout).not.toContain('trial');
  });
});
