// One bundle per entry: our own libs inside, everything from node_modules outside.
import { isAbsolute, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/**
 * @param {string} projectRoot absolute folder of the project
 * @param {Record<string, string>} input entry name to source file, relative to the project
 * @returns {import('rolldown').RolldownOptions}
 */
export function bundle(projectRoot, input) {
  return {
    input: Object.fromEntries(Object.entries(input).map(([name, file]) => [name, join(projectRoot, file)])),
    platform: 'node',
    tsconfig: join(root, 'tsconfig.base.json'),
    external: (id) =>
      !id.startsWith('.') &&
      !isAbsolute(id) &&
      !id.startsWith('@greenroom/') &&
      !id.startsWith('@oxc-project/') &&
      !id.startsWith('\0'),
    output: {
      dir: join(root, 'dist', relative(root, projectRoot)),
      format: 'cjs',
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
      sourcemap: true,
      cleanDir: true,
    },
  };
}
