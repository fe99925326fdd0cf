import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '../..');
const run = promisify(execFile);

it('the demo places its eight calls, and all go as they should', async () => {
  const { stdout } = await run(process.execPath, ['dist/tools/demo.js'], { cwd: root, timeout: 180_000 });
  expect(stdout).toContain('All 8 calls went as they should.');
  for (const number of [1, 2, 3, 4, 5, 6, 7, 8]) {
    expect(readFileSync(join(root, `.data/demo/call-${number}.html`), 'utf8')).toMatch(/^<!doctype html>/i);
    expect(readFileSync(join(root, `.data/demo/call-${number}.wav`)).length).toBeGreaterThan(10_000);
  }
  const rows = stdout.split('\n').filter((line) => /^\d +\w+ +(before|\d s after|never)/.test(line));
  expect(rows.map((row) => row.split(/ {2,}/).slice(1, 5))).toEqual([
    ['exotel', 'before the stream', 'answered', 'cache'],
    ['exotel', '3 s after the stream', 'answered', 'event'],
    ['twilio', 'before the stream', 'answered', 'database'],
    ['exotel', 'never', 'no-customer-data', '-'],
    ['plivo', 'before the stream', 'answered', 'cache'],
    ['telnyx', 'before the stream', 'answered', 'cache'],
    ['vonage', 'before the stream', 'answered', 'cache'],
    ['twilio', 'before the stream', 'answered', 'cache'],
  ]);
}, 180_000);

it('every npm command that the README names exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
  const pages = ['README.md', 'CONTRIBUTING.md']
    .map((page) => readFileSync(join(root, page), 'utf8'))
    .join('\n');
  const named = [...pages.matchAll(/npm run ([a-z][a-z:]*)/g)].map(([, name]) => name);
  expect(named.length).toBeGreaterThan(5);
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining([...new Set(named)]));
});
