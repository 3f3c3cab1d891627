import { protectionMark } from '../../src/hosts/recognise';
import { AddedSeries } from '../../src/ohif/addedSeries';
import type { CornerstoneImage, DisplaySet, Instance } from '../../src/ohif/host';
import { cornerstoneLibraries } from '../../src/ohif/libraries';
import type { NewFile, NewSeries } from '../../src/viewer/port';
import { FakeHost, instance } from './fakeHost';

const creator = { '00990010': 'KEY AREA PROTECTION 1' };

function setUp(images: Instance[]) {
  const host = new FakeHost();
  const { extensionManager, servicesManager } = host.parameters;
  host.addDisplaySet('source', images);
  host.providers.push((type, imageId) => {
    const found = images.find((image) => imageId.startsWith(image.imageId ?? ''));
    if (found === undefined) return undefined;
    if (type === 'instance') return found;
    return type === 'imagePixelModule' || type === 'imagePlaneModule' ? { type, imageId } : undefined;
  });
  const added = new AddedSeries(
    servicesManager.services,
    cornerstoneLibraries(extensionManager),
    extensionManager,
  );
  return { host, added };
}

const newFile = (number: number): NewFile => ({
  sourceFileId: `1.2.3.${number}`,
  content: new Blob([Uint8Array.of(number)]),
  studyInstanceUID: '1.2',
  seriesInstanceUID: '1.2.9',
  sopInstanceUID: `1.2.9.${number}`,
  seriesDescription: 'Axial - key area hidden',
  attributes: {},
});

const series = (kind: NewSeries['kind'], ...files: NewFile[]): NewSeries => ({
  kind,
  sourceId: 'source',
  files,
});

const listed = (host: FakeHost, id: string): DisplaySet => host.displaySets.get(id)!;

describe('a protected series', () => {
  test('is listed under its own identifiers, recognised as protected, and shown like its source', async () => {
    const { host, added } = setUp([instance(1), instance(2)]);
    const { id, fileIds } = added.add({ ...series('protected', newFile(2)), notice: 'Ask us.' });
    const [image] = listed(host, id).images!;
    expect(image).toMatchObject({
      SOPInstanceUID: '1.2.9.2',
      SeriesInstanceUID: '1.2.9',
      StudyInstanceUID: '1.2',
      Rows: 80,
    });
    expect(protectionMark(image!)).toEqual({ notice: 'Ask us.' });
    expect(fileIds).toEqual(['1.2.9.2']);
    expect(added.kindOf(id)).toBe('protected');

    const imageId = image!.imageId!;
    expect(imageId).toMatch(/^wadouri:blob:/);
    expect(host.metadata('imagePlaneModule', imageId)).toEqual({
      type: 'imagePlaneModule',
      imageId: 'source:2',
    });
    expect(host.metadata('instance', imageId)).toMatchObject({ SOPInstanceUID: '1.2.9.2', imageId });
    expect(host.metadata('generalSeriesModule', imageId)).toMatchObject({ seriesInstanceUID: '1.2.9' });
    expect(new Uint8Array(await added.file(id, '1.2.9.2')!.blob.arrayBuffer())).toEqual(Uint8Array.of(2));
  });

  test('takes its pixels’ description from its own file', () => {
    const { host, added } = setUp([instance(1)]);
    const { id } = added.add(series('protected', newFile(1)));
    expect(host.metadata('imagePixelModule', listed(host, id).images![0]!.imageId!)).toBeUndefined();
  });

  test('does not pass on what the viewer hung on the source image', () => {
    const source = instance(1, { wadoRoot: '/dicomweb' });
    const { host, added } = setUp([source]);
    const { id } = added.add(series('protected', newFile(1)));
    const [image] = listed(host, id).images!;
    expect(image).not.toHaveProperty('wadoRoot');
    expect(image!.url).toBe(image!.imageId);
    expect(Object.keys(image!)).not.toContain('imageId');
  });
});

describe('a restored series', () => {
  test('is listed under identifiers of this viewer alone; its files keep their own', () => {
    const { host, added } = setUp([instance(1, creator), instance(2, creator)]);
    const { id, fileIds } = added.add(series('restored', newFile(1), newFile(2)));
    const [first, second] = listed(host, id).images!;
    expect(first!.SeriesInstanceUID).toMatch(/^2\.25\.\d{30,39}$/);
    expect(second!.SeriesInstanceUID).toBe(first!.SeriesInstanceUID);
    expect(second!.SOPInstanceUID).not.toBe(first!.SOPInstanceUID);
    expect(fileIds).toEqual([first!.SOPInstanceUID, second!.SOPInstanceUID]);
    expect(added.file(id, fileIds[0]!)).toMatchObject({
      sopInstanceUID: '1.2.9.1',
      seriesInstanceUID: '1.2.9',
    });
  });

  test('is not taken for a protected one, and says that it was restored', () => {
    const { host, added } = setUp([instance(1, creator)]);
    const { id } = added.add(series('restored', { ...newFile(1), seriesDescription: 'Axial' }));
    const [image] = listed(host, id).images!;
    expect(protectionMark(image!)).toBeUndefined();
    expect(image!.SeriesDescription).toBe('Axial (restored)');
  });
});

