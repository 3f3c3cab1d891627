import { AddedSeries } from '../../src/ohif/addedSeries';
import type { DataSource, ExtensionManager } from '../../src/ohif/host';
import { cornerstoneLibraries } from '../../src/ohif/libraries';
import { mapStoredReferences } from '../../src/ohif/storedReferences';
import type { NewSeries } from '../../src/viewer/port';
import { FakeHost, instance } from './fakeHost';

/** A data source that keeps what it is told to store, and a series in memory. */
function setUp(kind: NewSeries['kind'], series: Partial<NewSeries> = {}) {
  const host = new FakeHost();
  const { servicesManager } = host.parameters;
  host.addDisplaySet('source', [instance(1)]);
  host.providers.push((type) => (type === 'instance' ? instance(1) : undefined));
  const stored: unknown[][] = [];
  const dicom = async (...given: unknown[]) => void stored.push(given);
  const source = { ...host.parameters.extensionManager.getActiveDataSource()![0]!, store: { dicom } };
  const manager: ExtensionManager = {
    ...host.parameters.extensionManager,
    getActiveDataSource: () => [source as DataSource],
  };
  const added = new AddedSeries(servicesManager.services, cornerstoneLibraries(manager), manager);
  const { id } = added.add({
    kind,
    sourceId: 'source',
    files: [
      {
        sourceFileId: '1.2.3.1',
        content: new Blob([Uint8Array.of(1)]),
        studyInstanceUID: '1.2',
        seriesInstanceUID: '1.2.8',
        sopInstanceUID: '1.2.8.1',
        seriesDescription: 'Axial',
        attributes: {},
      },
    ],
    ...series,
  });
  const stop = mapStoredReferences(manager, added);
  const [image] = host.displaySets.get(id)!.images!;
  return { source, stored, stop, dicom, image: image! };
}

const report = (series: string, object: string) => ({
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.22',
  CurrentRequestedProcedureEvidenceSequence: [
    { ReferencedSeriesSequence: { SeriesInstanceUID: series, ReferencedSOPSequence: [{ uid: object }] } },
  ],
});

test('a report on restored images refers to the originals once it is stored', async () => {
  const { source, stored, image, stop, dicom } = setUp('restored');
  const made = report(image.SeriesInstanceUID, image.SOPInstanceUID);
  const before = structuredClone(made);
  await source.store.dicom(made, null, { dict: [image.SOPInstanceUID] });
  expect(stored).toEqual([[report('1.2.8', '1.2.8.1'), null, { dict: ['1.2.8.1'] }]]);
  expect(made).toEqual(before);
  stop();
  expect(source.store.dicom).toBe(dicom);
});

test('what refers to other images is stored as it is', async () => {
  const { source, stored } = setUp('restored');
  const made = report('1.2.3', '1.2.3.1');
  await source.store.dicom(made);
  expect(stored[0]![0]).toBe(made);
});

test('a report on altered images is not filed with the original', () => {
  const { source, stored, image } = setUp('altered');
  expect(() => source.store.dicom(report('1.2.3', image.SOPInstanceUID))).toThrow('altered');
  expect(stored).toEqual([]);
});

test('a report on a file that differs from what is listed under its identifiers is not filed with that', () => {
  const { source, stored, image } = setUp('protected', { besidesListed: true });
  const words = 'another is listed under its identifiers';
  expect(() => source.store.dicom(report('1.2.3', image.SOPInstanceUID))).toThrow(words);
  expect(() => source.store.dicom(report(image.SeriesInstanceUID, '1.2.3.1'))).toThrow(words);
  const written = new TextEncoder().encode(`...${image.SOPInstanceUID}\0...`).buffer;
  expect(() => source.store.dicom(written)).toThrow(words);
  expect(stored).toEqual([]);
});

test('a report on a protected series that is listed under its own identifiers is stored as it is', async () => {
  const { source, stored } = setUp('protected');
  const made = report('1.2.8', '1.2.8.1');
  await source.store.dicom(made);
  expect(stored).toEqual([[made]]);
});

test('a written file that refers to restored images in memory is refused', () => {
  const { source, stored, image } = setUp('restored');
  const written = new TextEncoder().encode(`...${image.SOPInstanceUID}\0...`).buffer;
  expect(() => source.store.dicom(written)).toThrow('no archive knows');
  const other = new TextEncoder().encode('...1.2.3.1...').buffer;
  source.store.dicom(other);
  expect(stored).toEqual([[other]]);
});
