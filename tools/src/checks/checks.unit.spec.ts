import { add, lastLine } from './counts';
import { type JestReport, summarise } from './jest';

const report = (more: Partial<JestReport> = {}): JestReport => ({
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
  ...more,
});

describe('the summary of a jest run', () => {
  it('counts what passed and what was skipped', () => {
    const { counts, failures } = summarise(report({ numPendingTests: 1, numTodoTests: 1 }), 0, '/repo');
    expect(counts).toEqual({ passed: 3, failed: 0, skipped: 2 });
    expect(failures).toEqual([]);
  });

  it('names each failed test', () => {
    const assertionResults = [
      { status: 'failed', fullName: 'a call is answered' },
      { status: 'passed', fullName: 'a call is refused' },
    ];
    const testResults = [{ name: '/repo/apps/a.spec.ts', status: 'failed', message: 'x', assertionResults }];
    const { counts, failures } = summarise(report({ numFailedTests: 1, testResults }), 1, '/repo');
    expect(counts.failed).toBe(1);
    expect(failures).toEqual(['apps/a.spec.ts: a call is answered']);
  });

  it('counts a file that could not be loaded', () => {
    const testResults = [
      { name: '/repo/a.spec.ts', status: 'failed', message: '\nno such module\n at', assertionResults: [] },
    ];
    expect(summarise(report({ testResults }), 1, '/repo').failures).toEqual([
      'a.spec.ts: could not be run: no such module',
    ]);
  });

  it.each([
    ['no report at all', undefined, 1],
    ['a bad end without a failed test', report(), 1],
    ['a killed run', report(), 'SIGKILL'],
  ])('counts %s as a failure', (_title, given, ended) => {
    expect(summarise(given, ended, '/repo').counts.failed).toBe(1);
  });
});

describe('the last line', () => {
  it('adds the checks and the tests up', () => {
    const total = add({ passed: 2, failed: 0, skipped: 0 }, { passed: 40, failed: 1, skipped: 0 });
    expect(lastLine(total)).toBe('42 passed, 1 failed');
    expect(lastLine({ ...total, skipped: 3 })).toBe('42 passed, 1 failed, 3 skipped');
  });
});
