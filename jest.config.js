/** Packages that ship ES modules only, which the tests turn into CommonJS like our own files. */
const esModulesOnly = ['age-encryption', '@noble', '@scure', 'dcmjs'];

/** @type {import('jest').Config} */
export default {
  rootDir: '.',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts', '**/*.test.tsx'],
  testPathIgnorePatterns: ['<rootDir>/test/browser/'],
  // Tests draw the same random bytes each time.
  setupFilesAfterEnv: ['<rootDir>/test/seed.ts'],
  testEnvironment: 'node',
  // Looked up in a test's own global object, it is slow: most of the time in which pixels are worked on.
  sandboxInjectedGlobals: ['Math'],
  maxWorkers: '100%',
  // No test measures time; a loaded machine must not fail one.
  testTimeout: 600_000,
  // An exact list, so that a test never takes a file that the bundler would not.
  moduleFileExtensions: ['ts', 'tsx', 'mjs', 'js', 'cjs', 'json', 'node'],
  transform: {
    '/\\.ohifrc$': '<rootDir>/test/jsonTransform.cjs',
    '\\.(ts|tsx|mjs|js)$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', tsx: true },
          target: 'es2022',
          transform: { react: { runtime: 'automatic' } },
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(?:${esModulesOnly.join('|')})/)`],
};
