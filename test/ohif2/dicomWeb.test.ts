import { writeFilePart } from '../../src/dicom/web/multipart';
import type { AddedFile } from '../../src/hosts/addedFiles';
import { authorizationHeader, readInstance, serverOf, storeFile } from '../../src/ohif2/dicomWeb';
import type { AppState, InstanceData, WadoImageLoader } from '../../src/ohif2/host';
import { NotReadBack, ReadError, StoreError } from '../../src/viewer/port';
import { brokenOff, failed, part10 } from '../hosts/storing';

const server = {
  name: 'Archive',
  wadoRoot: 'https://pacs.example/rs',
  wadoUriRoot: 'https://pacs.example/wado',
};
const state = {
  servers: { servers: [server] },
  oidc: { user: { access_token: 't' } },
} as unknown as AppState;
const signal = new AbortController().signal;
const bytes = part10([1, 2, 3], [8, 0, 5, 0, 1]);

const image = (imageId: string, data: Partial<InstanceData> = {}) => ({
  getImageId: () => imageId,
  getData: () => ({
    metadata: { StudyInstanceUID: '1.2', SeriesInstanceUID: '1.2.3', SOPInstanceUID: '1.2.3.4' },
    ...data,
  }),
});

/** What a server answers, and what it was asked. */
function answer(...answers: Response[]) {
  const asked: [string, RequestInit | undefined][] = [];
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
    asked.push([String(url), init]);
    return answers.shift()!;
  });
  return asked;
}
beforeAll(() => {
  globalThis.location = new URL('https://viewer.example/viewer') as unknown as Location;
});
afterEach(() => jest.restoreAllMocks());

const part = () => {
  const { contentType, body } = writeFilePart(new Uint8Array(bytes));
  return new Response(body, { headers: { 'Content-Type': contentType } });
};

test('an image belongs to the server that it came from, one from elsewhere to none', () => {
  expect(serverOf(image('wadors:', { wadoRoot: server.wadoRoot }), state)).toBe(server);
  expect(serverOf(image('wadors:', { wadoRoot: 'https://other.example' }), state)).toBeUndefined();
  expect(serverOf(image('dicomfile:0'), state)).toBeUndefined();
});

test('the viewer’s user is let in by token, or as the server is configured', () => {
  const noUser = { ...state, oidc: { user: null } };
  expect(authorizationHeader(server, state)).toEqual({ Authorization: 'Bearer t' });
  expect(authorizationHeader(server, noUser)).toEqual({});
  expect(authorizationHeader({ ...server, requestOptions: { auth: 'user:word' } }, state)).toEqual({
    Authorization: `Basic ${btoa('user:word')}`,
  });
  expect(authorizationHeader({ ...server, requestOptions: { auth: () => 'Own x' } }, state)).toEqual({
    Authorization: 'Own x',
  });
});

