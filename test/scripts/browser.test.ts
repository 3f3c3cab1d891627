import { join } from 'node:path';
import { candidates } from '../../scripts/lib/browser.mjs';

test('on Linux the programs on PATH are tried', () => {
  expect(candidates('linux', { PATH: '/usr/local/bin:/usr/bin' })).toEqual(
    expect.arrayContaining([join('/usr/bin', 'chromium'), join('/usr/local/bin', 'google-chrome')]),
  );
});

test('on macOS the applications are tried', () => {
  expect(candidates('darwin', {})).toContain('/Applications/Google Chrome.app/Contents/MacOS/Google Chrome');
});

test('on Windows the program folders that exist are tried', () => {
  expect(candidates('win32', { PROGRAMFILES: 'C:\\Program Files', LOCALAPPDATA: 'C:\\Local' })).toEqual([
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files\\Chromium\\Application\\chrome.exe',
    'C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe',
    'C:\\Local\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Local\\Chromium\\Application\\chrome.exe',
    'C:\\Local\\Microsoft\\Edge\\Application\\msedge.exe',
  ]);
});
