import * as fc from 'fast-check';
import { leavesOf } from './json-leaves';

/** What a path leads to. */
const at = (value: unknown, path: string): unknown =>
  path
    .split('/')
    .slice(1)
    .reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], value);

describe('the values of a JSON text', () => {
  it('stand where they stand', () => {
    expect(leavesOf('{"a":1, "b" : {"c":"x\\"y", "d":{}}, "e-1":null}')).toEqual([
      { path: '/a', token: '1', at: 5 },
      { path: '/b/c', token: '"x\\"y"', at: 19 },
      { path: '/e-1', token: 'null', at: 42 },
    ]);
  });

  it('are those that the parser finds, all of them and in their order', () => {
    const name = fc.stringMatching(/^[\w-]{1,4}$/).filter((text) => text !== '__proto__');
    const leaf = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.double({ noNaN: true }),
      fc.boolean(),
      fc.constant(null),
    );
    const { object } = fc.letrec((tie) => ({
      object: fc.dictionary(name, fc.oneof(leaf, tie('object')), { maxKeys: 5 }),
    }));
    const blanks = fc.constantFrom(undefined, 1, '\t', '\n  ');
    fc.assert(
      fc.property(object, blanks, (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const leaves = leavesOf(text)!;
        for (const { path, token, at: start } of leaves) {
          expect(text.slice(start).startsWith(token)).toBe(true);
          expect(JSON.parse(token)).toEqual(at(JSON.parse(text), path));
        }
        expect(leaves.map((each) => each.at)).toEqual(leaves.map((each) => each.at).sort((a, b) => a - b));
        const values = (inner: unknown): number =>
          typeof inner === 'object' && inner !== null
            ? Object.values(inner).reduce<number>((sum, each) => sum + values(each), 0)
            : 1;
        expect(leaves).toHaveLength(values(value));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    '{"a":[1]}',
    '{"a":1,"a":1}',
    '{"a":{"b":1},"a":{"b":1}}',
    '{"a ":1}',
    '{"\\u0061":1}',
    '{"":1}',
    '{"ü":1}',
    '{"a.b":1}',
    '{"a/b":1}',
  ])('are left to the parser in %s', (text) => {
    expect(leavesOf(text)).toBeNull();
  });
});
