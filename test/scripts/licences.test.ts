import { isAllowed } from '../../scripts/webpack/licences.mjs';

test.each(['MIT', 'ISC', 'BSD-3-Clause', 'Apache-2.0', '(MIT OR GPL-3.0-only)'])('%s is allowed', (licence) =>
  expect(isAllowed(licence)).toBe(true),
);

test.each([
  'GPL-3.0-only',
  'LGPL-2.1',
  'MIT AND GPL-3.0-only',
  'UNLICENSED',
  'SEE LICENSE IN LICENSE',
  '',
  undefined,
])('%s is not', (licence) => expect(isAllowed(licence)).toBe(false));
