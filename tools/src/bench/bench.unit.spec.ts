import { readArguments } from './arguments';
import { type Group } from './group';
import { chooseGroups, GROUPS } from './groups';

describe('the arguments', () => {
  it('are groups and how to print', () => {
    expect(readArguments([])).toEqual({ json: false, groups: [] });
    expect(readArguments(['conversation', '--json'])).toEqual({ json: true, groups: ['conversation'] });
    expect(readArguments(['--help', 'conversation'])).toBe('help');
  });

  it('are refused where they mean nothing', () => {
    expect(() => readArguments(['--jsn'])).toThrow(/--jsn/);
    expect(() => readArguments(['--json=yes'])).toThrow(/--json/);
  });
});

describe('the choice of groups', () => {
  const named = (name: string): Group => ({
    ...{ name, about: '', longestMs: 1, measure: () => Promise.resolve({ rows: [], notes: [] }) },
  });
  const groups = [named('media'), named('ingest'), named('memory')];

  it('is all of them, or those that are named, in their own order', () => {
    expect(chooseGroups([], groups)).toEqual(groups);
    expect(chooseGroups(['memory', 'media'], groups).map(({ name }) => name)).toEqual(['media', 'memory']);
  });

  it('names what there is when a name is unknown', () => {
    expect(() => chooseGroups(['media', 'no-such'], groups)).toThrow(
      'There is no group no-such. There are: media, ingest, memory.',
    );
  });

  it('has a name of its own for each', () => {
    expect(new Set(GROUPS.map(({ name }) => name)).size).toBe(GROUPS.length);
  });
});
