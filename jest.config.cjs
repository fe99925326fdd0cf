/**
 * Four kinds of spec, told apart by their name; `jest --selectProjects unit` runs one kind alone.
 * Only `int` and `e2e` start the throw-away Postgres and Redis (global-setup).
 */
const { paths } = require('./tsconfig.base.json').compilerOptions;

const moduleNameMapper = Object.fromEntries(
  Object.entries(paths).map(([name, [target]]) => [`^${name}$`, target.replace('./', '<rootDir>/')]),
);

const swc = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    // also here, since `moduleNameMapper` does not reach into global-setup
    baseUrl: __dirname,
    paths,
  },
  module: { type: 'commonjs' },
};

/** @param {string} kind @param {import('jest').Config} more @returns {import('jest').Config} */
const project = (kind, more) => ({
  displayName: kind,
  rootDir: __dirname,
  testEnvironment: 'node',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools'],
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  moduleNameMapper,
  ...more,
});

const stores = {
  globalSetup: '<rootDir>/tools/jest/global-setup.ts',
  globalTeardown: '<rootDir>/tools/jest/global-teardown.ts',
};

module.exports = {
  rootDir: __dirname,
  maxWorkers: 2,
  // ends a test that hangs, and no other: how long a test takes is the machine's
  testTimeout: 30_000,
  projects: [
    project('unit', {
      testMatch: ['**/*.unit.spec.ts', '<rootDir>/tools/**/*.spec.ts'],
      testPathIgnorePatterns: ['\\.(int|e2e)\\.spec\\.ts$'],
    }),
    project('model', { testMatch: ['**/*.model.spec.ts'] }),
    project('int', { testMatch: ['**/*.int.spec.ts'], ...stores }),
    project('e2e', { testMatch: ['**/e2e/*.e2e.spec.ts'], ...stores }),
  ],
};
