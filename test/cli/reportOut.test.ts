import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import promises from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { run } from '../../src/cli/program';
import { readFirstPart } from '../../src/dicom/web/multipart';
import { withOtherPixel } from '../demo/support';
import { commandLine, REGION, REPORT, slice } from './support';

/** `restore --report-out`: an image and its report, neither without the other. */

const cli = commandLine();
const { path } = cli;
const text = (name: string) => readFileSync(path(name), 'utf8');

beforeEach(async () => {
  const report = ['--report', path('report.txt'), '--passphrase-file', path('passphrase.txt')];
  const area = ['--region', REGION, '--work-factor', '10'];
  expect(await cli.run('protect', slice(10), '-o', path('protected.dcm'), ...area, ...report)).toBe(0);
  cli.output();
});

let controller = new AbortController();
beforeEach(() => {
  controller = new AbortController();
});

const restore = (...destination: string[]) =>
  run(
    [
      ...['restore', path('protected.dcm'), ...destination, '--report-out', path('out.txt'), '--json'],
      ...['--passphrase-file', path('passphrase.txt'), '--rate', '1000'],
    ],
    { signal: controller.signal },
  );

/** No file can take the place of that one, until it is called off. */
function refuse(name: string): () => void {
  const { rename } = promises;
  const refusal = jest.spyOn(promises, 'rename').mockImplementation(async (from, to) => {
    if (to !== path(name)) return rename(from, to);
    throw Object.assign(new Error('EACCES'), { code: 'EACCES', syscall: 'rename' });
  });
  return () => refusal.mockRestore();
}

const partials = (folder = '.') => readdirSync(path(folder)).filter((name) => name.endsWith('.partial'));

describe.each(['out.txt', 'restored.dcm'])('where %s cannot be written', (refused) => {
  test('neither of them is, and it is named', async () => {
    const callOff = refuse(refused);
    expect(await restore('-o', path('restored.dcm'))).toBe(3);
    const [result] = cli.results();
    expect(result).toMatchObject({ ok: false, reason: 'no-permission' });
    expect(result?.message).toContain(path(refused));
    expect(['out.txt', 'restored.dcm'].filter((name) => existsSync(path(name)))).toEqual([]);
    expect(partials()).toEqual([]);
    callOff();
    expect(await restore('-o', path('restored.dcm'))).toBe(0);
    expect(text('out.txt')).toBe(REPORT);
  });

  test('those that were there before are there still', async () => {
    writeFileSync(path('out.txt'), 'an earlier report');
    writeFileSync(path('restored.dcm'), 'an earlier image');
    refuse(refused);
    expect(await restore('-o', path('restored.dcm'))).toBe(3);
    expect([text('out.txt'), text('restored.dcm')]).toEqual(['an earlier report', 'an earlier image']);
    expect(partials()).toEqual([]);
  });
});

test('given up when both are written, it does not say that nothing is', async () => {
  const { rename } = promises;
  jest.spyOn(promises, 'rename').mockImplementation(async (from, to) => {
    await rename(from, to);
    controller.abort();
  });
  expect(await restore('-o', path('restored.dcm'))).toBe(1);
  expect(cli.results()).toMatchObject([{ ok: true, output: path('restored.dcm') }]);
  expect(cli.errors()).toBe('Stopped. What was done by then is told above.\n');
  expect([text('out.txt'), readFileSync(path('restored.dcm')).equals(readFileSync(slice(10)))]).toEqual([
    REPORT,
    true,
  ]);
});

test('an image that is in the folder already, and the same, has its report written', async () => {
  expect(await restore('-o', path('folder/'))).toBe(0);
  writeFileSync(path('out.txt'), 'an earlier report');
  expect(await restore('-o', path('folder/'))).toBe(0);
  expect(text('out.txt')).toBe(REPORT);
  expect([...partials(), ...partials('folder')]).toEqual([]);
});

