import { type AddedFile, type AddedFiles, keepFiles } from '../hosts/addedFiles';
import { type AddedImage, metadataOf } from '../hosts/addedImage';
import type { Attributes } from '../hosts/attributes';
import type { AddedSeriesIds, NewSeries } from '../viewer/port';
import type { CornerstoneImage, DisplaySet, ExtensionManager, Instance, Services } from './host';
import { imagesOf } from './images';
import { activeDataSource, type Libraries } from './libraries';
import { erasePixels, forgetParsedFile } from './parsedFiles';

/** Above OHIF's own provider (9999) and the one for overlays (10000). */
const PROVIDER_PRIORITY = 10001;

/**
 * The protected and restored series that this extension added to the viewer. They live in memory: each
 * file behind a blob URL that Cornerstone loads from, its metadata answered from the image that it was
 * made from. `release` frees all of it.
 */
export class AddedSeries {
  readonly #entries = new Map<string, AddedFiles>();
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

  kindOf(id: string): AddedFiles['kind'] | undefined {
    return this.#entries.get(id)?.kind;
  }

  hasImage(imageId: string): boolean {
    return this.#images.has(imageId);
  }

  file(seriesId: string, fileId: string): AddedFile | undefined {
    return this.#entries.get(seriesId)?.files.get(fileId);
  }

  /** The identifiers that a series is displayed under, which no file has, and those of its files. */
  displayedUIDs(): ReadonlyMap<string, { readonly kind: AddedFiles['kind']; readonly uid: string }> {
    const uids = new Map<string, { kind: AddedFiles['kind']; uid: string }>();
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
    const added = keepFiles(series, sourceImages, 1);
    for (const [imageId, image] of added.images) this.#images.set(imageId, image);
    try {
      return { id: this.#list(added), fileIds: [...added.files.keys()] };
    } catch (error) {
      this.#free('', added);
      throw error;
    }
  }

  #list(added: AddedFiles): string {
    const imageIds = [...added.images.keys()];
    const instances = added.objects.map(({ attributes, imageId }) => withAddress(attributes, imageId));
    const middle = imageIds[imageIds.length >> 1];
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
    this.#entries.set(id, added);
    if (imageIds.length > instances.length) {
      // DICOMweb data sources give one image id for all frames of an object that has a URL.
      this.#services.cornerstoneCacheService.stackImageIds.set(id, imageIds);
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

  #free(id: string, { files, images }: AddedFiles): void {
    const { cache } = this.#libraries.cornerstone;
    this.#services.cornerstoneCacheService.stackImageIds.delete(id);
    for (const imageId of images.keys()) {
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
    const { get } = this.#libraries.cornerstone.metaData;
    if (type !== 'instance') return metadataOf(image, type, get);
    // The viewer asks for instances with every mouse move.
    const known = this.#instances.get(imageId);
    if (known !== undefined) return known;
    const attributes = metadataOf(image, type, get) as Attributes | undefined;
    const instance = attributes && withAddress(attributes, imageId);
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
  erasePixels(image?.data);
}

/** As OHIF does: not enumerable, so that nothing copies them onto other instances. */
function withAddress(attributes: Attributes, imageId: string): Instance {
  const instance = { ...attributes };
  for (const name of ['url', 'imageId']) {
    Object.defineProperty(instance, name, { value: imageId, writable: true, configurable: true });
  }
  return instance;
}