test('a multi-frame object has one image for each frame', () => {
  const { host, added } = setUp([instance(1, { NumberOfFrames: 3 })]);
  const { id } = added.add(series('protected', newFile(1)));
  const ids = host.stackImageIds.get(id)!;
  expect(ids.map((imageId) => imageId.split('?')[1])).toEqual(['frame=1', 'frame=2', 'frame=3']);
  expect(host.metadata('imagePlaneModule', ids[2]!)).toMatchObject({ imageId: 'source:1?frame=3' });
});

describe('what is in memory', () => {
  /** A cached image, as Cornerstone announces it. */
  function load(host: FakeHost, imageId: string): Uint16Array {
    const pixels = Uint16Array.of(7, 7, 7);
    const image = {
      imageId,
      columns: 3,
      rows: 1,
      color: false,
      getPixelData: () => pixels,
    } as CornerstoneImage;
    host.images.set(imageId, image);
    host.eventTarget.dispatchEvent(new CustomEvent('CORNERSTONE_IMAGE_LOADED', { detail: { image } }));
    return pixels;
  }

  const gone = async (url: string) => await expect(fetch(url)).rejects.toThrow();

  test('goes with the series: its pixels are erased, its file cannot be read any more', async () => {
    const { host, added } = setUp([instance(1)]);
    const { id, fileIds } = added.add(series('restored', newFile(1)));
    const { url } = added.file(id, fileIds[0]!)!;
    const imageId = listed(host, id).images![0]!.imageId!;
    const pixels = load(host, imageId);
    expect((await fetch(url)).ok).toBe(true);

    added.remove(id);
    expect(Array.from(pixels)).toEqual([0, 0, 0]);
    expect(host.images.size).toBe(0);
    expect(host.displaySets.has(id)).toBe(false);
    expect(added.kindOf(id)).toBeUndefined();
    expect(host.metadata('instance', imageId)).toBeUndefined();
    await gone(url);
  });

  test('goes when the study is closed, even what the viewer has dropped from its cache before', async () => {
    const { host, added } = setUp([instance(1)]);
    const { id, fileIds } = added.add(series('restored', newFile(1)));
    const { url } = added.file(id, fileIds[0]!)!;
    const imageId = listed(host, id).images![0]!.imageId!;
    const pixels = load(host, imageId);
    host.images.clear();
    host.displaySets.clear();

    added.release();
    expect(Array.from(pixels)).toEqual([0, 0, 0]);
    expect(host.metadata('instance', imageId)).toBeUndefined();
    await gone(url);
  });

  test('goes from the parsed file that an image brings along, too', () => {
    const { host, added } = setUp([instance(1)]);
    const { id } = added.add(series('restored', newFile(1)));
    const imageId = listed(host, id).images![0]!.imageId!;
    load(host, imageId);
    const part = Uint8Array.of(7, 7).buffer;
    Object.assign(host.images.get(imageId)!, { data: { PixelData: [part] } });
    added.release();
    expect(new Uint8Array(part)).toEqual(Uint8Array.of(0, 0));
  });

  test('does not touch other images', () => {
    const { host, added } = setUp([instance(1)]);
    const pixels = load(host, 'source:1');
    added.release();
    expect(Array.from(pixels)).toEqual([7, 7, 7]);
    expect(host.images.has('source:1')).toBe(true);
  });
});

describe('the window of an added image', () => {
  const windowOf = (attributes: NewFile['attributes'], kind: 'restored' | 'protected' = 'restored') => {
    const { host, added } = setUp([instance(1)]);
    host.providers.push((type) =>
      type === 'voiLutModule' ? { windowCenter: [1], windowWidth: [2] } : undefined,
    );
    const { id } = added.add(series(kind, { ...newFile(1), attributes }));
    const [image] = listed(host, id).images!;
    return host.metadata('voiLutModule', image!.imageId!);
  };

  test('is the one that the original names', () => {
    expect(windowOf({ WindowCenter: 40, WindowWidth: 400 })).toEqual({
      windowCenter: [40],
      windowWidth: [400],
    });
    expect(windowOf({ WindowCenter: [40, 600], WindowWidth: [400, 2000] })).toEqual({
      windowCenter: [40, 600],
      windowWidth: [400, 2000],
    });
  });

  test('is left to the viewer where the original names none, or none that shows anything', () => {
    expect(windowOf({})).toEqual({});
    expect(windowOf({ WindowCenter: 0, WindowWidth: 0 })).toEqual({});
  });

  test('is left to the viewer where a protected one names one that shows nothing; it is asked where it names none', () => {
    expect(windowOf({ WindowCenter: 0, WindowWidth: 0 }, 'protected')).toEqual({});
    expect(windowOf({}, 'protected')).toEqual({ windowCenter: [1], windowWidth: [2] });
  });
});
