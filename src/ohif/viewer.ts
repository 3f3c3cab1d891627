import type { Rectangle } from '../engine/pixels/frame';
import { patientOf } from '../hosts/attributes';
import { BlockMarks } from '../hosts/blockMarks';
import { orientationOf, UPRIGHT } from '../hosts/orientation';
import { drawPicture } from '../hosts/picture';
import { protectionMark } from '../hosts/recognise';
import { Downloads } from '../viewer/downloads';
import { checkFileSize } from '../viewer/fileSize';
import type {
  AddedSeriesIds,
  MarkedBlocks,
  MarkKind,
  NewSeries,
  Notification,
  Orientation,
  Picture,
  StoredFile,
  ViewerFile,
  ViewerImage,
  ViewerPort,
  ViewerSeries,
  ViewerState,
} from '../viewer/port';
import { AddedSeries } from './addedSeries';
import { Badges } from './badges';
import { readInstance } from './bytes';
import { countDescribing } from './describing';
import { Drawing } from './drawing';
import { DrawnPixels } from './drawnPixels';
import type { CornerstoneViewport, DisplaySet, ExtensionParameters, Instance, Services } from './host';
import { type DisplayedImage, filesOf, imagesOf } from './images';
import { KeyAreas } from './keyAreas';
import { Layout } from './layout';
import { activeDataSource, cornerstoneLibraries, type Libraries } from './libraries';
import { adoptRectangle, measuredRectangles } from './measuredRectangles';
import { onCanvas, placesOf, RENDERED } from './places';
import { storeDestination, storeFile } from './store';
import { mapStoredReferences } from './storedReferences';
import { watchViewer } from './watch';

/** OHIF v3 as the panel sees it, for as long as one study is open. */
export class OhifViewer implements ViewerPort {
  readonly #parameters: ExtensionParameters;
  readonly #services: Services;
  readonly #libraries: Libraries;
  readonly #added: AddedSeries;
  readonly #keyAreas: KeyAreas;
  readonly #layout: Layout;
  readonly #drawing: Drawing;
  readonly #badges: Badges;
  readonly #blockMarks: BlockMarks;
  readonly #downloads = new Downloads();
  readonly #drawnPixels: DrawnPixels;
  readonly #largestFile: number;
  readonly #stop: (() => void)[];

