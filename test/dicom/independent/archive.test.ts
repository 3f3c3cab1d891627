import { readFile } from '../../../src/dicom/dataset/reader';
import { protectFile, restoreFile } from '../../../src/dicom/index';
import { describeWithOrthanc, type Orthanc, startOrthanc } from '../../orthanc';
import { expectSameBytes, type Keys, makeKeys } from '../support';
import { kinds } from './sources';

/**
 * Protected files go through an archive that others wrote and come back, as they were or rewritten by it,
 * and restore.
 */
interface Stored {
  readonly name: string;
  readonly original: Uint8Array;
  readonly sent: Uint8Array;
  readonly instance: string;
  /** Its place below the archive's DICOMweb address. */
  readonly path: string;
}

const TRANSCODES: readonly (readonly [string, transferSyntax: string, without: readonly string[]])[] = [
  ['big-endian', '1.2.840.10008.1.2.2', []],
  // Colour of 16 bits in lossless JPEG is not read.
  ['JPEG lossless', '1.2.840.10008.1.2.4.70', ['RGB-16']],
  // Orthanc 1.10 ends where it has to code signed samples in JPEG-LS.
  ['JPEG-LS', '1.2.840.10008.1.2.4.80', ['signed-8', 'signed-12', 'signed-16', 'implicit-VR']],
];

describeWithOrthanc('through Orthanc', () => {
  let orthanc: Orthanc;
  let keys: Keys;
  let stored: Stored[];
  beforeAll(async () => {
    [orthanc, keys] = await Promise.all([startOrthanc(), makeKeys()]);
    const areas = [{ rectangle: { x: 30, y: 30, width: 60, height: 50 } }];
    stored = await Promise.all(
      kinds().map(async ([name, original]) => {
        const result = await protectFile(original, keys.job, { areas, carrier: 'vault' });
        const { file: sent, sopInstanceUID: instance, seriesInstanceUID, studyInstanceUID } = result;
        const path = `/studies/${studyInstanceUID}/series/${seriesInstanceUID}/instances/${instance}`;
        return { name, original, sent, instance, path };
      }),
    );
    await orthanc.store(stored.map(({ sent }) => sent));
  });
  afterAll(() => orthanc.stop());

  /** Has the archive make another file of a stored one. */
  async function rewritten(
    { instance }: Stored,
    how: 'modify' | 'anonymize',
    options: object,
  ): Promise<Buffer> {
    const found = await fetch(`${orthanc.origin}/tools/lookup`, { method: 'POST', body: instance });
    const [{ Path: path }] = (await found.json()) as { Path: string }[];
    const address = `${orthanc.origin}${path}/${how}`;
    const response = await fetch(address, { method: 'POST', body: JSON.stringify(options) });
    if (!response.ok) throw new Error(`Orthanc answered ${response.status} to ${how}`);
    return Buffer.from(await response.arrayBuffer());
  }

  test('a protected file is found as a derived image in a series of its own', async () => {
    const found = await orthanc.search('/instances?includefield=00080008&includefield=0008103E');
    expect(found.length).toBe(stored.length);
    for (const { instance } of stored) {
      const object = found.find((entry) => entry['00080018']?.Value?.[0] === instance);
      expect(object?.['00080008']?.Value?.[0]).toBe('DERIVED');
      expect(object?.['0008103E']?.Value?.[0]).toBe('Axial slices - key area hidden');
    }
  });

  test('what was stored comes back as it was, and restores byte for byte', async () => {
    for (const { name, original, sent, path } of stored) {
      const [file] = await orthanc.retrieve(path);
      expectSameBytes(file, sent);
      const restored = await restoreFile(file, keys.keyring);
      expect([name, restored.fileVerified]).toEqual([name, true]);
      expectSameBytes(restored.file, original);
    }
  });

  test.each(TRANSCODES)('what it transcodes restores: %s', async (_, transferSyntax, without) => {
    for (const { name, path } of stored.filter(({ name }) => !without.includes(name))) {
      const [file] = await orthanc.retrieve(path, transferSyntax);
      expect([name, readFile(file).transferSyntax.uid]).toEqual([name, transferSyntax]);
      const { pixelsVerified } = await restoreFile(file, keys.keyring);
      expect([name, pixelsVerified]).toEqual([name, true]);
    }
  });

  test('what it modifies restores, private elements removed', async () => {
    for (const each of stored) {
      const file = await rewritten(each, 'modify', {
        Replace: { PatientName: 'Other^Name' },
        RemovePrivateTags: true,
      });
      const { pixelsVerified } = await restoreFile(file, keys.keyring);
      expect([each.name, pixelsVerified]).toEqual([each.name, true]);
    }
  });

  test('what it anonymises restores', async () => {
    for (const each of stored) {
      const { pixelsVerified } = await restoreFile(await rewritten(each, 'anonymize', {}), keys.keyring);
      expect([each.name, pixelsVerified]).toEqual([each.name, true]);
    }
  });
});
