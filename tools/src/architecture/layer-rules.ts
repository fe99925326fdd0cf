import ts from 'typescript';
import { nodesOf, type SourceTree } from './source-tree';

const CONFIG = 'eslint.config.mjs';

/** The table `layers` in eslint.config.mjs: every project has its row, and no row says "anything". */
export function layersWithHoles(tree: SourceTree): string[] {
  const file = tree.files.get(CONFIG);
  if (!file) return [`${CONFIG}: is missing`];
  const table = [...nodesOf(file.ast)].find(
    (node): node is ts.VariableDeclaration =>
      ts.isVariableDeclaration(node) && node.name.getText() === 'layers',
  )?.initializer;
  if (!table || !ts.isObjectLiteralExpression(table)) return [`${CONFIG}: has no table "layers"`];
  const wild = [...nodesOf(file.ast)]
    .filter((node) => ts.isStringLiteralLike(node) && isLayerName(node) && node.text.includes('*'))
    .map((node) => `${CONFIG}: allows ${node.getText()}`);
  const rows = new Set(table.properties.map(({ name }) => (name ? name.getText().replace(/['"]/g, '') : '')));
  const missing = tagsOf(tree).filter(({ tag }) => !rows.has(tag));
  return [...wild, ...missing.map(({ path, tag }) => `${path}: its tag "${tag}" has no row in ${CONFIG}`)];
}

/** A tag or a pattern of tags, as against the patterns of files that the rest of the configuration is full of. */
const isLayerName = (node: ts.StringLiteralLike): boolean => /^(\*|(lib|app|tools)(:.*)?)$/.test(node.text);

function tagsOf(tree: SourceTree): { path: string; tag: string }[] {
  return [...tree.files.values()]
    .filter(({ path }) => path.endsWith('/project.json'))
    .flatMap(({ path, text }) => {
      const { tags = [] } = JSON.parse(text) as { tags?: string[] };
      return tags.length > 0 ? tags.map((tag) => ({ path, tag })) : [{ path, tag: 'none' }];
    });
}
