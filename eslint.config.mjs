import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Who may import whom. There is no `*`: a project that is not listed here may import nothing. */
const layers = {
  'lib:contracts': [],
  'lib:rendezvous': ['lib:contracts'],
  'lib:conversation': ['lib:contracts'],
  'lib:telephony': ['lib:contracts'],
  'lib:speech': ['lib:contracts', 'lib:conversation', 'lib:telephony'],
  'lib:dialogue': ['lib:contracts', 'lib:conversation'],
  'lib:call-sheet': ['lib:contracts'],
  'lib:entities': ['lib:contracts', 'lib:rendezvous'],
  'lib:platform': ['lib:contracts', 'lib:rendezvous'],
  'lib:testing': ['lib:contracts', 'lib:rendezvous'],
  'app:passthru-ingest': ['lib:contracts', 'lib:rendezvous', 'lib:telephony', 'lib:entities', 'lib:platform'],
  'app:call-gateway': [
    'lib:contracts',
    'lib:rendezvous',
    'lib:conversation',
    'lib:speech',
    'lib:dialogue',
    'lib:call-sheet',
    'lib:telephony',
    'lib:entities',
    'lib:platform',
  ],
  'app:simulator': ['lib:contracts', 'lib:telephony', 'lib:speech', 'lib:call-sheet'],
  tools: [
    'lib:contracts',
    'lib:conversation',
    'lib:dialogue',
    'lib:telephony',
    'lib:entities',
    'lib:platform',
    'lib:testing',
  ],
};

const boundaries = (/** @type {string[]} */ extra) => [
  'error',
  {
    enforceBuildableLibDependency: false,
    allow: [],
    // specs use the test helpers, which use the contracts of the libs under test
    ignoredCircularDependencies: [],
    depConstraints: Object.entries(layers).map(([sourceTag, allowed]) => ({
      sourceTag,
      onlyDependOnLibsWithTags: [...allowed, ...extra],
    })),
  },
];

const constructors = "MethodDefinition[kind='constructor'] > FunctionExpression[params.length>6]";
const others = [
  'FunctionDeclaration[params.length>4]',
  'ArrowFunctionExpression[params.length>4]',
  ":not(MethodDefinition[kind='constructor']) > FunctionExpression[params.length>4]",
].join(', ');

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '.nx/**',
      '.data/**',
      'coverage/**',
      '**/*.mjs',
      '**/*.cjs',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@nx/enforce-module-boundaries': boundaries([]),
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      'no-console': 'error',
      eqeqeq: 'error',
      'max-lines': ['warn', 300],
      'max-lines-per-function': ['warn', 50],
      complexity: ['warn', 10],
      'max-depth': ['warn', 3],
      'no-restricted-syntax': [
        'warn',
        { selector: others, message: 'At most 4 parameters: take an object.' },
        { selector: constructors, message: 'At most 6 constructor parameters.' },
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        { selector: 'ExportAllDeclaration', message: 'Name what is exported.' },
      ],
    },
  },
  {
    files: ['libs/{contracts,rendezvous,conversation,telephony,speech,dialogue,call-sheet}/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }] },
  },
  {
    // command-line programs talk to a person on stdout
    files: ['tools/**/*.ts', 'apps/simulator/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    // the global set-up of jest is found by its default export
    files: ['tools/jest/*.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.spec.ts', '**/contract.ts', '**/*.contract.ts', '**/e2e/**/*.ts', 'libs/testing/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': boundaries(['lib:testing', 'tools']),
      'max-lines': ['warn', 500],
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