describe('the bytes of an object', () => {
  const loader = { wadouri: { loadFileRequest: async () => bytes } } as unknown as WadoImageLoader;
  const read = (imageId: string, data: Partial<InstanceData> = {}) =>
    readInstance(image(imageId, data), state, loader, signal);

  test('of a local file are the file', async () => {
    expect(await read('dicomfile:0')).toBe(bytes);
  });

  test('of a DICOMweb server are retrieved as they are stored', async () => {
    const asked = answer(part());
    expect(await read('wadors:x', { wadoRoot: server.wadoRoot })).toEqual(bytes);
    expect(asked[0]![0]).toBe('https://pacs.example/rs/studies/1.2/series/1.2.3/instances/1.2.3.4');
    expect(asked[0]![1]!.headers).toMatchObject({ Authorization: 'Bearer t' });
  });

  test('of an address are what is there, whichever frame is on display', async () => {
    const asked = answer(new Response(bytes));
    expect(await read('dicomweb:https://files.example/a.dcm?frame=2')).toEqual(bytes);
    expect(asked[0]![0]).toBe('https://files.example/a.dcm');
  });

  test.each([
    'dicomweb:https://pacs.example/wado?requestType=WADO&objectUID=1.2.3.4',
    'dicomweb:https://pacs.example/rs/a.dcm',
    'dicomweb:/files/a.dcm',
  ])(
    'are asked for with the header of the viewer’s user, which goes along no redirect: %s',
    async (imageId) => {
      const asked = answer(new Response(bytes));
      await read(imageId);
      expect(asked[0]![1]).toMatchObject({ headers: { Authorization: 'Bearer t' }, redirect: 'error' });
    },
  );

  test.each([
    ['dicomweb:http://elsewhere.example/a.dcm', {}],
    ['dicomweb:https://pacs.example/other/a.dcm', {}],
    ['wadors:x', { wadoRoot: 'https://elsewhere.example/rs' }],
  ])(
    'are asked for without it where the viewer is not configured with the address: %s %j',
    async (imageId, data) => {
      const asked = answer(part());
      await read(imageId, data);
      expect(asked[0]![1]!.headers).not.toHaveProperty('Authorization');
      expect(asked[0]![1]!.redirect).toBe('follow');
    },
  );

  test('of the page’s own server are asked for with the user’s token, not with what another server wants', async () => {
    const asked = answer(new Response(bytes));
    const servers = { servers: [{ ...server, requestOptions: { auth: 'user:word' } }] };
    await readInstance(image('dicomweb:/files/a.dcm'), { ...state, servers }, loader, signal);
    expect(asked[0]![1]!.headers).toEqual({ Authorization: 'Bearer t' });
  });

  test('that are not handed out, or not whole, are an error', async () => {
    answer(
      new Response('', { status: 403 }),
      new Response(bytes, { headers: { 'Content-Type': 'text/html' } }),
    );
    await expect(read('dicomweb:https://files.example/a.dcm')).rejects.toThrow('HTTP 403');
    await expect(read('wadors:x', { wadoRoot: server.wadoRoot })).rejects.toThrow('not send a whole');
  });

  test('that break off on their way are an error, in words', async () => {
    answer(brokenOff());
    await expect(read('dicomweb:https://files.example/a.dcm')).rejects.toThrow(ReadError);
  });
});

describe('a file is stored', () => {
  const file = {
    blob: new Blob([bytes]),
    studyInstanceUID: '1.2',
    seriesInstanceUID: '1.2.3',
    sopInstanceUID: '1.2.3.4',
  } as AddedFile;
  const store = () => storeFile(file, server, state, signal);

  test('as it is, and read back', async () => {
    const asked = answer(new Response('{}'), part());
    expect(await store()).toEqual({ sent: bytes, stored: bytes });
    expect(asked.map(([url]) => url)).toEqual([
      'https://pacs.example/rs/studies',
      'https://pacs.example/rs/studies/1.2/series/1.2.3/instances/1.2.3.4',
    ]);
  });

  test.each([
    [
      'the server refuses',
      [new Response(JSON.stringify(failed(0x0111)), { status: 409 })],
      'same identifier',
    ],
    ['its answer breaks off', [brokenOff()], 'may have been accepted'],
    ['it answers with an error', [new Response('', { status: 503 })], 'HTTP 503'],
    [
      'it cannot be read back',
      [new Response('{}'), new Response('', { status: 404 })],
      'cannot be read back',
    ],
  ])('not where %s', async (_, answers, words) => {
    answer(...answers);
    const failure = await store().catch((error) => error);
    expect(failure).toBeInstanceOf(StoreError);
    expect(failure.message).toContain(words);
    expect(failure instanceof NotReadBack).toBe(words === 'cannot be read back');
  });

  test('as far as anyone knows where the user gives up before it is read back', async () => {
    const giving = new AbortController();
    const asked = jest.spyOn(globalThis, 'fetch').mockImplementation(async (_, { signal } = {}) => {
      if (asked.mock.calls.length === 1) return new Response('{}');
      giving.abort();
      throw signal?.reason;
    });
    await expect(storeFile(file, server, state, giving.signal)).rejects.toThrow(NotReadBack);
  });
});
