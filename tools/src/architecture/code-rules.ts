import ts from 'typescript';
import { nodesOf, productOf, type SourceFile, type SourceTree } from './source-tree';

type Test = (node: ts.Node) => boolean;

function violations(files: readonly SourceFile[], test: Test, says: string): string[] {
  return files.flatMap(({ path, ast }) =>
    [...nodesOf(ast)].filter(test).map((node) => {
      const { line } = ast.getLineAndCharacterOfPosition(node.getStart(ast));
      return `${path}:${line + 1}: ${says}`;
    }),
  );
}

/** Jest finds its set-up by the default export, and talks to the specs through the environment; so do their helpers. */
const belongsToJest = (path: string): boolean => /^(tools\/jest|libs\/testing)\//.test(path);

const isProcess = (node: ts.Expression): boolean => /^(globalThis\.)?process$/.test(node.getText());

const WAYS_TO_THE_ENVIRONMENT: readonly Test[] = [
  (node) => ts.isPropertyAccessExpression(node) && node.name.text === 'env' && isProcess(node.expression),
  (node) => ts.isElementAccessExpression(node) && isProcess(node.expression),
  (node) =>
    ts.isVariableDeclaration(node) &&
    ts.isObjectBindingPattern(node.name) &&
    node.initializer !== undefined &&
    isProcess(node.initializer),
  (node) => ts.isImportSpecifier(node) && (node.propertyName ?? node.name).text === 'env',
];

const readsEnvironment: Test = (node) => WAYS_TO_THE_ENVIRONMENT.some((way) => way(node));

export function environmentOutsideConfig(tree: SourceTree): string[] {
  const files = productOf(tree).filter(({ path }) => !path.endsWith('/config.ts') && !belongsToJest(path));
  return violations(files, readsEnvironment, 'reads the environment, which only config.ts does');
}

const CONTAINER = new Set(['forwardRef', 'ModuleRef']);

/** Both hide a cycle, or a dependency, from the constructor that ought to name it. */
export function hiddenDependencies(tree: SourceTree): string[] {
  const test: Test = (node) => ts.isIdentifier(node) && CONTAINER.has(node.text);
  return violations(
    productOf(tree),
    test,
    'take what is needed in the constructor, without forwardRef or ModuleRef',
  );
}

const isUnnamedExport: Test = (node) =>
  ts.isExportAssignment(node) ||
  (ts.isExportDeclaration(node) && !(node.exportClause && ts.isNamedExports(node.exportClause))) ||
  (ts.isExportSpecifier(node) && node.name.text === 'default') ||
  (ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword));

export function unnamedExports(tree: SourceTree): string[] {
  const files = productOf(tree).filter(({ path }) => !path.startsWith('tools/jest/'));
  return violations(files, isUnnamedExport, 'name what is exported: no default, no *');
}
