import { readYaml } from './read-yaml';

const faultsOf = (text: string): string[] => readYaml(text).faults.map(({ message }) => message);

describe('a file that is read', () => {
  it('is plain data, with aliases as what they stand for', () => {
    const { data, faults } = readYaml(`a: &x [1, 'two']\nb: *x\n3: {__proto__: null}\n`);
    expect(faults).toEqual([]);
    expect(data).toEqual(expect.objectContaining({ a: [1, 'two'], b: [1, 'two'] }));
    expect(Object.keys((data as { 3: object })[3])).toEqual(['__proto__']);
  });

  it('knows where everything stands', () => {
    const { places } = readYaml('a:\r\n  - &x {b: "one {{two}}"}\n  - *x\n');
    const at = (offset: number) => places.lineAndColumn(offset);
    expect(at(places.valueAt(['a', 0, 'b']))).toEqual({ line: 2, column: 12 });
    expect(at(places.keyAt(['a', 0, 'b']))).toEqual({ line: 2, column: 9 });
    expect(at(places.partAt(['a', 1, 'b'], '{{two}}'))).toEqual({ line: 2, column: 17 });
    expect(at(places.keyAt(['a', 0, 'missing']))).toEqual({ line: 2, column: 8 });
    expect(at(places.keyAt(['missing', 'c']))).toEqual({ line: 1, column: 1 });
  });
});

describe('a file is refused', () => {
  const bomb = Array.from(
    { length: 9 },
    (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level}, `.repeat(9)}]`,
  );

  it.each([
    ['that is no YAML', 'a: b: c', 'this is not YAML that can be understood: Nested mappings'],
    ['with a tag of its own', 'a: !secret b', 'Unresolved tag: !secret'],
    ['that is several', 'a: 1\n---\nb: 2', 'multiple documents'],
    ['with an alias of nothing', 'a: *x', 'there is no anchor &x above this'],
    ['that contains itself', 'a: &x [*x]', '*x stands within &x itself'],
    ['that is a bomb', ['a0: &a0 [x]', ...bomb].join('\n'), 'more than 50000 parts'],
    ['that is nested too deep', `a: ${'['.repeat(20)}${']'.repeat(20)}`, 'more than 16 levels'],
    ['that is nested far too deep', '['.repeat(900), 'not YAML that can be understood'],
    ['that is larger than 256 KiB', `a: ${'x'.repeat(256 * 1024)}`, 'larger than 256 KiB'],
    ['that is larger in bytes', `a: ${'न'.repeat(100 * 1024)}`, 'larger than 256 KiB'],
    ['with a list as a key', '? [a]\n: b', 'this is no name of a setting'],
    ['with a key twice', 'a: 1\na: 2', '"a" stands twice'],
  ])('%s', (_, text, says) => {
    expect(faultsOf(text).join('\n')).toContain(says);
  });
});
