import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { logDestination } from './log-destination';

describe('log lines', () => {
  const folder = mkdtempSync(join(tmpdir(), 'greenroom-spec-'));
  const file = join(folder, 'log');
  let fd: number;
  const before = process.listeners('exit');
  const added = () => process.listeners('exit').filter((each) => !before.includes(each));
  const written = () => readFileSync(file, 'utf8');

  beforeEach(() => {
    fd = openSync(file, 'w');
  });
  afterEach(() => {
    for (const each of added()) process.removeListener('exit', each);
    closeSync(fd);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('of one turn are written at its end, in their order', async () => {
    const log = logDestination(fd);
    for (const line of ['one\n', 'two\n']) log.write(line);
    expect(written()).toBe('');
    await turn();
    expect(written()).toBe('one\ntwo\n');
    log.write('three\n');
    await turn();
    expect(written()).toBe('one\ntwo\nthree\n');
  });

  it('are written before the process exits', () => {
    const log = logDestination(fd);
    log.write('the last words\n');
    for (const each of added()) each(1);
    expect(written()).toBe('the last words\n');
  });

  it('that are many are not kept until the turn is over', () => {
    const log = logDestination(fd);
    for (let line = 0; line < 2000; line += 1) log.write(`${'x'.repeat(99)}\n`);
    expect(written().length).toBeGreaterThan(180_000);
  });
});
