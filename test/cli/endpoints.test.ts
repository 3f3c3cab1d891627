import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { commandLine, slice } from './support';

const cli = commandLine();
const { path } = cli;

/** What a server was asked, and what let the asker in. */
interface Listener {
  readonly root: string;
  readonly authorizations: (string | undefined)[];
}

let servers: Server[] = [];
afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  servers = [];
});

/** Knows one image, and stores nothing. */
const serveSlice: RequestListener = (request, response) => {
  const { pathname } = new URL(request.url ?? '', 'http://x');
  const json = (value: unknown) =>
    response.writeHead(200, { 'Content-Type': 'application/dicom+json' }).end(JSON.stringify(value));
  if (request.method === 'POST') response.writeHead(409).end();
  else if (pathname.endsWith('/series')) json([{ '0020000E': { Value: ['1.3'] } }]);
  else if (pathname.endsWith('/instances')) json([{ '00080018': { Value: ['1.4'] } }]);
  else response.writeHead(200, { 'Content-Type': 'application/dicom' }).end(readSlice());
};

async function listen(answer = serveSlice): Promise<Listener> {
  const authorizations: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    request.resume();
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { root: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, authorizations };
}

const readSlice = () => readFileSync(slice(10));

const protect = (...more: string[]) =>
  cli.run(
    ...['protect', '--region', '40,50,90,80', '--work-factor', '10', '--rate', '1000'],
    ...['--passphrase-file', path('passphrase.txt'), ...more],
  );

test.each([
  ['neither files nor a server', ['-o', 'out']],
  ['both', [slice(10), '--from-dicomweb', 'http://127.0.0.1:1', '--study', '1.2', '-o', 'out']],
  ['no place for the outputs', [slice(10)]],
  ['two places', [slice(10), '-o', 'out', '--to-dicomweb', 'http://127.0.0.1:1']],
  ['a server without a study', ['--from-dicomweb', 'http://127.0.0.1:1', '-o', 'out']],
  ['a study without a server', [slice(10), '--study', '1.2', '-o', 'out']],
  ['a study that is no UID', ['--from-dicomweb', 'http://127.0.0.1:1', '--study', '../x', '-o', 'out']],
  ['another kind of address', ['--from-dicomweb', 'file:///etc', '--study', '1.2', '-o', 'out']],
  ['a token for nobody', [slice(10), '-o', 'out', '--to-token-file', slice(10)]],
])('wrong usage: %s', async (_, args) => {
  expect(await protect(...args)).toBe(2);
});

test('a server that lets nobody in is no wrong usage', async () => {
  const { root } = await listen((_, response) => response.writeHead(403).end());
  expect(await protect('--from-dicomweb', root, '--study', '1.2', '-o', path('out'))).toBe(3);
});

describe('of a server that lists two images at a time', () => {
  const NUMBERS = [10, 11, 12];
  /** Three slices of one series; takes notice of `offset`, or does not. */
  const capped =
    (pages: boolean): RequestListener =>
    (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
      const json = (value: unknown) =>
        response.writeHead(200, { 'Content-Type': 'application/dicom+json' }).end(JSON.stringify(value));
      const number = /instances\/1\.4\.(\d+)$/.exec(pathname)?.[1];
      const offset = pages ? Number(searchParams.get('offset')) : 0;
      if (number !== undefined) {
        response
          .writeHead(200, { 'Content-Type': 'application/dicom' })
          .end(readFileSync(slice(Number(number))));
      } else if (pathname.endsWith('/series')) {
        json([{ '0020000E': { Value: ['1.3'] }, '00201209': { Value: [3] } }].slice(offset));
      } else {
        const images = NUMBERS.map((image) => ({ '00080018': { Value: [`1.4.${image}`] } }));
        json(images.slice(offset, offset + 2));
      }
    };

  test('all of a series is protected', async () => {
    const { root } = await listen(capped(true));
    const study = ['--from-dicomweb', root, '--study', '1.2', '-o', path('out'), '--json'];
    expect(await protect(...study)).toBe(0);
    expect(cli.results().map(({ ok }) => ok)).toEqual([true, true, true]);
  });

  test('and the same two again and again: nothing is, and it says so', async () => {
    const { root } = await listen(capped(false));
    expect(await protect('--from-dicomweb', root, '--study', '1.2', '-o', path('out'))).toBe(3);
    expect(cli.errors()).toContain('listed only 2 of 3');
    expect(existsSync(path('out'))).toBe(false);
  });
});

describe('a token', () => {
  beforeEach(() => writeFileSync(path('token.txt'), 'secret-token\n'));
  const token = () => ['--token-file', path('token.txt')];

  test('goes to the server it was given for, and to no other one', async () => {
    const [from, to] = [await listen(), await listen()];
    const study = ['--from-dicomweb', from.root, '--study', '1.2', '--to-dicomweb', to.root];
    expect(await protect(...study, ...token())).toBe(3);
    expect(new Set(from.authorizations)).toEqual(new Set(['Bearer secret-token']));
    expect(to.authorizations.length).toBeGreaterThan(0);
    expect(new Set(to.authorizations)).toEqual(new Set([undefined]));

    writeFileSync(path('other.txt'), 'Basic dXNlcjpwYXNz');
    to.authorizations.length = 0;
    expect(await protect(...study, ...token(), '--to-token-file', path('other.txt'))).toBe(3);
    expect(new Set(to.authorizations)).toEqual(new Set(['Basic dXNlcjpwYXNz']));
    expect(cli.errors() + cli.output()).not.toMatch(/secret-token|dXNlcjpwYXNz/);
  });

  test('goes to one server in both directions', async () => {
    const server = await listen();
    const study = ['--from-dicomweb', server.root, '--study', '1.2', '--to-dicomweb', server.root];
    expect(await protect(...study, ...token())).toBe(3);
    expect(new Set(server.authorizations)).toEqual(new Set(['Bearer secret-token']));
  });

  test('that is none is refused, and not printed', async () => {
    writeFileSync(path('token.txt'), 'secret-token\nX-Other: header');
    const server = await listen();
    expect(await protect(slice(10), '--to-dicomweb', server.root, ...token())).toBe(2);
    expect(server.authorizations).toEqual([]);
    expect(cli.errors()).not.toContain('secret-token');
  });
});