describe('on a server', () => {
  let server: Server;
  let stored: Buffer | undefined;
  let timesStored: number;
  let storing: (response: ServerResponse) => void;
  let handingOut: (response: ServerResponse, file: Buffer) => void;
  const ok = (response: ServerResponse, file: Uint8Array) =>
    response.writeHead(200, { 'Content-Type': 'application/dicom' }).end(file);
  beforeEach(async () => {
    stored = undefined;
    timesStored = 0;
    storing = (response) => response.writeHead(200).end('{}');
    handingOut = ok;
    server = createServer(async (request, response) => {
      const body = Buffer.concat(await request.toArray());
      if (request.method === 'POST') {
        stored = Buffer.from(readFirstPart(body, request.headers['content-type'] ?? '') ?? []);
        timesStored++;
        storing(response);
      } else if (stored === undefined) response.writeHead(404).end();
      else handingOut(response, stored);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    writeFileSync(path('out.txt'), 'an earlier report');
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const toServer = () =>
    restore('--to-dicomweb', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);

  test('that refuses the image, the earlier report stays', async () => {
    storing = (response) => response.writeHead(409).end();
    expect(await toServer()).toBe(3);
    expect(cli.results()).toMatchObject([{ ok: false, reason: 'server-refused' }]);
    expect(text('out.txt')).toBe('an earlier report');
    expect(partials()).toEqual([]);
  });

  test.each<[string, typeof handingOut]>([
    ['has nothing', (response) => response.writeHead(404).end()],
    ['refuses to hand it out', (response) => response.writeHead(400).end()],
    ['sends no object', (response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end()],
    ['gives another one', (response, file) => ok(response, withOtherPixel(file))],
  ])('that accepts the image and then %s, the report stays with it', async (_, answer) => {
    handingOut = answer;
    expect(await toServer()).toBe(3);
    expect(cli.results()).toMatchObject([{ ok: false, reason: 'stored-otherwise' }]);
    expect(stored?.equals(readFileSync(slice(10)))).toBe(true);
    expect(text('out.txt')).toBe(REPORT);
  });

  describe('given up', () => {
    const giveUp = () => controller.abort();

    test('when the image is read back, it says that the image was accepted', async () => {
      handingOut = giveUp;
      expect(await toServer()).toBe(1);
      const [result] = cli.results();
      expect(result).toMatchObject({ ok: false, reason: 'stored-otherwise' });
      expect(result?.message).toMatch(/instances\/[\d.]+ was accepted, but the command was stopped/);
      expect(cli.errors()).toMatch(
        /Look at it on the server.*\nStopped\. What was done by then is told above\.\n$/,
      );
      expect(text('out.txt')).toBe(REPORT);
    });

    test('when it is sent, it says that the server may have it', async () => {
      storing = giveUp;
      expect(await toServer()).toBe(1);
      expect(cli.results()).toMatchObject([
        { ok: false, reason: 'stored-otherwise', message: expect.stringContaining('the server may have it') },
      ]);
      expect(cli.errors()).not.toContain('Nothing was written');
      expect(text('out.txt')).toBe('an earlier report');
    });

    test('before it is sent, nothing is said of it', async () => {
      const send = jest.spyOn(globalThis, 'fetch').mockImplementation(async (_, { method } = {}) => {
        if (method !== 'POST') giveUp();
        return new Response('', { status: 404 });
      });
      expect(await toServer()).toBe(1);
      send.mockRestore();
      expect(cli.output()).toBe('');
      expect(cli.errors()).toBe('Stopped. Nothing was written.\n');
    });
  });

  test('that took the image, where the report cannot be written: it says so, and the next run writes it', async () => {
    const callOff = refuse('out.txt');
    expect(await toServer()).toBe(3);
    const [result] = cli.results();
    expect(result).toMatchObject({ ok: false, reason: 'report-missing' });
    expect(result?.message).toMatch(/instances\/[\d.]+ is stored, but its report is not written.*out\.txt/);
    expect(text('out.txt')).toBe('an earlier report');
    expect(partials()).toEqual([]);
    callOff();
    expect(await toServer()).toBe(0);
    expect(timesStored).toBe(1);
    expect(text('out.txt')).toBe(REPORT);
  });
});
