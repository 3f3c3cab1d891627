import { writeFilePart } from '../../src/dicom/web/multipart';
import { readInstance } from '../../src/ohif/bytes';
import type { DisplaySet, ExtensionManager, Instance, Services } from '../../src/ohif/host';
import type { Libraries } from '../../src/ohif/libraries';

const bytes = new Uint8Array([1, 2, 3]);

function read(imageId: string, found = bytes) {
  const findDicomDataPromise = jest.fn(async () => found);
  const source = { retrieve: {}, getConfig: () => ({ wadoRoot: 'https://pacs.example/rs' }) };
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
    { getActiveDataSource: () => [source] } as unknown as ExtensionManager,
    new AbortController().signal,
  );
  return { reading, findDicomDataPromise };
}

describe('an object on a server', () => {
  const imageId = 'wadors:https://pacs.example/rs/studies/1.2/series/1.2.3/instances/1.2.3.4/frames/1';
  const part = () => {
    const { contentType, body } = writeFilePart(bytes);
    return new Response(body, { headers: { 'Content-Type': contentType } });
  };
  let asked: [string, Record<string, string>][];
  function answer(...answers: Response[]) {
    asked = [];
    jest.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
      asked.push([String(url), init?.headers as Record<string, string>]);
      return answers.shift()!;
    });
  }
  afterEach(() => jest.restoreAllMocks());

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
      ],
    ]);
  });

  test('is taken as the server gives it, where it knows no such request', async () => {
    answer(new Response('', { status: 406 }), part());
    expect(await read(imageId).reading).toEqual(bytes.buffer);
    expect(asked.at(-1)![1].Accept).toBe('multipart/related; type="application/dicom"');
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

test('what the loader keeps is not handed out', async () => {
  const kept = new Uint8Array([0, 1, 2, 3, 0]).subarray(1, 4);
  const given = await read('dicomfile:1', kept).reading;
  expect(given).toEqual(bytes.buffer);
  expect(given).not.toBe(kept.buffer);
});
