import type { AddedSeriesIds, NewSeries, SeriesKind } from '../viewer/port';
import { type AddedImage, changesOf, instanceOf, metadataOf } from './addedImage';
import type { CornerstoneImage, DisplaySet, ExtensionManager, Instance, Services } from './host';
import { imagesOf } from './images';
import { activeDataSource, type Libraries } from './libraries';
import { forgetParsedFile } from './parsedFiles';

/** Above OHIF's own provider (9999) and the one for overlays (10000). */
const PROVIDER_PRIORITY = 10001;

/** A file that is in memory only. */
export interface AddedFile {
  readonly blob: Blob;
  readonly url: string;
  /** As they are in the file; the viewer may list it under others. */
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly displayedSeriesUID: string;
}

interface Entry {
  readonly kind: Exclude<SeriesKind, 'original'>;
  readonly sourceId: string | undefined;
  readonly files: Map<string, AddedFile>;
  readonly imageIds: string[];
}

/**
 * The protected and restored series that this extension added to the viewer. They live in memory: each
 * file behind a blob URL that Cornerstone loads from, its metadata answered from the image that it was
 * made from. `release` frees all of it.
 */
export class AddedSeries {
  readonly #entries = new Map<string, Entry>();
  readonly #images = new Map<string, AddedImage>();
  readonly #instances = new Map<string, unknown>();
  readonly #loaded = new Set<WeakRef<CornerstoneImage>>();
  readonly #services: Services;
  readonly #libraries: Libraries;
  readonly #extensionManager: ExtensionManager;

  constructor(services: Services, libraries: Libraries, extensionManager: ExtensionManager) {
    this.#services = services;
    this.#libraries = libraries;
    this.#extensionManager = extensionManager;
    libraries.cornerstone.metaData.addProvider(this.#provide, PROVIDER_PRIORITY);
    libraries.cornerstone.eventTarget.addEventListener('CORNERSTONE_IMAGE_LOADED', this.#remember);
  }

  kindOf(id: string): Entry['kind'] | undefined {
    return this.#entries.get(id)?.kind;
  }

  file(seriesId: string, fileId: string): AddedFile | undefined {
    return this.#entries.get(seriesId)?.files.get(fileId);
  }

  /** The identifiers that a series is displayed under, which no file has, and those of its files. */
  displayedUIDs(): ReadonlyMap<string, { readonly kind: Entry['kind']; readonly uid: string }> {
    const uids = new Map<string, { kind: Entry['kind']; uid: string }>();
    for (const { kind, files } of this.#entries.values()) {
      for (const [displayed, file] of files) {
        if (displayed === file.sopInstanceUID) continue;
        uids.set(displayed, { kind, uid: file.sopInstanceUID });
        uids.set(file.displayedSeriesUID, { kind, uid: file.seriesInstanceUID });
      }
    }
    return uids;
  }

  add(series: NewSeries): AddedSeriesIds {
    const sourceImages =
      series.sourceId === undefined
        ? []
        : imagesOf(
            this.#displaySet(series.sourceId),
            this.#services,
            activeDataSource(this.#extensionManager),
          );
    const entry: Entry = { kind: series.kind, sourceId: series.sourceId, files: new Map(), imageIds: [] };
    try {
      const instances = this.#fill(entry, series, sourceImages);
      return { id: this.#list(entry, instances), fileIds: [...entry.files.keys()] };
    } catch (error) {
      this.#free('', entry);
      throw error;
    }
  }

  /** Makes the images of a new series known to the viewer's loaders and metadata. */
  #fill(entry: Entry, series: NewSeries, sourceImages: ReturnType<typeof imagesOf>): Instance[] {
    const displayOnlySeriesUID = randomUID();
    const instances: Instance[] = [];
    for (const file of series.files) {
      const uids =
        series.kind === 'protected'
          ? { series: file.seriesInstanceUID, instance: file.sopInstanceUID }
          : { series: displayOnlySeriesUID, instance: randomUID() };
      const changes = changesOf(file, series, uids);
      const { studyInstanceUID, seriesInstanceUID, sopInstanceUID, attributes, bytes } = file;
      const blob = new Blob([bytes], { type: 'application/dicom' });
      new Uint8Array(bytes).fill(0);
      const url = URL.createObjectURL(blob);
      entry.files.set(uids.instance, {
        blob,
        url,
        studyInstanceUID,
        seriesInstanceUID,
        sopInstanceUID,
        displayedSeriesUID: uids.series,
      });
      const frames = sourceImages.filter((image) => image.fileId === file.sourceFileId);
      const count = frames.length || Math.max(1, Number(attributes.NumberOfFrames ?? 1) || 1);
      const ids = Array.from({ length: count }, (_, index) => {
        const frame = frames[index]?.frame ?? index + 1;
        return `wadouri:${url}${count > 1 ? `?frame=${frame}` : ''}`;
      });
      ids.forEach((imageId, index) => {
        const sourceImageId = frames[index]?.id;
        this.#images.set(imageId, { kind: series.kind, sourceImageId, attributes, changes });
      });
      entry.imageIds.push(...ids);
      const source = frames[0]?.instance ?? (attributes as unknown as Instance);
      instances.push(instanceOf(source, changes, ids[0]));
    }
    return instances;
  }

  #list(entry: Entry, instances: Instance[]): string {
    const middle = entry.imageIds[entry.imageIds.length >> 1];
    const [displaySet] =
      this.#services.displaySetService.makeDisplaySets(instances, {
        madeInClient: true,
        settings: {
          getThumbnailSrc: (options?: { getImageSrc?: (imageId: string) => unknown }) =>
            options?.getImageSrc?.(middle) ?? null,
        },
      }) ?? [];
    if (displaySet === undefined) throw new Error('The viewer did not list the new series.');
    const id = displaySet.displaySetInstanceUID;
    this.#entries.set(id, entry);
    if (entry.imageIds.length > instances.length) {
      // DICOMweb data sources give one image id for all frames of an object that has a URL.
      this.#services.cornerstoneCacheService.stackImageIds.set(id, entry.imageIds);
    }
    return id;
  }

