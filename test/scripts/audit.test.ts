import { readAudit } from '../../scripts/lib/audit.mjs';

const report = (vulnerabilities: Record<string, { severity: string }>) =>
  `npm warn a warning\n${JSON.stringify({
    vulnerabilities,
    metadata: { vulnerabilities: { total: Object.keys(vulnerabilities).length } },
  })}\n`;

const shipped = new Set(['a', 'b', 'c']);

test('high and critical advisories of what is shipped are named, others are not', () => {
  const severities = { a: 'low', b: 'high', c: 'critical', tool: 'critical' };
  const found = Object.fromEntries(
    Object.entries(severities).map(([name, severity]) => [name, { severity }]),
  );
  expect(readAudit(report(found), shipped)).toEqual({ advisories: 'b: high\nc: critical' });
  expect(readAudit(report({}), shipped)).toEqual({ advisories: '' });
});

test.each([
  ['nothing', ''],
  ['an error in words', 'npm error audit endpoint returned an error'],
  ['an error in JSON', '{ "message": "405 Method Not Allowed", "statusCode": 405, "body": "" }'],
])('%s is no report, and never a pass', (_, output) => {
  expect(readAudit(output, shipped)).toEqual({ unasked: expect.any(String) });
});
