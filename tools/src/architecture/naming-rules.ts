import { isSource, isSpec, type SourceTree } from './source-tree';

const LINES = 300;
const SPEC_LINES = 500;
const SEGMENTS = 5;
const SAYS_NOTHING = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'shared', 'misc']);

const isCode = (path: string): boolean => /\.(ts|mjs|cjs)$/.test(path);

export function filesOverBudget(tree: SourceTree): string[] {
  return [...tree.files.values()].flatMap(({ path, text }) => {
    const lines = text.replace(/\n$/, '').split('\n').length;
    const budget = isSource(path) && isSpec(path) ? SPEC_LINES : LINES;
    return isCode(path) && lines > budget ? [`${path}: ${lines} lines, ${budget} are allowed`] : [];
  });
}

export function pathsTooDeep(tree: SourceTree): string[] {
  return [...tree.files.keys()]
    .filter((path) => path.split('/').length > SEGMENTS)
    .map((path) => `${path}: more than ${SEGMENTS} segments`);
}

/** A name says what a thing does; these say that nobody knew. */
export function namesThatSayNothing(tree: SourceTree): string[] {
  return [...tree.files.keys()]
    .filter((path) => path.split(/[/.-]/).some((word) => SAYS_NOTHING.has(word)))
    .map((path) => `${path}: name it after what it does`);
}
