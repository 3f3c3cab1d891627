import type { AddedFile } from '../../src/hosts/addedFiles';
import type { DicomWebClient, ExtensionManager } from '../../src/ohif/host';
import { storeDestination, storeFile } from '../../src/ohif/store';
import { NotReadBack } from '../../src/viewer/port';
import { failed, part10 } from '../hosts/storing';

const sent = part10([1, 2, 3], [8, 0, 5, 0, 1]);
const file: AddedFile = {
  blob: new Blob([sent]),
  url: '',
  studyInstanceUID: '1.2',
  seriesInstanceUID: '1.2.3',
  sopInstanceUID: '1.2.3.4',
  displayedSeriesUID: '1.2.3',
};

function managerWith(client: Partial<DicomWebClient>, configuration = {}): ExtensionManager {
  return {
    getModuleEntry: () => undefined,
    getActiveDataSourceDefinition: () => ({ sourceName: 'pacs', configuration: { friendlyName: 'Archive' } }),
    getActiveDataSource: () => [
      {
        retrieve: { getWadoDicomWebClient: () => client as DicomWebClient },
        getConfig: () => ({ wadoRoot: 'https://pacs.example/rs', ...configuration }),
        getImageIdsForDisplaySet: () => [],
      },
    ],
  };
}

const store = (client: Partial<DicomWebClient>, { signal } = new AbortController()) =>
  storeFile(file, { Authorization: 'Bearer x' }, managerWith(client), signal);

afterEach(() => jest.restoreAllMocks());

describe('a file', () => {
  beforeAll(() => {
    globalThis.XMLHttpRequest = class {
      abort() {}
    } as unknown as typeof XMLHttpRequest;
  });

  test('is sent as it is, with the authorisation of the viewer, and read back', async () => {
    const asked: unknown[] = [];
    jest.spyOn(globalThis, 'fetch').mockImplementation(async (...call) => {
      asked.push(call);
      return new Response(sent, { headers: { 'Content-Type': 'application/dicom' } });
    });
    const client: Partial<DicomWebClient> = {
      headers: {},
      storeInstances: jest.fn(async ({ datasets }) => {
        expect(new Uint8Array(datasets[0]!)).toEqual(new Uint8Array(sent));
        return '';
      }),
    };
    expect(await store(client)).toEqual({ sent: await file.blob.arrayBuffer(), stored: sent });
    expect(client.headers).toEqual({ Authorization: 'Bearer x' });
    expect(asked).toEqual([
      [
        'https://pacs.example/rs/studies/1.2/series/1.2.3/instances/1.2.3.4',
        expect.objectContaining({ headers: expect.objectContaining({ Authorization: 'Bearer x' }) }),
      ],
    ]);
  });

  test('is not called stored where it cannot be read back', async () => {
    jest.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('', { status: 404 }));
    const storing = store({ storeInstances: async () => '' });
    await expect(storing).rejects.toThrow(NotReadBack);
    await expect(storing).rejects.toThrow('HTTP 404');
  });

  test('was accepted, also where the user gives up before it is read back', async () => {
    const giving = new AbortController();
    jest.spyOn(globalThis, 'fetch').mockImplementation(async (_, { signal } = {}) => {
      giving.abort();
      throw signal?.reason;
    });
    await expect(store({ storeInstances: async () => '' }, giving)).rejects.toThrow(NotReadBack);
  });

  test('is not sent where the user gave up before', async () => {
    const giving = new AbortController();
    const storeInstances = jest.fn(async () => '');
    const storing = store({ storeInstances }, giving);
    giving.abort();
    await expect(storing).rejects.toBe(giving.signal.reason);
    expect(storeInstances).not.toHaveBeenCalled();
  });

  test('is refused in the words of the server', async () => {
    const conflict = Object.assign(new Error('request failed'), {
      status: 409,
      response: JSON.stringify(failed(0x0111)),
    });
    await expect(store({ storeInstances: () => Promise.reject(conflict) })).rejects.toThrow(
      'same identifier',
    );
    const bare = Object.assign(new Error('request failed'), { status: 503 });
    await expect(store({ storeInstances: () => Promise.reject(bare) })).rejects.toThrow('HTTP 503');
    const accepted = { storeInstances: async () => JSON.stringify(failed(0xa700)) };
    await expect(store(accepted)).rejects.toThrow('out of resources');
  });
});

test('sources that cannot store are no destination', () => {
  expect(storeDestination(managerWith({}))).toEqual({ name: 'Archive' });
  expect(storeDestination(managerWith({}, { supportsStow: false }))).toBeUndefined();
  const readOnly = { ...managerWith({}), getActiveDataSource: () => undefined };
  expect(storeDestination(readOnly)).toBeUndefined();
});
