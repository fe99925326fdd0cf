import { type Findings } from './group';
import { findingsIn, tellLine } from './measure-apart';
import { row } from './row';

const ENDED = { code: 0, signal: null };
const jsonOf = (line: string): string => line.slice(1);

const FINDINGS: Findings = {
  rows: [row('speed, us', { ours: 1.5, baseline: 3, spread: [0.4, 0.6] }), row('memory, MB', { ours: 80 })],
  notes: ['quiet'],
  plots: [{ title: 'all', x: 'ms', y: '%', logX: true, series: [{ name: 'ours', points: [[1, 100]] }] }],
};

describe('what a group in a process of its own has told', () => {
  it('arrives as it was told', () => {
    const told = jsonOf(tellLine({ findings: FINDINGS }));
    expect(findingsIn(told, ENDED, [])).toEqual(FINDINGS);
  });

  it('is one line', () => {
    const findings = { rows: [], notes: ['two\nlines'] };
    expect(tellLine({ findings })).not.toContain('\n');
  });

  it('may hold figures that are none', () => {
    const findings = { rows: [row('nothing', { ours: Number.NaN })], notes: [] };
    expect(findingsIn(jsonOf(tellLine({ findings })), ENDED, []).rows[0]).toMatchObject({
      ...{ ours: Number.NaN, baseline: null },
    });
  });

  it('is an error where it could not be measured', () => {
    const told = jsonOf(tellLine({ failure: 'There is no Redis.' }));
    expect(() => findingsIn(told, { code: 1, signal: null }, [])).toThrow('There is no Redis.');
  });

  it('is an error where it told nothing, with how it ended and what it said', () => {
    expect(() => findingsIn(null, { code: 1, signal: null }, ['one', 'out of memory'])).toThrow(
      /exit code 1.*\none\nout of memory/,
    );
    expect(() => findingsIn(null, { code: null, signal: 'SIGKILL' }, [])).toThrow('SIGKILL');
  });

  it('is an error where it makes no sense', () => {
    expect(() => findingsIn('{"findings":{"rows":[{"name":"speed"}],"notes":[]}}', ENDED, [])).toThrow();
    expect(() => findingsIn('{}', ENDED, [])).toThrow();
  });
});
