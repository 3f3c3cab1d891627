import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const projectFolder = join(__dirname, '..', '..');

test.each([
  [['--viewer', 'v9'], 'choose one of v3'],
  [['--dicomweb', 'pacs'], '--dicomweb pacs is not an http or https address'],
  [['--data', '/no/such/folder'], '--data /no/such/folder is not a folder'],
  [['--data', 'docs'], 'There is no DICOM file in --data'],
  [['--data', '.', '--dicomweb', 'http://127.0.0.1/'], 'exclude each other'],
  [['--port', '70000'], '--port 70000 is no port number'],
  [['--colour'], "Unknown option '--colour'"],
])('npm start -- %s is answered in words', (options, message) => {
  const { status, stderr, stdout } = spawnSync(process.execPath, ['scripts/start.mjs', ...options], {
    cwd: projectFolder,
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect(stdout).not.toContain('http');
});
