import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startDemoServer } from '../../demo/server.mjs';
import { type RunningServer, startServer } from './support';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer([]);
  await mkdir(join(server.folder, 'viewer'));
  await mkdir(join(server.folder, 'extension'));
  await writeFile(join(server.folder, 'viewer', 'index.html'), '<title>viewer</title>');
  await writeFile(join(server.folder, 'viewer', 'app.js'), 'app');
  await writeFile(join(server.folder, 'extension', 'codec.wasm'), 'wasm');
  await writeFile(join(server.folder, 'secret.txt'), 'secret');
});
afterAll(() => server.close());

/** Unlike `fetch`, sends the path and the headers as they are. */
function raw(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const { port } = new URL(server.origin);
    request({ host: '127.0.0.1', port, path, headers, method }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    })
      .on('error', reject)
      .end();
  });
}

test.each([
  ['/', 'text/html; charset=utf-8'],
  ['/viewer?StudyInstanceUIDs=1.2.3', 'text/html; charset=utf-8'],
  ['/key-area-protection', 'text/html; charset=utf-8'],
  ['/app.js', 'text/javascript; charset=utf-8'],
  ['/app-config.js', 'text/javascript; charset=utf-8'],
  ['/extensions/key-area-protection/codec.wasm', 'application/wasm'],
])('%s is %s', async (path, type) => {
  const response = await fetch(server.origin + path);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(type);
});

test('only the viewer’s own workers may make code from strings', async () => {
  const policyOf = async (path: string) =>
    (await fetch(server.origin + path)).headers.get('content-security-policy');
  expect(await policyOf('/')).toContain("script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval';");
  expect(await policyOf('/extensions/key-area-protection/codec.wasm')).not.toContain("'unsafe-eval'");
  expect(await policyOf('/app.js')).toContain("'unsafe-eval'");
});

test.each([
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/extensions/key-area-protection/../../secret.txt',
  '/extensions/key-area-protection/%2e%2e%2fsecret.txt',
  '/%00.js',
  '/%E0%A4%A.js',
  '/missing.js',
  '//etc/hosts.txt',
])('%s leads nowhere', async (path) => {
  const { status, text } = await raw(path);
  expect(status).toBe(404);
  expect(text).not.toContain('secret');
});

test('a name that was made to resolve to this machine is refused', async () => {
  expect((await raw('/dicomweb/studies', { Host: 'attacker.example' })).status).toBe(403);
});

test('a page of another origin is refused', async () => {
  const { host } = new URL(server.origin);
  expect(
    (await raw('/dicomweb/studies', { Host: host, Origin: 'https://attacker.example' }, 'POST')).status,
  ).toBe(403);
  expect((await raw('/dicomweb/studies', { Host: host, Origin: server.origin })).status).toBe(200);
});

test('another port is taken where the wanted one is in use', async () => {
  const wanted = Number(new URL(server.origin).port);
  const second = await startDemoServer({
    viewerFolder: server.folder,
    extensionFolder: server.folder,
    archive: server.archive,
    port: wanted,
  });
  expect(Number(new URL(second.origin).port)).not.toBe(wanted);
  await second.close();
});

test('a DICOMweb service elsewhere is reached under this origin', async () => {
  const seen: { url: string | undefined; authorization: string | undefined; origin: string | undefined }[] =
    [];
  const remote = createServer((incoming, response) => {
    const { authorization, origin } = incoming.headers;
    seen.push({ url: incoming.url, authorization, origin });
    const own = `http://127.0.0.1:${(remote.address() as AddressInfo).port}/pacs`;
    response.writeHead(200, { 'Content-Type': 'application/dicom+json' });
    response.end(JSON.stringify([{ BulkDataURI: `${own}/studies/1` }]));
  });
  await new Promise<void>((resolve) => remote.listen(0, '127.0.0.1', resolve));
  const { port } = remote.address() as AddressInfo;
  const proxy = await startDemoServer({
    viewerFolder: server.folder,
    extensionFolder: server.folder,
    archive: server.archive,
    dicomWeb: new URL(`http://user:pass@127.0.0.1:${port}/pacs/`),
    port: 0,
  });
  const response = await fetch(`${proxy.origin}/dicomweb/studies?limit=1`, {
    headers: { Origin: proxy.origin },
  });
  expect(await response.json()).toEqual([{ BulkDataURI: `${proxy.origin}/dicomweb/studies/1` }]);
  expect(seen).toEqual([
    {
      url: '/pacs/studies?limit=1',
      authorization: `Basic ${Buffer.from('user:pass').toString('base64')}`,
      origin: undefined,
    },
  ]);
  await proxy.close();
  remote.closeAllConnections();
  await new Promise((resolve) => remote.close(resolve));
  await expect(fetch(`${proxy.origin}/dicomweb/studies`)).rejects.toThrow();
});
