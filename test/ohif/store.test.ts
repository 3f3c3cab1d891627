import type { AddedFile } from '../../src/hosts/addedFiles';
import type { DicomWebClient, ExtensionManager } from '../../src/ohif/host';
import { storeDestination, storeFile } from '../../src/ohif/store';
import { StoreError } from '../../src/viewer/port';
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
        getConfig: () => configuration,
        getImageIdsForDisplaySet: () => [],
      },
    ],
  };
}

const store = (client: Partial<DicomWebClient>) =>
  storeFile(file, { Authorization: 'Bearer x' }, managerWith(client), new AbortController().signal);

describe('a file', () => {
  beforeAll(() => {
    globalThis.XMLHttpRequest = class {
      abort() {}
    } as unknown as typeof XMLHttpRequest;
  });

  test('is sent as it is, with the authorisation of the viewer, and read back', async () => {
    const client: Partial<DicomWebClient> = {
      headers: {},
      storeInstances: jest.fn(async ({ datasets }) => {
        expect(new Uint8Array(datasets[0]!)).toEqual(new Uint8Array(sent));
        return '';
      }),
      retrieveInstance: jest.fn(async () => sent),
    };
    await store(client);
    expect(client.headers).toEqual({ Authorization: 'Bearer x' });
    expect(client.retrieveInstance).toHaveBeenCalledWith({
      studyInstanceUID: '1.2',
      seriesInstanceUID: '1.2.3',
      sopInstanceUID: '1.2.3.4',
    });
  });

  test('may come back with meta information of the server', async () => {
    const rewritten = part10([9, 9, 9, 9, 9], [8, 0, 5, 0, 1]);
    await store({ storeInstances: async () => '', retrieveInstance: async () => rewritten });
  });

  test('is not called stored where something else comes back', async () => {
    const other = part10([1, 2, 3], [8, 0, 5, 0, 2]);
    const storing = store({ storeInstances: async () => '', retrieveInstance: async () => other });
    await expect(storing).rejects.toThrow(StoreError);
    await expect(storing).rejects.toThrow('not what was sent');
  });

  test('is not called stored where it cannot be read back', async () => {
    const gone = Object.assign(new Error('request failed'), { status: 404 });
    const storing = store({
      storeInstances: async () => '',
      retrieveInstance: () => Promise.reject(gone),
    });
    await expect(storing).rejects.toThrow('HTTP 404');
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
