import ts from 'typescript';
import { nodesOf, productOf, resolveImport, type SourceFile, type SourceTree } from './source-tree';

const EVENTS = 'libs/contracts/src/events.ts';
const JOBS = 'libs/contracts/src/jobs.ts';

/**
 * Every event has somebody who sends it and somebody who reads it, and its docblock says who:
 * `Producer: <app>… Consumer: <app>…`.
 *
 * - An event is an exported `XSchema` in `events.ts` with a literal `type`.
 * - A producer builds it: a file that the named app can reach through its imports uses the type `X`.
 * - A consumer checks what came over the wire: a file that the named app can reach uses `XSchema`.
 * - Both are files outside the contracts, and not the same one.
 */
export function eventsWithoutBothEnds(tree: SourceTree): string[] {
  const file = tree.files.get(EVENTS);
  if (!file) return [`${EVENTS}: is missing`];
  return eventsOf(file).flatMap(({ name, comment }) => {
    const [, producers = '', consumers = ''] = /Producer:([^]*?)Consumer:([^]*)/.exec(comment) ?? [];
    const writing = filesUsing(tree, appsIn(tree, producers), name);
    const reading = filesUsing(tree, appsIn(tree, consumers), `${name}Schema`);
    if (!producers) return [`${EVENTS}: the docblock of ${name} does not name "Producer:" and "Consumer:"`];
    if (writing.length === 0) return [`${EVENTS}: nothing in ${producers.trim()} builds ${name}`];
    if (reading.length === 0) return [`${EVENTS}: nothing in ${consumers.trim()} parses with ${name}Schema`];
    const oneAndTheSame = writing.length === 1 && reading.length === 1 && writing[0] === reading[0];
    return oneAndTheSame ? [`${EVENTS}: only ${writing[0]} builds and reads ${name}`] : [];
  });
}

function eventsOf({ ast, text }: SourceFile): { name: string; comment: string }[] {
  return ast.statements.flatMap((statement) => {
    if (!ts.isVariableStatement(statement)) return [];
    const name = statement.declarationList.declarations[0]?.name.getText() ?? '';
    if (!name.endsWith('Schema') || !/\btype: z\.literal\(/.test(statement.getText())) return [];
    const ranges = ts.getLeadingCommentRanges(text, statement.getFullStart()) ?? [];
    const comment = ranges.map(({ pos, end }) => text.slice(pos, end)).join('\n');
    return [{ name: name.replace(/Schema$/, ''), comment }];
  });
}

/** The apps of the workspace that a sentence names. */
function appsIn(tree: SourceTree, sentence: string): string[] {
  const apps = new Set([...tree.files.keys()].map((path) => /^apps\/([^/]+)\//.exec(path)?.[1]));
  return [...apps].filter((app) => app !== undefined).filter((app) => sentence.includes(app));
}

function filesUsing(tree: SourceTree, apps: readonly string[], identifier: string): string[] {
  const reached = new Set<string>();
  const visit = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const name of tree.files.get(path)?.imports ?? []) {
      const target = resolveImport(tree, path, name);
      if (target !== undefined) visit(target);
    }
  };
  for (const { path } of productOf(tree)) {
    if (apps.some((app) => path.startsWith(`apps/${app}/`))) visit(path);
  }
  return [...reached].filter((path) => {
    const file = tree.files.get(path);
    return file && !path.startsWith('libs/contracts/') && uses(file, identifier);
  });
}

/** An import alone is not a use. */
const uses = ({ ast }: SourceFile, identifier: string): boolean =>
  [...nodesOf(ast)].some(
    (node) => ts.isIdentifier(node) && node.text === identifier && !ts.isImportSpecifier(node.parent),
  );

/**
 * Every job in `JOBS` has one handler and no second one: in the apps, exactly one member of an object literal
 * carries the job's name and a function.
 */
export function jobsWithoutOneHandler(tree: SourceTree): string[] {
  const file = tree.files.get(JOBS);
  if (!file) return [`${JOBS}: is missing`];
  const apps = productOf(tree).filter(({ path }) => path.startsWith('apps/'));
  return jobsOf(file).flatMap((job) => {
    const handlers = apps.flatMap(({ path, ast }) =>
      [...nodesOf(ast)].filter((node) => isHandlerOf(node, job)).map(() => path),
    );
    if (handlers.length === 1) return [];
    const found = handlers.length === 0 ? 'none' : handlers.join(', ');
    return [`${JOBS}: the job ${job} needs one handler, and has: ${found}`];
  });
}

function jobsOf({ ast }: SourceFile): string[] {
  const declaration = [...nodesOf(ast)].find(
    (node): node is ts.VariableDeclaration =>
      ts.isVariableDeclaration(node) && node.name.getText() === 'JOBS',
  );
  let value = declaration?.initializer;
  while (value && (ts.isAsExpression(value) || ts.isSatisfiesExpression(value))) value = value.expression;
  if (!value || !ts.isObjectLiteralExpression(value)) return ['JOBS'];
  return value.properties.map((property) => nameOf(property));
}

const nameOf = (node: ts.ObjectLiteralElementLike): string =>
  node.name && (ts.isStringLiteral(node.name) || ts.isIdentifier(node.name)) ? node.name.text : '';

function isHandlerOf(node: ts.Node, job: string): boolean {
  if (ts.isMethodDeclaration(node)) return ts.isObjectLiteralExpression(node.parent) && nameOf(node) === job;
  if (!ts.isPropertyAssignment(node) || nameOf(node) !== job) return false;
  const { initializer: value } = node;
  return [ts.isArrowFunction, ts.isFunctionExpression, ts.isIdentifier, ts.isCallExpression].some((is) =>
    is(value),
  );
}
