import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import ts from 'typescript';

/** A file as the rules see it. Paths are relative to the top of the repository, with `/`. */
export interface SourceFile {
  path: string;
  text: string;
  /** parsed on first use */
  readonly ast: ts.SourceFile;
  /** module names as written, static and dynamic, types included */
  readonly imports: readonly string[];
}

/** What every rule is a function of; a rule gives one line for each violation. */
export interface SourceTree {
  files: ReadonlyMap<string, SourceFile>;
  /** `@greenroom/…` to the file that it stands for, out of tsconfig.base.json */
  aliases: ReadonlyMap<string, string>;
}

const SOURCES = ['apps', 'libs', 'tools'];
const SKIPPED = new Set(['node_modules', 'dist', 'coverage']);
const ALIASES = 'tsconfig.base.json';

/** All files of the workspace's projects, and the few at the top that the rules look at. */
export function readTree(root: string): SourceTree {
  const texts: Record<string, string> = {};
  const read = (path: string) =>
    (texts[relative(root, path).replaceAll('\\', '/')] = readFileSync(path, 'utf8'));
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (SKIPPED.has(entry.name)) continue;
      if (entry.isDirectory()) walk(join(folder, entry.name));
      else read(join(folder, entry.name));
    }
  };
  for (const folder of SOURCES) walk(join(root, folder));
  for (const name of [ALIASES, 'eslint.config.mjs']) read(join(root, name));
  return treeOf(texts);
}

export function treeOf(texts: Readonly<Record<string, string>>): SourceTree {
  const config = JSON.parse(texts[ALIASES] ?? '{}') as {
    compilerOptions?: { paths?: Record<string, string[]> };
  };
  const paths = Object.entries(config.compilerOptions?.paths ?? {});
  return {
    files: new Map(Object.entries(texts).map(([path, text]) => [path, sourceFile(path, text)])),
    aliases: new Map(paths.map(([name, [target = '']]) => [name, normalize(target)])),
  };
}

function sourceFile(path: string, text: string): SourceFile {
  let ast: ts.SourceFile | undefined;
  let imports: string[] | undefined;
  return {
    path,
    text,
    get ast() {
      return (ast ??= ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
    },
    get imports() {
      return (imports ??= ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName));
    },
  };
}

/** Every node of a file, parents first. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of childrenOf(node)) yield* nodesOf(child);
}

function childrenOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  return children;
}

export const isSource = (path: string): boolean => path.endsWith('.ts');

/** Specs, the suites that several specs share, and what stands beside the specs of whole apps. */
export const isSpec = (path: string): boolean => /\.spec\.ts$|(^|\/|\.)contract\.ts$|\/e2e\//.test(path);

/** `apps/call-gateway`, `libs/contracts`, `tools` */
export const projectOf = (path: string): string =>
  path.startsWith('tools/') ? 'tools' : path.split('/').slice(0, 2).join('/');

/** Files that are shipped: neither specs nor anything else than TypeScript. */
export const productOf = (tree: SourceTree): SourceFile[] =>
  [...tree.files.values()].filter(({ path }) => isSource(path) && !isSpec(path));

/** The file that an import of one of ours stands for; `undefined` for packages, and where there is no such file. */
export function resolveImport(tree: SourceTree, from: string, name: string): string | undefined {
  const alias = tree.aliases.get(name);
  if (alias !== undefined) return alias;
  if (!name.startsWith('.')) return undefined;
  const target = join(dirname(from), name);
  return ['', '.ts', '/index.ts'].map((end) => target + end).find((path) => tree.files.has(path));
}
