import { commandOf, readArguments } from './arguments';
import { type Group } from './group';
import { chooseGroups, GROUPS } from './groups';

describe('the arguments', () => {
  const none = { json: false, brief: false, report: null, groups: [] };

  it('are groups and how to print', () => {
    expect(readArguments([])).toEqual(none);
    expect(readArguments(['conversation', '--json'])).toEqual({
      ...none,
      json: true,
      groups: ['conversation'],
    });
    expect(readArguments(['--brief', '--report', 'a b.html'])).toEqual({
      ...none,
      brief: true,
      report: 'a b.html',
    });
    expect(readArguments(['--help', 'conversation'])).toBe('help');
  });

  it('may be one group for this very process', () => {
    expect(readArguments(['--apart', 'fleet', '--brief'])).toEqual({ apart: 'fleet', brief: true });
  });

  it('are refused where they mean nothing', () => {
    expect(() => readArguments(['--jsn'])).toThrow(/--jsn/);
    expect(() => readArguments(['--json=yes'])).toThrow(/--json/);
    expect(() => readArguments(['--report'])).toThrow(/--report/);
    expect(() => readArguments(['--report='])).toThrow(/--report/);
  });
});

it.each([
  [[], 'npm run bench'],
  [['fleet'], 'npm run bench -- fleet'],
  [['--json', '--brief', 'media', 'fleet'], 'npm run bench -- --brief media fleet'],
  [['--report', 'out/a.html'], 'npm run bench -- --report out/a.html'],
  [['--report', "it's mine.html"], `npm run bench -- --report 'it'\\''s mine.html'`],
])('%j is typed again as %s', (args, command) => {
  const options = readArguments(args);
  if (options === 'help' || 'apart' in options) throw new Error('must be options');
  expect(commandOf(options)).toBe(command);
});

describe('the choice of groups', () => {
  const named = (name: string): Group => ({
    ...{ name, about: '', longestMs: 1, measure: () => Promise.resolve({ rows: [], notes: [] }) },
  });
  const groups = [named('media'), named('ingest'), named('memory')];
  const trials = [named('trial')];

  it('is all of them, or those that are named, in their own order', () => {
    expect(chooseGroups([], groups, trials)).toEqual(groups);
    expect(chooseGroups(['memory', 'media'], groups).map(({ name }) => name)).toEqual(['media', 'memory']);
    expect(chooseGroups(['trial'], groups, trials)).toEqual(trials);
  });

  it('names what there is when a name is unknown', () => {
    expect(() => chooseGroups(['media', 'no-such'], groups, trials)).toThrow(
      'There is no group no-such. There are: media, ingest, memory.',
    );
  });

  it('has a name of its own for each', () => {
    expect(new Set(GROUPS.map(({ name }) => name)).size).toBe(GROUPS.length);
  });
});