  remove(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    this.#services.displaySetService.deleteDisplaySet(id);
    this.#free(id, entry);
  }

  /** Frees everything: called when the study is closed, with the viewer's own lists already cleared. */
  release(): void {
    for (const [id, entry] of this.#entries) this.#free(id, entry);
    this.#entries.clear();
    for (const reference of this.#loaded) erase(reference.deref());
    this.#loaded.clear();
    const { metaData, eventTarget } = this.#libraries.cornerstone;
    metaData.removeProvider(this.#provide);
    eventTarget.removeEventListener('CORNERSTONE_IMAGE_LOADED', this.#remember);
  }

  #free(id: string, { files, imageIds }: Entry): void {
    const { cache } = this.#libraries.cornerstone;
    this.#services.cornerstoneCacheService.stackImageIds.delete(id);
    for (const imageId of imageIds) {
      if (cache.getImageLoadObject(imageId) !== undefined) {
        erase(cache.getImage(imageId));
        cache.removeImageLoadObject(imageId, { force: true });
      }
      forgetParsedFile(this.#libraries.cornerstone, imageId);
      this.#images.delete(imageId);
      this.#instances.delete(imageId);
    }
    for (const { url } of files.values()) URL.revokeObjectURL(url);
    files.clear();
  }

  #displaySet(id: string): DisplaySet {
    const displaySet = this.#services.displaySetService.getDisplaySetByUID(id);
    if (displaySet === undefined) throw new Error('The series is not listed any more.');
    return displaySet;
  }

  readonly #provide = (type: string, imageId: string): unknown => {
    const image = this.#images.get(imageId);
    if (image === undefined) return undefined;
    if (type !== 'instance') return metadataOf(image, type, imageId, this.#libraries.cornerstone);
    // The viewer asks for instances with every mouse move.
    const instance =
      this.#instances.get(imageId) ?? metadataOf(image, type, imageId, this.#libraries.cornerstone);
    this.#instances.set(imageId, instance);
    return instance;
  };

  /** The viewer drops images from its cache when it likes; what is still alive is erased on release. */
  readonly #remember = (event: Event): void => {
    const image = (event as CustomEvent<{ image?: CornerstoneImage & { imageId?: string } }>).detail?.image;
    if (image?.imageId !== undefined && this.#images.has(image.imageId)) this.#loaded.add(new WeakRef(image));
  };
}

function erase(image: CornerstoneImage | undefined): void {
  image?.getPixelData()?.fill(0);
}

/** 2.25 and a random 128-bit number (PS3.5, annex B.2). */
function randomUID(): string {
  const hexadecimal = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
  return `2.25.${BigInt(`0x${hexadecimal}`)}`;
}
