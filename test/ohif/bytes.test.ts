import { writeFilePart } from '../../src/dicom/web/multipart';
import { readInstance } from '../../src/ohif/bytes';
import type { DisplaySet, ExtensionManager, Instance, Services } from '../../src/ohif/host';
import type { Libraries } from '../../src/ohif/libraries';

const bytes = new Uint8Array([1, 2, 3]);

beforeAll(() => {
  globalThis.location = new URL('https://viewer.example/viewer') as unknown as Location;
});
afterEach(() => jest.restoreAllMocks());

function read(imageId: string, found = bytes) {
  const findDicomDataPromise = jest.fn(async () => found);
  const source = { retrieve: {}, getConfig: () => ({ wadoRoot: 'https://pacs.example/rs' }) };
  const dataSourceDefs = { archive: { configuration: { wadoUriRoot: 'https://archive.example/wado' } } };
  const instance = {
    imageId,
    StudyInstanceUID: '1.2',
    SeriesInstanceUID: '1.2.3',
    SOPInstanceUID: '1.2.3.4',
  };
  const reading = readInstance(
    { displaySetInstanceUID: 'x' } as DisplaySet,
    instance as Instance,
    {
      userAuthenticationService: { getAuthorizationHeader: () => ({ Authorization: 'Bearer x' }) },
    } as unknown as Services,
    { dicomLoaderService: { findDicomDataPromise } } as unknown as Libraries,
    { getActiveDataSource: () => [source], dataSourceDefs } as unknown as ExtensionManager,
    new AbortController().signal,
  );
  return { reading, findDicomDataPromise };
}

let asked: [string, Record<string, string>, RequestRedirect | undefined][];
function answer(...answers: Response[]) {
  asked = [];
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
    asked.push([String(url), init?.headers as Record<string, string>, init?.redirect]);
    return answers.shift()!;
  });
}

describe('an object on a server', () => {
  const imageId = 'wadors:https://pacs.example/rs/studies/1.2/series/1.2.3/instances/1.2.3.4/frames/1';
  const part = () => {
    const { contentType, body } = writeFilePart(bytes);
    return new Response(body, { headers: { 'Content-Type': contentType } });
  };

  test('is asked for in the transfer syntax that it is stored in', async () => {
    answer(part());
    expect(await read(imageId).reading).toEqual(bytes.buffer);
    expect(asked).toEqual([
      [
        'https://pacs.example/rs/studies/1.2/series/1.2.3/instances/1.2.3.4',
        {
          Authorization: 'Bearer x',
          Accept: 'multipart/related; type="application/dicom"; transfer-syntax=*',
        },
        'error',
      ],
    ]);
  });

  test('is taken as the server gives it, where it knows no such request', async () => {
    answer(new Response('', { status: 406 }), part());
    expect(await read(imageId).reading).toEqual(bytes.buffer);
    expect(asked.at(-1)![1].Accept).toBe('multipart/related; type="application/dicom"');
  });

  test('is asked for without the authorisation where the viewer is not configured with the server', async () => {
    answer(part());
    await read(imageId.replace('pacs', 'elsewhere')).reading;
    expect(asked[0]![1]).not.toHaveProperty('Authorization');
  });

  test('that is not handed out is an error', async () => {
    answer(new Response('', { status: 403 }));
    await expect(read(imageId).reading).rejects.toThrow('HTTP 403');
  });

  test("is the loader's matter where its address is not the standard one", async () => {
    const { reading, findDicomDataPromise } = read('wadors:elsewhere');
    expect(await reading).toEqual(bytes.buffer);
    expect(findDicomDataPromise).toHaveBeenCalledWith(
      expect.objectContaining({ wadoRoot: 'https://pacs.example/rs' }),
      [],
      { Authorization: 'Bearer x' },
    );
  });
});

describe('an object at an address', () => {
  test.each([
    ['wadouri:https://archive.example/wado?requestType=WADO&objectUID=1.2.3.4', 'error'],
    ['dicomweb:https://pacs.example/rs/a.dcm', 'error'],
    ['dicomweb:/files/a.dcm', 'error'],
    ['wadouri:http://elsewhere.example/a.dcm', 'follow'],
    ['dicomweb:https://archive.example/other/a.dcm', 'follow'],
  ])(
    'is asked for with the authorisation only where the viewer knows that: %s',
    async (imageId, redirect) => {
      answer(new Response(bytes));
      expect(await read(`${imageId}${imageId.includes('?') ? '&' : '?'}frame=2`).reading).toEqual(
        bytes.buffer,
      );
      const [[address, headers, redirects]] = asked;
      expect(address).toBe(imageId.slice(imageId.indexOf(':') + 1));
      expect(headers).toEqual(redirect === 'error' ? { Authorization: 'Bearer x' } : {});
      expect(redirects).toBe(redirect);
    },
  );

  test('that is not handed out is an error', async () => {
    answer(new Response('', { status: 404 }));
    await expect(read('wadouri:https://archive.example/wado?x=1').reading).rejects.toThrow('HTTP 404');
  });

  test('that the loader takes from the object gets no authorisation', async () => {
    const { reading, findDicomDataPromise } = read('https://elsewhere.example/a.dcm');
    await reading;
    expect(findDicomDataPromise).toHaveBeenCalledWith(expect.anything(), [], {});
  });
});

test('what the loader keeps is not handed out', async () => {
  const kept = new Uint8Array([0, 1, 2, 3, 0]).subarray(1, 4);
  const given = await read('dicomfile:1', kept).reading;
  expect(given).toEqual(bytes.buffer);
  expect(given).not.toBe(kept.buffer);
});
