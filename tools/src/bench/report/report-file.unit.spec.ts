import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertWritable, writeReport } from './report-file';

describe('the file of a report', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'greenroom-spec-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is not there before it is written', () => {
    const file = join(folder, 'bench.html');
    assertWritable(file);
    expect(existsSync(file)).toBe(false);
    expect(writeReport(file, 'page')).toBe(file);
    expect(readFileSync(file, 'utf8')).toBe('page');
  });

  it('keeps an earlier report until there is another', () => {
    const file = join(folder, 'bench.html');
    writeFileSync(file, 'earlier, and longer');
    assertWritable(file);
    expect(readFileSync(file, 'utf8')).toBe('earlier, and longer');
    writeReport(file, 'page');
    expect(readFileSync(file, 'utf8')).toBe('page');
  });

  it('is refused where there is no folder for it, or it is one', () => {
    expect(() => assertWritable(join(folder, 'none', 'bench.html'))).toThrow(
      `--report: there is no folder ${join(folder, 'none')}.`,
    );
    expect(() => assertWritable(folder)).toThrow(`--report: ${folder} cannot be written: it is a folder.`);
  });

  it('is refused where what should be its folder is a file', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => assertWritable(join(folder, 'file', 'bench.html'))).toThrow('cannot be written: ENOTDIR.');
  });
});
