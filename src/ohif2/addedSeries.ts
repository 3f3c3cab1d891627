import { type AddedFile, type AddedFiles, keepFiles, type SourceImage } from '../hosts/addedFiles';
import { type AddedImage, metadataOf } from '../hosts/addedImage';
import { type Attributes, framesOf } from '../hosts/attributes';
import type { AddedSeriesIds, NewSeries } from '../viewer/port';
import type { DisplaySet, InstanceData, InstanceMetadata, Study } from './host';
import type { Libraries } from './libraries';
import type { Studies } from './studies';

/** Above the viewer's own provider (9999). */
const PROVIDER_PRIORITY = 10001;

/** What the viewer's own classes are called with; they are reached through one of their objects. */
type InstanceConstructor = new (data: InstanceData, series: object, study: Study) => InstanceMetadata;
type DisplaySetConstructor = new (images: InstanceMetadata[]) => DisplaySet;

interface Listed extends AddedFiles {
  readonly displaySet: DisplaySet;
}

/**
 * The protected and restored series that this extension added to the viewer. They live in memory: each
 * file behind a blob URL that the image loader reads, its metadata answered from the image that it was
 * made from. `release` takes all of it out of the viewer's lists and frees it.
 */
export class AddedSeries {
  readonly #listed = new Map<string, Listed>();
  readonly #images = new Map<string, AddedImage>();
  readonly #attributes = new Map<string, Attributes>();
  /** The studies that list any of it, or did: the viewer keeps a study that was closed, for the next time. */
  readonly #changedStudies = new Set<Study>();
  readonly #libraries: Libraries;
  readonly #studies: Studies;

  constructor(libraries: Libraries, studies: Studies) {
    this.#libraries = libraries;
    this.#studies = studies;
    libraries.cornerstone.metaData.addProvider(this.#provide, PROVIDER_PRIORITY);
  }

  kindOf(id: string): AddedFiles['kind'] | undefined {
    return this.#listed.get(id)?.kind;
  }

  file(seriesId: string, fileId: string): AddedFile | undefined {
    return this.#listed.get(seriesId)?.files.get(fileId);
  }

  /** @param sourceImages of the series that it was made from */
  add(series: NewSeries, sourceImages: readonly SourceImage[]): AddedSeriesIds {
    const model = this.#studies.displaySets().find(({ images = [] }) => images.length > 0);
    const study =
      (series.sourceId === undefined ? undefined : this.#studies.studyOf(series.sourceId)) ??
      this.#studies.studyFor(series.files[0]?.studyInstanceUID ?? '');
    if (model === undefined) throw new Error('No series with images is open any more.');
    const added = keepFiles(series, sourceImages, 0);
    const displaySet = makeDisplaySet(added, model, study);
    for (const [imageId, image] of added.images) this.#images.set(imageId, image);
    this.#listed.set(displaySet.displaySetInstanceUID, { ...added, displaySet });
    this.relist();
    refreshThumbnails();
    return { id: displaySet.displaySetInstanceUID, fileIds: [...added.files.keys()] };
  }

  /** Lists what was added again: while a study loads, the viewer replaces its list of series. */
  relist(): void {
    for (const { displaySet } of this.#listed.values()) {
      const study = this.#studies.studyFor(displaySet.StudyInstanceUID);
      study.displaySets ??= [];
      if (!study.displaySets.includes(displaySet)) study.displaySets.push(displaySet);
      this.#changedStudies.add(study);
    }
  }

  remove(id: string): void {
    const listed = this.#listed.get(id);
    if (listed === undefined) return;
    this.#listed.delete(id);
    this.#unlist(listed);
    refreshThumbnails();
    this.#free(listed);
  }

  /** Frees everything. */
  release(): void {
    for (const listed of this.#listed.values()) {
      this.#unlist(listed);
      this.#free(listed);
    }
    this.#listed.clear();
    this.#libraries.cornerstone.metaData.removeProvider(this.#provide);
  }

  #unlist({ displaySet }: Listed): void {
    for (const { displaySets = [] } of this.#changedStudies) {
      const index = displaySets.indexOf(displaySet);
      if (index >= 0) displaySets.splice(index, 1);
    }
  }

  #free({ files, images }: AddedFiles): void {
    const { cornerstone, cornerstoneWADOImageLoader } = this.#libraries;
    const parsed = cornerstoneWADOImageLoader.wadouri.dataSetCacheManager;
    // The pixels of an image are a part of its file as it was parsed, or were unpacked from it.
    for (const { url } of files.values()) parsed.get(url)?.byteArray.fill(0);
    for (const imageId of images.keys()) {
      const loaded = cornerstone.imageCache.getImageLoadObject(imageId);
      void loaded?.promise.then(
        (image) => image.getPixelData().fill(0),
        () => {},
      );
      if (loaded !== undefined) cornerstone.imageCache.removeImageLoadObject(imageId);
      this.#images.delete(imageId);
      this.#attributes.delete(imageId);
    }
    for (const { url } of files.values()) {
      // Each of its images holds the parsed file.
      while (parsed.isLoaded(url)) parsed.unload(url);
      URL.revokeObjectURL(url);
    }
    files.clear();
  }

