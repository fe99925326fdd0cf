import { environmentOutsideConfig, hiddenDependencies, unnamedExports } from './src/architecture/code-rules';
import { eventsWithoutBothEnds, jobsWithoutOneHandler } from './src/architecture/contract-rules';
import { deepImports, importCycles, importsOutsideTheList } from './src/architecture/import-rules';
import { layersWithHoles } from './src/architecture/layer-rules';
import { filesOverBudget, namesThatSayNothing, pathsTooDeep } from './src/architecture/naming-rules';
import { readTree, type SourceTree, treeOf } from './src/architecture/source-tree';
import { repositoryRoot } from './src/config';

type Texts = Record<string, string>;

interface Rule {
  title: string;
  rule: (tree: SourceTree) => string[];
  /** keeps the rule */
  good: Texts;
  /** added to the good tree, each one alone breaks it; with a part of what the rule then says */
  bad: [title: string, texts: Texts, says: string][];
}

const aliases = JSON.stringify({
  compilerOptions: {
    paths: {
      '@greenroom/contracts': ['./libs/contracts/src/index.ts'],
      '@greenroom/platform': ['./libs/platform/src/index.ts'],
    },
  },
});

const event = `/** Producer: passthru-ingest. Consumer: call-gateway. */
export const SessionReadySchema = z.object({ type: z.literal('session-ready') });
export type SessionReady = z.infer<typeof SessionReadySchema>;`;

const bothEnds: Texts = {
  'tsconfig.base.json': aliases,
  'libs/contracts/src/events.ts': event,
  'libs/contracts/src/index.ts': `export { SessionReadySchema, type SessionReady } from './events';`,
  'libs/platform/src/index.ts': `export { listen } from './listen';`,
  'libs/platform/src/listen.ts': `import { SessionReadySchema } from '@greenroom/contracts'; SessionReadySchema.parse(1);`,
  'apps/passthru-ingest/src/main.ts': `import { type SessionReady } from '@greenroom/contracts'; const e: SessionReady = x;`,
  'apps/call-gateway/src/main.ts': `import { listen } from '@greenroom/platform'; listen();`,
};

const job = `export const JOBS = { 'enrich-session': EnrichSessionSchema } as const;`;
const handler = `run({ 'enrich-session': ({ key }) => enrich(key) });`;

