import { jestCounts, sum } from '../../scripts/lib/tests.mjs';

const report = (counts: object) =>
  JSON.stringify({
    numPassedTests: 5,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    numRuntimeErrorTestSuites: 0,
    ...counts,
  });

test.each([
  ['all passed', report({}), 0, { passed: 5, failed: 0, skipped: 0 }],
  [
    'some were skipped',
    report({ numPendingTests: 2, numTodoTests: 1 }),
    0,
    { passed: 5, failed: 0, skipped: 3 },
  ],
  ['some failed', report({ numFailedTests: 2 }), 1, { passed: 5, failed: 2, skipped: 0 }],
  [
    'a file could not be run',
    report({ numRuntimeErrorTestSuites: 1 }),
    1,
    { passed: 5, failed: 1, skipped: 0 },
  ],
  ['jest failed for another reason', report({}), 1, { passed: 5, failed: 1, skipped: 0 }],
  ['jest left no report', '', 1, { passed: 0, failed: 1, skipped: 0 }],
])('counts are right when %s', (_, text, code, expected) => {
  expect(jestCounts(text, code)).toEqual(expected);
});

test('the counts of all runners are summed', () => {
  expect(
    sum([
      { passed: 1, failed: 0, skipped: 2 },
      { passed: 3, failed: 1, skipped: 0 },
    ]),
  ).toEqual({ passed: 4, failed: 1, skipped: 2 });
});