  /** The viewer asks for modules, and for single attributes by their keywords. */
  readonly #provide = (type: string, imageId: string): unknown => {
    const image = this.#images.get(imageId);
    if (image === undefined) return undefined;
    const attributes = this.#attributesOf(imageId, image);
    if (type === 'instance') return attributes;
    if (attributes !== undefined && Object.hasOwn(attributes, type)) return attributes[type];
    const { get } = this.#libraries.cornerstone.metaData;
    const module = metadataOf(image, type, get);
    if (type !== 'generalImageModule' || module === undefined) return module;
    return { ...module, sopInstanceUid: image.changes.SOPInstanceUID };
  };

  #attributesOf(imageId: string, image: AddedImage): Attributes | undefined {
    const known = this.#attributes.get(imageId);
    if (known !== undefined) return known;
    const { get } = this.#libraries.cornerstone.metaData;
    const attributes = metadataOf(image, 'instance', get) as Attributes | undefined;
    if (attributes !== undefined) this.#attributes.set(imageId, attributes);
    return attributes;
  }
}

function makeDisplaySet({ objects }: AddedFiles, model: DisplaySet, study: Study): DisplaySet {
  const Instance = model.images![0]!.constructor as InstanceConstructor;
  const ImageSet = model.constructor as DisplaySetConstructor;
  const images = objects.map(({ attributes, imageId }) => {
    // The viewer adds the frame itself.
    const url = imageId.replace(/\?frame=\d+$/, '');
    return new Instance({ metadata: attributes, url }, {}, study);
  });
  const [{ attributes }] = objects;
  const frames = objects.reduce((sum, object) => sum + framesOf(object.attributes), 0);
  const isMultiFrame = frames > objects.length;
  const displaySet = new ImageSet(images);
  displaySet.setAttributes({
    displaySetInstanceUID: displaySet.uid,
    // Of the study that lists it: the viewer looks for the series there.
    StudyInstanceUID: study.StudyInstanceUID,
    SeriesInstanceUID: attributes.SeriesInstanceUID,
    SeriesDescription: attributes.SeriesDescription,
    SeriesNumber: attributes.SeriesNumber,
    SeriesDate: attributes.SeriesDate,
    SeriesTime: attributes.SeriesTime,
    Modality: attributes.Modality,
    InstanceNumber: attributes.InstanceNumber,
    numImageFrames: frames,
    frameRate: attributes.FrameTime,
    isMultiFrame,
    ...(isMultiFrame && { isClip: true }),
    sopClassUIDs: [attributes.SOPClassUID],
    plugin: 'cornerstone',
  });
  return displaySet;
}

/** The viewer lists thumbnails anew on this event, and otherwise only where another series is displayed. */
function refreshThumbnails(): void {
  document.dispatchEvent(new CustomEvent('segmentationLoadingError'));
}