const RULES: Rule[] = [
  {
    title: 'each project imports only what its list allows',
    rule: importsOutsideTheList,
    good: {
      'libs/contracts/src/a.ts': `import { z } from 'zod'; import './b';`,
      'libs/telephony/src/a.ts': `import p from 'libphonenumber-js/min'; import 'node:crypto';`,
      'libs/rendezvous/src/a.unit.spec.ts': `import { test } from 'fast-check';`,
    },
    bad: [
      [
        'a framework in the core',
        { 'libs/rendezvous/src/a.ts': `import '@nestjs/common';` },
        '@nestjs/common',
      ],
      ['Node in the core', { 'libs/conversation/src/a.ts': `export { x } from 'node:fs';` }, 'node:fs'],
      ['a driver, loaded late', { 'libs/contracts/src/a.ts': `const x = await import('pg');` }, 'pg'],
      ['a type of a driver', { 'libs/rendezvous/src/a.ts': `import type { R } from 'ioredis';` }, 'ioredis'],
      [
        'one core lib in another',
        { 'libs/telephony/src/a.ts': `import '@greenroom/rendezvous';` },
        'rendezvous',
      ],
      [
        'conversation in ingest',
        { 'apps/passthru-ingest/src/a.ts': `import '@greenroom/conversation';` },
        'conv',
      ],
      ['the database in the simulator', { 'apps/simulator/src/a.ts': `import { Pool } from 'pg';` }, 'pg'],
      ['a name that begins alike', { 'libs/contracts/src/a.ts': `import 'zod-to-json';` }, 'zod-to-json'],
      ['a project without a list', { 'libs/other/src/a.ts': '' }, 'no list'],
    ],
  },
  {
    title: 'projects meet at their entry points only',
    rule: deepImports,
    good: {
      'tsconfig.base.json': aliases,
      'libs/contracts/src/events.ts': '',
      'apps/call-gateway/src/main.ts': `import '@greenroom/contracts'; import './a';`,
      'apps/call-gateway/src/a.ts': '',
      'apps/simulator/src/a.ts': '',
    },
    bad: [
      [
        'a path behind an alias',
        { 'apps/simulator/src/b.ts': `import '@greenroom/contracts/src/events';` },
        'src/b',
      ],
      [
        'a relative path',
        { 'apps/simulator/src/b.ts': `import '../../../libs/contracts/src/events';` },
        'events',
      ],
      [
        'an app in an app',
        { 'apps/simulator/src/b.ts': `import '../../call-gateway/src/a';` },
        'call-gateway',
      ],
      [
        'a spec',
        { 'apps/simulator/src/b.e2e.spec.ts': `import '../../call-gateway/src/a';` },
        'call-gateway',
      ],
    ],
  },
  {
    title: 'no files import each other in a circle',
    rule: importCycles,
    good: {
      'tsconfig.base.json': aliases,
      'libs/contracts/src/index.ts': `export { b } from './b'; import './c';`,
      'libs/contracts/src/b.ts': `import './c';`,
      'libs/contracts/src/c.ts': '',
      'libs/contracts/src/c.unit.spec.ts': `import './c.unit.spec'; import './index';`,
    },
    bad: [
      ['three files', { 'libs/contracts/src/c.ts': `import './index';` }, '->'],
      ['types', { 'libs/contracts/src/c.ts': `import type { B } from './b';` }, '->'],
      ['its own entry point', { 'libs/contracts/src/c.ts': `import '@greenroom/contracts';` }, 'index.ts'],
      ['itself', { 'libs/contracts/src/c.ts': `import './c';` }, 'c.ts -> libs/contracts/src/c.ts'],
    ],
  },
  {
    title: 'the environment is read in config.ts only',
    rule: environmentOutsideConfig,
    good: {
      'apps/simulator/src/config.ts': 'process.env.HOME;',
      'apps/simulator/src/a.ts': '// process.env.HOME\nprocess.exit(request.env);',
      'tools/jest/global-setup.ts': 'process.env.HOME;',
    },
    bad: [
      ['process.env', { 'libs/platform/src/a.ts': 'x = process.env.HOME;' }, 'a.ts:1'],
      ['in a longer file name', { 'libs/platform/src/parse-config.ts': 'process.env;' }, 'parse-config'],
      ['taken apart', { 'libs/platform/src/a.ts': '\nconst { env } = process;' }, 'a.ts:2'],
      ['by index', { 'libs/platform/src/a.ts': `process['env'];` }, 'a.ts'],
      ['imported', { 'libs/platform/src/a.ts': `import { env } from 'node:process';` }, 'a.ts'],
    ],
  },
  {
    title: 'no dependency hides from the constructor',
    rule: hiddenDependencies,
    good: { 'apps/call-gateway/src/a.ts': '// forwardRef\napp.get(Admin);' },
    bad: [
      ['forwardRef', { 'apps/call-gateway/src/b.ts': '@Inject(forwardRef(() => A))\nclass B {}' }, 'b.ts:1'],
      [
        'ModuleRef',
        { 'apps/call-gateway/src/b.ts': 'class B { constructor(private r: ModuleRef) {} }' },
        'b.ts',
      ],
    ],
  },
  {
    title: 'exports are named',
    rule: unnamedExports,
    good: {
      'libs/contracts/src/index.ts': `export { a, type B } from './a';\nexport const c = 1;`,
      'tools/jest/global-setup.ts': 'export default function setUp() {}',
    },
    bad: [
      ['a default value', { 'libs/contracts/src/b.ts': 'export default 1;' }, 'b.ts:1'],
      ['a default function', { 'libs/contracts/src/b.ts': 'export default function b() {}' }, 'b.ts:1'],
      ['a default class', { 'libs/contracts/src/b.ts': 'export default class B {}' }, 'b.ts:1'],
      [
        'a value named default',
        { 'libs/contracts/src/b.ts': 'const b = 1; export { b as default };' },
        'b.ts:1',
      ],
      ['a star', { 'libs/contracts/src/b.ts': `export * from './a';` }, 'b.ts:1'],
      ['a star with a name', { 'libs/contracts/src/b.ts': `export * as a from './a';` }, 'b.ts:1'],
    ],
  },
  {
    title: 'files stay within their budget',
    rule: filesOverBudget,
    good: {
      'libs/contracts/src/a.ts': '\n'.repeat(300),
      'libs/contracts/src/a.unit.spec.ts': '\n'.repeat(500),
      'libs/contracts/src/fixtures/a.json': '\n'.repeat(900),
    },
    bad: [
      ['a source', { 'libs/contracts/src/b.ts': '\n'.repeat(301) }, '301'],
      ['a spec', { 'libs/contracts/src/b.int.spec.ts': '\n'.repeat(501) }, '501'],
      ['a script', { 'tools/bootstrap.mjs': '\n'.repeat(301) }, 'bootstrap'],
    ],
  },
  {
    title: 'paths have at most five segments',
    rule: pathsTooDeep,
    good: { 'libs/telephony/src/plivo/media.ts': '' },
    bad: [['six', { 'libs/telephony/src/plivo/media/a.ts': '' }, 'segments']],
  },
  {
    title: 'names say something',
    rule: namesThatSayNothing,
    good: { 'libs/contracts/src/sharedness.ts': '', 'libs/contracts/src/share-line.ts': '' },
    bad: ['utils.ts', 'common/a.ts', 'string-helpers.ts', 'misc.unit.spec.ts', 'shared/a.json'].map(
      (name) => [name, { [`libs/contracts/src/${name}`]: '' }, 'name it'],
    ),
  },
  {
    title: 'every event has a producer and a consumer',
    rule: eventsWithoutBothEnds,
    good: bothEnds,
    bad: [
      [
        'nobody is named',
        { 'libs/contracts/src/events.ts': event.replace('Consumer', 'Reader') },
        'does not name "Producer:"',
      ],
      ['nobody builds it', { 'apps/passthru-ingest/src/main.ts': '' }, 'builds SessionReady'],
      ['nobody parses it', { 'libs/platform/src/listen.ts': '' }, 'parses with SessionReadySchema'],
      ['its reader is not used by the app', { 'apps/call-gateway/src/main.ts': '' }, 'parses with'],
      [
        'it is imported, and no more',
        { 'libs/platform/src/listen.ts': `import { SessionReadySchema } from '@greenroom/contracts';` },
        'parses with',
      ],
      [
        'its producer is no app',
        { 'libs/contracts/src/events.ts': event.replace(/passthru-/, '') },
        'builds',
      ],
    ],
  },
  {
    title: 'every job has one handler',
    rule: jobsWithoutOneHandler,
    good: {
      'libs/contracts/src/jobs.ts': job,
      'apps/passthru-ingest/src/worker.ts': handler,
      'apps/passthru-ingest/src/worker.unit.spec.ts': handler,
    },
    bad: [
      ['none', { 'apps/passthru-ingest/src/worker.ts': `queue.add('enrich-session', {});` }, 'none'],
      [
        'two',
        { 'apps/call-gateway/src/a.ts': `x = { async 'enrich-session'() {} };` },
        'call-gateway/src/a.ts',
      ],
      [
        'none for a new one',
        { 'libs/contracts/src/jobs.ts': job.replace('{', '{ announce: A,') },
        'announce',
      ],
    ],
  },
  {
    title: 'the table of layers has no holes',
    rule: layersWithHoles,
    good: {
      'eslint.config.mjs': `const layers = { 'lib:contracts': [], tools: ['lib:contracts'] }; x = { files: ['**/*.ts'] };`,
      'libs/contracts/project.json': `{ "tags": ["lib:contracts"] }`,
    },
    bad: [
      ['a star', { 'eslint.config.mjs': `const layers = { 'lib:contracts': ['*'] };` }, `'*'`],
      ['a family', { 'eslint.config.mjs': `const layers = { 'lib:contracts': ['lib:*'] };` }, `'lib:*'`],
      [
        'a star beside the table',
        { 'eslint.config.mjs': `const layers = { 'lib:contracts': [] }; y = { sourceTag: '*' };` },
        `'*'`,
      ],
      ['no table', { 'eslint.config.mjs': 'x = 1;' }, 'no table'],
      ['a project without a row', { 'libs/new/project.json': `{ "tags": ["lib:new"] }` }, 'lib:new'],
      ['a project without a tag', { 'libs/new/project.json': '{}' }, 'libs/new'],
    ],
  },
];

describe('the architecture', () => {
  const tree = readTree(repositoryRoot());

  it('is looked at in full', () => {
    expect([...tree.files.keys()].filter((path) => path.endsWith('.ts')).length).toBeGreaterThan(50);
    expect(tree.aliases.size).toBeGreaterThan(5);
  });

  it.each(RULES)('$title', ({ rule }) => {
    expect(rule(tree)).toEqual([]);
  });
});

describe.each(RULES)('the rule "$title"', ({ rule, good, bad }) => {
  it('is content with a tree that keeps it', () => {
    expect(rule(treeOf(good))).toEqual([]);
  });

  it.each(bad)('finds: %s', (_title, texts, says) => {
    const found = rule(treeOf({ ...good, ...texts }));
    expect(found.join('\n')).toContain(says);
  });
});
