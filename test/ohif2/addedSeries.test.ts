import type { Attributes } from '../../src/hosts/attributes';
import { AddedSeries } from '../../src/ohif2/addedSeries';
import type { DisplaySet, InstanceData, MetadataProvider, Study } from '../../src/ohif2/host';
import type { Libraries } from '../../src/ohif2/libraries';
import { Studies } from '../../src/ohif2/studies';
import type { NewSeries } from '../../src/viewer/port';

/** The classes that the viewer has for its own series. */
class Instance {
  readonly #data: InstanceData;
  constructor(data: InstanceData) {
    this.#data = data;
  }
  getData = () => this.#data;
  getImageId = () => this.#data.url ?? '';
}

let made = 0;
class ImageSet {
  readonly uid = `set-${++made}`;
  readonly images: readonly Instance[];
  constructor(images: readonly Instance[]) {
    this.images = images;
  }
  setAttributes(attributes: object): void {
    Object.assign(this, attributes);
  }
}

function study(uid: string): Study {
  const metadata = { SOPInstanceUID: `${uid}.1.1` } as Attributes;
  const original = new ImageSet([new Instance({ metadata })]);
  original.setAttributes({ displaySetInstanceUID: `original of ${uid}`, StudyInstanceUID: uid });
  return { StudyInstanceUID: uid, displaySets: [original as unknown as DisplaySet] };
}

/** A viewer of these studies, whose image loader has read nothing yet. */
function setUp(...open: Study[]) {
  globalThis.document ??= new EventTarget() as unknown as Document;
  const providers: MetadataProvider[] = [];
  const cornerstone = {
    imageCache: { getImageLoadObject: () => undefined },
    metaData: {
      get: () => undefined,
      addProvider: (provider: MetadataProvider) => providers.push(provider),
      removeProvider: (provider: MetadataProvider) => providers.splice(providers.indexOf(provider), 1),
    },
  };
  const dataSetCacheManager = { get: () => undefined, isLoaded: () => false };
  const libraries = { cornerstone, cornerstoneWADOImageLoader: { wadouri: { dataSetCacheManager } } };
  const viewer = { open };
  const added = new AddedSeries(libraries as unknown as Libraries, new Studies(() => viewer.open));
  return { added, viewer, providers };
}

const series = (kind: NewSeries['kind']): NewSeries => ({
  kind,
  sourceId: undefined,
  files: [
    {
      sourceFileId: undefined,
      content: new Blob(['x']),
      studyInstanceUID: '1.2',
      seriesInstanceUID: '1.2.9',
      sopInstanceUID: '1.2.9.1',
      seriesDescription: 'Axial',
      attributes: {},
    },
  ],
});

const listedIn = ({ displaySets = [] }: Study) =>
  displaySets.map(({ displaySetInstanceUID }) => displaySetInstanceUID);

test('what was added is listed after the series of its study, and leaves the list when it is removed', () => {
  const [other, own] = [study('1.1'), study('1.2')];
  const { added } = setUp(other, own);
  const { id } = added.add(series('protected'), []);
  expect(listedIn(own)).toEqual(['original of 1.2', id]);
  expect(listedIn(other)).toEqual(['original of 1.1']);
  added.remove(id);
  expect(listedIn(own)).toEqual(['original of 1.2']);
});

test('a study that is opened again lists none of what was added before', () => {
  const own = study('1.2');
  const { added, providers } = setUp(own);
  added.add(series('protected'), []);
  added.add(series('restored'), []);
  expect(own.displaySets).toHaveLength(3);
  added.release();
  expect(listedIn(own)).toEqual(['original of 1.2']);
  expect(providers).toEqual([]);
});

test('nor does a study that the viewer no longer names, or one with a new list', () => {
  const [own, other] = [study('1.2'), study('1.1')];
  const { added, viewer } = setUp(own);
  added.add(series('protected'), []);
  viewer.open = [other];
  added.relist();
  own.displaySets = own.displaySets!.toReversed();
  added.release();
  expect(listedIn(own)).toEqual(['original of 1.2']);
  expect(listedIn(other)).toEqual(['original of 1.1']);
});