  /** @param largestFile bytes of the largest file that is read */
  constructor(parameters: ExtensionParameters, largestFile: number) {
    const { extensionManager, commandsManager, servicesManager } = parameters;
    this.#parameters = parameters;
    this.#services = servicesManager.services;
    this.#libraries = cornerstoneLibraries(extensionManager);
    this.#added = new AddedSeries(this.#services, this.#libraries, extensionManager);
    this.#drawnPixels = new DrawnPixels(this.#libraries.cornerstone, (id) => this.#added.hasImage(id));
    this.#keyAreas = new KeyAreas(this.#services, this.#libraries);
    this.#largestFile = largestFile;
    this.#drawing = new Drawing(this.#services, this.#libraries, commandsManager);
    this.#layout = new Layout(this.#services, commandsManager);
    this.#badges = new Badges(this.#services, (id) => this.#added.kindOf(id));
    this.#blockMarks = new BlockMarks(RENDERED, () => placesOf(this.#services));
    this.#stop = [
      this.subscribe(() => this.#badges.update()),
      mapStoredReferences(extensionManager, this.#added),
    ];
  }

  /** Frees all that was added and drawn. The viewer is not to be used afterwards. */
  release(): void {
    this.#drawing.release();
    for (const stop of this.#stop) stop();
    this.#badges.release();
    this.#blockMarks.release();
    this.#layout.release();
    this.#keyAreas.clear();
    this.#added.release();
    this.#drawnPixels.release();
    this.#downloads.release();
  }

  state(): ViewerState {
    const displaySet = this.#activeDisplaySet();
    if (displaySet === undefined) return { status: 'empty' };
    const viewport = this.#activeViewport();
    if (!displaySet.images?.length) return { status: 'unsuitable' };
    if (!viewport) return { status: 'empty' };
    if (viewport.type !== 'stack') return { status: 'unsuitable' };
    const images = this.#imagesOf(displaySet);
    const imageId = viewport.getCurrentImageId();
    const image = images.find(({ id }) => id === imageId);
    if (image === undefined) return { status: 'empty' };
    return {
      status: 'ready',
      series: this.#describe(displaySet, image.instance),
      image: plain(image),
      keyAreas: this.#keyAreas.on(images),
    };
  }

  subscribe(listener: () => void): () => void {
    return watchViewer(listener, this.#services, this.#libraries);
  }

  picture(image: ViewerImage, rectangle: Rectangle, side: number): Picture | undefined {
    const cached = this.#libraries.cornerstone.cache.getImage(image.id);
    const viewport = this.#activeViewport();
    if (cached === undefined || !viewport) return undefined;
    const { voiRange, invert = false } = viewport.getProperties();
    const pixels = {
      values: cached.getPixelData(),
      width: cached.columns,
      height: cached.rows,
      color: cached.color,
    };
    return drawPicture(pixels, rectangle, { lower: 0, upper: 255, ...voiRange, invert }, side);
  }

  orientation(): Orientation {
    const viewport = this.#activeViewport();
    const turned = viewport && onCanvas(viewport);
    return turned ? orientationOf(turned) : UPRIGHT;
  }

  async readFile(seriesId: string, fileId: string, signal: AbortSignal): Promise<ArrayBuffer> {
    const added = this.#added.file(seriesId, fileId);
    if (added !== undefined) return added.blob.arrayBuffer();
    const displaySet = this.#displaySet(seriesId);
    const instance = displaySet.images?.find(({ SOPInstanceUID }) => SOPInstanceUID === fileId);
    if (instance === undefined) throw new Error('The image is not listed any more.');
    const { extensionManager } = this.#parameters;
    const bytes = await readInstance(
      displaySet,
      instance,
      this.#services,
      this.#libraries,
      extensionManager,
      signal,
    );
    checkFileSize(bytes.byteLength, this.#largestFile);
    return bytes;
  }

  drawKeyArea(): void {
    this.#drawing.start();
  }

  addKeyArea(image: ViewerImage, rectangle: Rectangle): string {
    return this.#keyAreas.add(rectangle, image);
  }

  changeKeyArea(id: string, rectangle: Rectangle): void {
    this.#keyAreas.change(id, rectangle);
  }

  measuredRectangles(): readonly string[] {
    const imageId = this.#displayedImageId();
    if (imageId === undefined) return [];
    const { cornerstoneTools } = this.#libraries;
    return measuredRectangles(cornerstoneTools, imageId).map(({ annotationUID }) => annotationUID);
  }

  adoptRectangle(id: string): boolean {
    const imageId = this.#displayedImageId();
    if (imageId === undefined) return false;
    const adopted = adoptRectangle(id, this.#libraries.cornerstoneTools, imageId);
    this.#keyAreas.redraw();
    return adopted;
  }

  removeKeyAreas(ids: readonly string[]): void {
    this.#keyAreas.remove(ids);
  }

  addSeries(series: NewSeries): AddedSeriesIds {
    return this.#added.add(series);
  }

  async removeSeries(id: string, instead: { readonly id: string; readonly position: number }): Promise<void> {
    // OHIF's menus fail on a viewport whose display set is gone: first another one, then away with it.
    if (this.hasSeries(instead.id)) await this.#layout.sideBySide.replace(id, instead);
    this.#added.remove(id);
  }

  hasSeries(id: string): boolean {
    return this.#services.displaySetService.getDisplaySetByUID(id) !== undefined;
  }

  showSeries(id: string, position: number): Promise<void> {
    return this.#layout.show(id, position);
  }

  showSideBySide(leftId: string, rightId: string, position: number): Promise<void> {
    return this.#layout.sideBySide.show(leftId, rightId, position);
  }

  markBlocks(kind: MarkKind, marked: MarkedBlocks | undefined): void {
    this.#blockMarks.show(kind, marked);
  }

  seriesByUID(seriesInstanceUID: string): string | undefined {
    return this.#services.displaySetService
      .getActiveDisplaySets()
      .find((displaySet) => displaySet.SeriesInstanceUID === seriesInstanceUID && displaySet.images?.length)
      ?.displaySetInstanceUID;
  }

  filesOf(seriesId: string): ViewerFile[] {
    return filesOf(this.#displaySet(seriesId));
  }

  destination() {
    return storeDestination(this.#parameters.extensionManager);
  }

  async storeFile(seriesId: string, fileId: string, signal: AbortSignal): Promise<StoredFile> {
    const file = this.#added.file(seriesId, fileId);
    if (file === undefined) throw new Error('The file is not in memory any more.');
    const authorization = this.#services.userAuthenticationService.getAuthorizationHeader();
    return storeFile(file, authorization, this.#parameters.extensionManager, signal);
  }

  download(name: string, parts: BlobPart[], type: string): void {
    this.#downloads.save(name, parts, type);
  }

  notify({ title, text, type }: Notification): void {
    this.#services.uiNotificationService.show({ title, message: text, type });
  }

  #describe(displaySet: DisplaySet, instance: Instance): ViewerSeries {
    const id = displaySet.displaySetInstanceUID;
    const mark = protectionMark(instance);
    const addedKind = this.#added.kindOf(id);
    const kind = addedKind ?? (mark === undefined ? 'original' : 'protected');
    const files = filesOf(displaySet);
    return {
      id,
      studyId: displaySet.StudyInstanceUID,
      kind,
      inMemory: addedKind !== undefined,
      modality: displaySet.Modality ?? '',
      patient: patientOf(instance),
      description: displaySet.SeriesDescription ?? '',
      files,
      images: files.reduce((sum, { frames }) => sum + frames, 0),
      notice: mark?.notice,
      measurements: countDescribing(displaySet.SeriesInstanceUID, this.#services),
    };
  }

  #imagesOf(displaySet: DisplaySet): DisplayedImage[] {
    return imagesOf(displaySet, this.#services, activeDataSource(this.#parameters.extensionManager));
  }

  #displaySet(id: string): DisplaySet {
    const displaySet = this.#services.displaySetService.getDisplaySetByUID(id);
    if (displaySet === undefined) throw new Error('The series is not listed any more.');
    return displaySet;
  }

  #activeDisplaySet(): DisplaySet | undefined {
    const { activeViewportId, viewports } = this.#services.viewportGridService.getState();
    const [id] = viewports.get(activeViewportId ?? '')?.displaySetInstanceUIDs ?? [];
    return id === undefined ? undefined : this.#services.displaySetService.getDisplaySetByUID(id);
  }

  #displayedImageId(): string | undefined {
    return this.#activeViewport()?.getCurrentImageId?.();
  }

  #activeViewport(): CornerstoneViewport | null | undefined {
    const id = this.#services.viewportGridService.getActiveViewportId();
    return id === null ? undefined : this.#services.cornerstoneViewportService.getCornerstoneViewport(id);
  }
}

function plain({ instance: _, ...image }: DisplayedImage): ViewerImage {
  return image;
}
