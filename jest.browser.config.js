import base from './jest.config.js';

/** The tests in the real viewer: one browser at a time, and time for a slow machine. */
export default {
  ...base,
  testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
  testPathIgnorePatterns: [],
  maxWorkers: 1,
  testTimeout: 300_000,
};
