import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeMultipart } from '../../demo/multipart.mjs';
import { DicomWebClient } from '../../src/cli/dicomWeb/client';
import { listStudy } from '../../src/cli/dicomWeb/source';
import { buildImage } from '../dicom/builder';
import { expectSameBytes } from '../dicom/support';

/** A server that answers as a test wants it to. */
type Handler = (request: IncomingMessage, response: ServerResponse) => void;
let handler: Handler;
let server: Server;
let requests: { url: string; authorization: string | undefined }[];
beforeEach(async () => {
  requests = [];
  server = createServer((request, response) => {
    requests.push({ url: request.url ?? '', authorization: request.headers.authorization });
    request.resume();
    request.on('end', () => handler(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const controller = new AbortController();
const clientWith = (options: { authorization?: string; rate?: number; signal?: AbortSignal } = {}) => {
  const { port } = server.address() as AddressInfo;
  const defaults = { rate: 1000, signal: controller.signal, firstPause: 1 };
  return new DicomWebClient(`http://127.0.0.1:${port}/dicom-web/`, { ...defaults, ...options });
};

const uids = { study: '1.2', series: '1.3', instance: '1.4' };
const file = buildImage();
const json = (response: ServerResponse, status: number, value: unknown) =>
  response.writeHead(status, { 'Content-Type': 'application/dicom+json' }).end(JSON.stringify(value));
const object = (response: ServerResponse, bytes: Uint8Array) => {
  const { contentType, chunks } = writeMultipart(
    [{ contentType: 'application/dicom', data: bytes }],
    'application/dicom',
  );
  response.writeHead(200, { 'Content-Type': contentType }).end(Buffer.concat(chunks));
};

describe('an object', () => {
  test('is fetched as it is, multipart or alone', async () => {
    handler = (_, response) => object(response, file);
    expectSameBytes((await clientWith().retrieve(uids)) ?? new Uint8Array(), file);
    handler = (_, response) => response.writeHead(200, { 'Content-Type': 'application/dicom' }).end(file);
    expectSameBytes((await clientWith().retrieve(uids)) ?? new Uint8Array(), file);
    expect(requests[0]?.url).toBe('/dicom-web/studies/1.2/series/1.3/instances/1.4');
  });

  test('is taken as the server gives it, where it knows no request for what it stores', async () => {
    const accepted: (string | undefined)[] = [];
    handler = ({ headers }, response) => {
      accepted.push(headers.accept);
      if (headers.accept?.includes('transfer-syntax')) response.writeHead(406).end();
      else object(response, file);
    };
    expectSameBytes((await clientWith().retrieve(uids)) ?? new Uint8Array(), file);
    expect(accepted).toEqual([
      'multipart/related; type="application/dicom"; transfer-syntax=*',
      'multipart/related; type="application/dicom"',
    ]);
    handler = (_, response) => response.writeHead(406).end();
    await expect(clientWith().retrieve(uids)).rejects.toMatchObject({ reason: 'server-refused' });
  });

  test('that is not there is undefined; one that is not whole is refused', async () => {
    handler = (_, response) => response.writeHead(404).end();
    expect(await clientWith().retrieve(uids)).toBeUndefined();
    handler = (_, response) =>
      response
        .writeHead(200, { 'Content-Type': 'multipart/related; boundary=x' })
        .end('--x\r\nContent-Type: application/dicom\r\n\r\nhalf of it');
    await expect(clientWith().retrieve(uids)).rejects.toMatchObject({ reason: 'server-unreachable' });
  });

  test.each([
    [
      'is listed as failed',
      202,
      { '00081198': { vr: 'SQ', Value: [{ '00081197': { vr: 'US', Value: [0x0110] } }] } },
    ],
    ['is refused', 409, {}],
    ['is refused without a word', 400, ''],
  ])('that %s is not taken for stored', async (_, status, answer) => {
    handler = (__, response) => json(response, status, answer);
    await expect(clientWith().store(file)).rejects.toMatchObject({ reason: 'server-refused' });
  });

  test('that a server refuses in XML, out of resources, is told so', async () => {
    handler = (_, response) =>
      response
        .writeHead(200, { 'Content-Type': 'application/dicom+xml' })
        .end(
          '<NativeDicomModel><DicomAttribute tag="00081198"><Item number="1"><DicomAttribute tag="00081197"><Value number="1">42752</Value></DicomAttribute></Item></DicomAttribute></NativeDicomModel>',
        );
    await expect(clientWith().store(file)).rejects.toMatchObject({
      reason: 'server-refused',
      message: expect.stringContaining('out of resources (0xA700)'),
    });
  });
});

test('what may pass is tried again, with pauses that the server may name', async () => {
  const statuses = [503, 429, 500, 200];
  handler = (_, response) => {
    const status = statuses.shift() ?? 200;
    if (status === 200) object(response, file);
    else response.writeHead(status, { 'Retry-After': '0' }).end('later');
  };
  expectSameBytes((await clientWith().retrieve(uids)) ?? new Uint8Array(), file);
  expect(requests).toHaveLength(4);
});

test('a connection that breaks is tried again, in the middle of an answer too', async () => {
  let attempts = 0;
  handler = (_, response) => {
    attempts++;
    if (attempts === 1) response.destroy();
    else if (attempts === 2) {
      response.writeHead(200, { 'Content-Type': 'application/dicom', 'Content-Length': file.length });
      response.write(file.subarray(0, 1000), () => response.destroy());
    } else object(response, file);
  };
  expectSameBytes((await clientWith().retrieve(uids)) ?? new Uint8Array(), file);
  expect(attempts).toBe(3);
});

test('what does not pass is told after some attempts', async () => {
  handler = (_, response) => response.writeHead(503).end();
  await expect(clientWith().retrieve(uids)).rejects.toMatchObject({ reason: 'server-refused' });
  handler = (_, response) => response.destroy();
  await expect(clientWith().retrieve(uids)).rejects.toMatchObject({ reason: 'server-unreachable' });
  expect(requests).toHaveLength(12);
});

test('a search reads page by page, and ends where a server knows no pages', async () => {
  const instance = (number: number) => ({ '00080018': { vr: 'UI', Value: [`1.2.${number}`] } });
  const all = Array.from({ length: 2300 }, (_, number) => instance(number));
  handler = ({ url }, response) => {
    const offset = Number(new URL(url ?? '', 'http://x').searchParams.get('offset'));
    json(response, 200, all.slice(offset, offset + 1000));
  };
  expect(await clientWith().search('/studies/1.2/instances', ['00280010'])).toEqual(all);
  expect(requests).toHaveLength(4);
  handler = (_, response) => json(response, 200, all);
  expect(await clientWith().search('/studies/1.2/instances', [])).toEqual(all);
  handler = (_, response) => response.writeHead(204).end();
  expect(await clientWith().search('/studies/1.2/instances', [])).toEqual([]);
  handler = (_, response) => response.writeHead(200).end('<html>');
  await expect(clientWith().search('/studies', [])).rejects.toMatchObject({ reason: 'server-unreachable' });
});

describe('of a server that lists fewer at a time than it is asked for', () => {
  const all = Array.from({ length: 12 }, (_, number) => ({
    '00080018': { vr: 'UI', Value: [`1.4.${number}`] },
  }));
  const query = (url: string | undefined) => new URL(url ?? '', 'http://x').searchParams;
  const search = () => clientWith().search('/studies/1.2/series/1.3/instances', []);
  const REFUSED = { reason: 'server-refused', message: expect.stringContaining('listed only 5') };
  const warned = (response: ServerResponse, text: string) => response.setHeader('Warning', text);
  const five = (response: ServerResponse) => json(response, 200, all.slice(0, 5));
  const MORE = '299 pacs.example "There are 7 additional results that can be requested"';

  test('all pages are read', async () => {
    handler = ({ url }, response) => {
      const offset = Number(query(url).get('offset'));
      if (offset < 10) warned(response, MORE);
      json(response, 200, all.slice(offset, offset + 5));
    };
    expect(await search()).toEqual(all);
    expect(requests.map(({ url }) => query(url).get('offset'))).toEqual(['0', '5', '10', '12']);
  });

  test.each([
    ['and gives no further page', five],
    [
      'and has no further page',
      (response: ServerResponse, offset: string | null) =>
        offset === '0' ? five(response) : json(response, 200, []),
    ],
  ])('%s, but says that there is more, a part is no answer', async (_, answer) => {
    handler = ({ url }, response) => {
      const offset = query(url).get('offset');
      if (offset === '0') warned(response, MORE);
      answer(response, offset);
    };
    await expect(search()).rejects.toMatchObject(REFUSED);
    // Whoever needs but some is content.
    expect(await clientWith().search('/studies', [], { most: 7 })).toHaveLength(5);
  });

  test('and that gives the same full page again and again, a part is no answer', async () => {
    const thousand = Array.from({ length: 1000 }, (_, number) => ({
      '00080018': { Value: [`1.4.${number}`] },
    }));
    handler = (_, response) => json(response, 200, thousand);
    await expect(search()).rejects.toMatchObject({ message: expect.stringContaining('listed only 1000') });
    // It may be all that there is, and the server may count it.
    const found = await clientWith().search('/studies/1.2/instances', [], {
      counted: (objects) => objects.length,
    });
    expect(found).toHaveLength(1000);
  });

  test('other warnings are none of more results', async () => {
    handler = (_, response) => {
      warned(response, '299 - "This address is going to change"');
      five(response);
    };
    expect(await search()).toHaveLength(5);
  });

  test.each([
    ['a study', { study: '1.2' }],
    ['a series', { study: '1.2', series: '1.3' }],
  ])('of %s, images are missing by its own count', async (_, request) => {
    handler = ({ url }, response) => {
      if (url?.includes('/instances')) return void five(response);
      const asked = query(url).get('SeriesInstanceUID');
      const series = ['1.3', '1.5'].map((uid) => ({
        '0020000E': { Value: [uid] },
        '00201209': { Value: ['12'] },
      }));
      json(response, 200, asked === null ? series : series.slice(0, 1));
    };
    await expect(listStudy(clientWith(), { ...request, wanted: 'originals' })).rejects.toMatchObject({
      reason: 'server-refused',
      message: expect.stringContaining('listed only 5 of 12 (/studies/1.2/series/1.3/instances)'),
    });
  });

  test('series are missing by its own count', async () => {
    handler = (_, response) =>
      json(response, 200, [{ '0020000E': { Value: ['1.3'] }, '00201206': { vr: 'IS', Value: [2] } }]);
    await expect(listStudy(clientWith(), { study: '1.2', wanted: 'originals' })).rejects.toMatchObject({
      message: expect.stringContaining('listed only 1 of 2 (/studies/1.2/series)'),
    });
    // One series that is asked for is found all the same.
    await expect(
      listStudy(clientWith(), { study: '1.2', series: '1.3', wanted: 'originals' }),
    ).rejects.toMatchObject({ code: 'not-dicom' });
  });
});

test('a list without an end is given up', async () => {
  let last = 0;
  handler = (_, response) =>
    json(
      response,
      200,
      Array.from({ length: 1000 }, () => ({ '00080018': { vr: 'UI', Value: [`1.2.${last++}`] } })),
    );
  await expect(clientWith({ rate: 100_000 }).search('/studies', [])).rejects.toMatchObject({
    reason: 'server-unreachable',
    message: expect.stringContaining('more than'),
  });
});

describe('a list that grows by an object a page', () => {
  const oneMore = (response: ServerResponse, filler = '') =>
    json(response, 200, [
      { '00080018': { Value: [`1.2.${requests.length}`] }, '00081030': { Value: [filler] } },
    ]);
  const search = () => clientWith({ rate: 100_000 }).search('/studies/1.2/series/1.3/instances', []);

  test('is given up after some pages', async () => {
    handler = (_, response) => oneMore(response);
    await expect(search()).rejects.toMatchObject({
      reason: 'server-unreachable',
      message: expect.stringContaining('more than 1000 pages'),
    });
    expect(requests).toHaveLength(1000);
  });

  test('is read up to so many bytes, of all pages together', async () => {
    const filler = ' '.repeat(2 ** 24);
    handler = (_, response) => oneMore(response, filler);
    await expect(search()).rejects.toMatchObject({
      reason: 'server-unreachable',
      message: expect.stringContaining('longer'),
    });
    expect(requests).toHaveLength(4);
  });
});

describe('an object that a server lists again, otherwise described', () => {
  const instances = '/studies/1.2/series/1.3/instances';
  const listed = (uid: string) => ({
    '00080018': { Value: [uid] },
    '00080019': { Value: [`9.${requests.length}`] },
  });

  test('is the same one', async () => {
    handler = (_, response) => json(response, 200, [listed('1.4.1'), listed('1.4.2'), listed('1.4.1')]);
    expect(await clientWith().search(instances, [])).toEqual([
      { '00080018': { Value: ['1.4.1'] }, '00080019': { Value: ['9.1'] } },
      { '00080018': { Value: ['1.4.2'] }, '00080019': { Value: ['9.1'] } },
    ]);
    expect(requests).toHaveLength(2);
  });

  test.each([
    ['with its UID', '1.4.1'],
    ['without one', ''],
  ])('%s, makes no list whole', async (_, uid) => {
    handler = (__, response) =>
      json(response, 200, requests.length > 3 ? [] : [listed(`1.4.${requests.length}`), listed(uid)]);
    const found = clientWith().search(instances, [], { counted: () => 5 });
    await expect(found).rejects.toMatchObject({
      reason: 'server-refused',
      message: expect.stringContaining('listed only 3 of 5'),
    });
  });

  test.each([
    ['studies', '0020000D'],
    ['series', '0020000E'],
    ['instances', '00080018'],
  ])('in a list of %s is known by its own UID', async (level, tag) => {
    handler = (_, response) =>
      json(response, 200, [
        { [tag]: { Value: ['1.5'] }, '00081150': { Value: [requests.length] } },
        { [tag]: { Value: ['1.6'] }, '00081150': { Value: [requests.length] } },
      ]);
    expect(await clientWith().search(`/studies/1.2/${level}`, [])).toHaveLength(2);
    expect(requests).toHaveLength(2);
  });
});

test('objects without a UID, however deep they are nested, end a list where they come again', async () => {
  const deep = `{"00080018": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  handler = (_, response) =>
    response
      .writeHead(200, { 'Content-Type': 'application/dicom+json' })
      .end(`[${deep}, {"00080018": {}}, {"00080019": {}}]`);
  expect(await clientWith().search('/studies/1.2/instances', [])).toHaveLength(3);
  expect(requests).toHaveLength(2);
});

test('what a server calls its objects is a UID, or is passed over: outputs have these names', async () => {
  const named = (tag: string, value: unknown) => ({ [tag]: { vr: 'UI', Value: value } });
  const names = ['..', '.', '1..2', '.1', '1.', '1/2', '1'.repeat(65), 12, null];
  handler = ({ url }, response) => {
    if (url?.includes('/instances')) json(response, 200, [named('00080018', ['1.4'])]);
    else
      json(response, 200, [...names.map((name) => named('0020000E', [name])), named('0020000E', '1.5'), {}]);
  };
  const request = { study: '1.2', wanted: 'originals' } as const;
  await expect(listStudy(clientWith(), request)).rejects.toMatchObject({ code: 'not-dicom' });
  handler = (_, response) =>
    json(
      response,
      200,
      names.map((name) => named('00080018', [name])),
    );
  await expect(listStudy(clientWith(), { ...request, series: '1.3' })).rejects.toMatchObject({
    code: 'not-dicom',
  });
  for (const study of ['..', '1..2']) {
    await expect(listStudy(clientWith(), { ...request, study })).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  }
});

test('an answer without an end is given up', async () => {
  handler = (_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/dicom+json' });
    const chunk = Buffer.alloc(2 ** 20, ' ');
    const more = () => response.write(chunk, (error) => error || more());
    more();
  };
  await expect(clientWith().search('/studies', [])).rejects.toMatchObject({
    reason: 'server-unreachable',
    message: expect.stringContaining('longer'),
  });
  expect(requests).toHaveLength(1);
});

describe('what lets in', () => {
  test('is sent to the server, and never to where it sends', async () => {
    handler = ({ url }, response) =>
      url?.startsWith('/elsewhere')
        ? object(response, file)
        : response.writeHead(307, { Location: '/elsewhere' }).end();
    const sent = clientWith({ authorization: 'Bearer secret-token' }).retrieve(uids);
    await expect(sent).rejects.toMatchObject({ reason: 'server-refused' });
    expect(requests).toEqual([
      { url: expect.stringMatching(/^\/dicom-web/), authorization: 'Bearer secret-token' },
    ]);
  });

  test('is in no message', async () => {
    for (const status of [401, 403, 409, 302]) {
      handler = (_, response) => response.writeHead(status).end();
      const failure = await clientWith({ authorization: 'Bearer secret-token' })
        .retrieve(uids)
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ reason: 'server-refused' });
      expect(String(failure)).not.toContain('secret-token');
    }
  });

  test.each(['ftp://127.0.0.1/', 'http://user:password@127.0.0.1/', 'http://127.0.0.1/?token=1', 'nonsense'])(
    'does not belong into an address: %s',
    (address) => {
      const make = () => new DicomWebClient(address, { rate: 1, signal: controller.signal });
      expect(make).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
      expect(make).toThrow(expect.not.objectContaining({ message: expect.stringContaining('password@') }));
    },
  );
});

test.each([
  ['http://pacs.example/dicom-web', true],
  ['https://pacs.example/dicom-web', false],
  ['http://localhost:8042/dicom-web', false],
  ['http://[::1]:8042/dicom-web', false],
])('a token by %s is refused: %p', (address, refused) => {
  const options = { rate: 1, signal: new AbortController().signal };
  const withToken = () => new DicomWebClient(address, { ...options, authorization: 'Bearer secret' });
  if (refused) expect(withToken).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  else expect(withToken().root).toBe(address);
  expect(new DicomWebClient(address, options).root).toBe(address);
});

test('giving up ends a request, and a pause', async () => {
  const giveUp = new AbortController();
  handler = () => giveUp.abort();
  await expect(clientWith({ signal: giveUp.signal }).retrieve(uids)).rejects.toMatchObject({
    code: 'cancelled',
  });
  const again = new AbortController();
  handler = (_, response) => {
    response.writeHead(503, { 'Retry-After': '60' }).end();
    setImmediate(() => again.abort());
  };
  await expect(clientWith({ signal: again.signal }).retrieve(uids)).rejects.toMatchObject({
    code: 'cancelled',
  });
});
