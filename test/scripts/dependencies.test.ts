import { isInstalled } from '../../scripts/lib/dependencies.mjs';

const locked = {
  '': { version: '0.1.0' },
  'node_modules/react': { version: '18.3.1' },
  'node_modules/@swc/core-win32-x64-msvc': { version: '1.0.0', optional: true },
};

test.each([
  ['everything is there', { 'node_modules/react': { version: '18.3.1' } }, true],
  ['a package is missing', {}, false],
  ['a package has another version', { 'node_modules/react': { version: '18.3.0' } }, false],
  [
    'an optional package has another version',
    {
      'node_modules/react': { version: '18.3.1' },
      'node_modules/@swc/core-win32-x64-msvc': { version: '0.9.0' },
    },
    false,
  ],
])('when %s', (_, installed, expected) => {
  expect(isInstalled(locked, installed)).toBe(expected);
});
