import { BRAIN, brainFile } from './demo/support';
import { expectSameBytes } from './dicom/support';
import { describeWithOrthanc, type Orthanc, startOrthanc } from './orthanc';

describeWithOrthanc('Orthanc', () => {
  let orthanc: Orthanc;
  beforeAll(async () => {
    orthanc = await startOrthanc();
  });
  afterAll(() => orthanc.stop());

  test('stores, finds and gives back files as they are, from an empty store', async () => {
    expect(await orthanc.search('/studies')).toEqual([]);
    const files = [await brainFile(3), await brainFile(4)];
    await orthanc.store(files);
    const found = await orthanc.search(`/studies/${BRAIN.study}/instances?includefield=00200013`);
    expect(found.map((object) => object['00200013']?.Value?.[0]).sort()).toEqual([3, 4]);
    const [file] = await orthanc.retrieve(
      `/studies/${BRAIN.study}/series/${BRAIN.series}/instances/${BRAIN.instance(4)}`,
    );
    expectSameBytes(file ?? new Uint8Array(), files[1] ?? new Uint8Array());
    await orthanc.clear();
    expect(await orthanc.search('/studies')).toEqual([]);
  });

  test('refuses what is no DICOM', async () => {
    await expect(orthanc.store([Buffer.from('no DICOM')])).rejects.toThrow('stored 0 of 1');
  });
});
