import type { Rectangle } from '../engine/pixels/frame';
import type { SourceImage } from '../hosts/addedFiles';
import { framesOf, patientOf } from '../hosts/attributes';
import { BlockMarks } from '../hosts/blockMarks';
import { orientationOf, UPRIGHT } from '../hosts/orientation';
import { drawPicture } from '../hosts/picture';
import { protectionMark } from '../hosts/recognise';
import { Downloads } from '../viewer/downloads';
import { checkFileSize } from '../viewer/fileSize';
import type {
  AddedSeriesIds,
  Destination,
  MarkedBlocks,
  MarkKind,
  NewSeries,
  Notification,
  Orientation,
  Picture,
  SeriesKind,
  StoredFile,
  ViewerFile,
  ViewerImage,
  ViewerPort,
  ViewerSeries,
  ViewerState,
} from '../viewer/port';
import { AddedSeries } from './addedSeries';
import { Badges } from './badges';
import { readInstance, serverOf, storeFile } from './dicomWeb';
import { Drawing } from './drawing';
import { FittedPictures } from './fittedPictures';
import type { DicomWebServer, DisplaySet, ExtensionParameters, Study } from './host';
import { KeyAreas } from './keyAreas';
import { Layout } from './layout';
import type { Libraries } from './libraries';
import { Renderings } from './renderings';
import { fileOf, filesOf, Studies } from './studies';
import { RENDERED, Viewports } from './viewports';
import { watchViewer } from './watch';

/** OHIF v2 as the panel sees it, for as long as one study is open. */
export class OhifViewer implements ViewerPort {
  readonly #libraries: Libraries;
  readonly #notifications: ExtensionParameters['servicesManager']['services']['UINotificationService'];
  readonly #largestFile: number;
  readonly #studies: Studies;
  readonly #viewports: Viewports;
  readonly #layout: Layout;
  readonly #added: AddedSeries;
  readonly #keyAreas: KeyAreas;
  readonly #drawing: Drawing;
  readonly #badges: Badges;
  readonly #fittedPictures: FittedPictures;
  readonly #blockMarks: BlockMarks;
  readonly #renderings: Renderings;
  readonly #downloads = new Downloads();
  /** Image ids by series, as a viewport had them: the viewer makes them when a series is displayed. */
  readonly #imageIds = new Map<string, readonly string[]>();
  readonly #stop: () => void;

  /**
   * @param studies the open studies as the viewer has them now
   * @param largestFile bytes of the largest file that is read
   */
  constructor(
    libraries: Libraries,
    { servicesManager }: ExtensionParameters,
    studies: () => readonly Study[],
    largestFile: number,
  ) {
    this.#libraries = libraries;
    this.#notifications = servicesManager.services.UINotificationService;
    this.#largestFile = largestFile;
    this.#studies = new Studies(studies);
    this.#viewports = new Viewports(libraries);
    this.#layout = new Layout(libraries, this.#studies, this.#viewports);
    this.#added = new AddedSeries(libraries, this.#studies);
    this.#renderings = new Renderings(libraries.cornerstone);
    this.#keyAreas = new KeyAreas(libraries);
    this.#drawing = new Drawing(libraries.cornerstoneTools);
    this.#badges = new Badges(this.#studies, this.#viewports, (displaySet) => this.#kindOf(displaySet));
    this.#fittedPictures = new FittedPictures(libraries.cornerstone);
    this.#blockMarks = new BlockMarks(RENDERED, () => this.#viewports.places());
    this.#stop = this.subscribe(() => this.#badges.update());
  }

  /** Frees all that was added and drawn. The viewer is not to be used afterwards. */
  release(): void {
    this.#stop();
    this.#drawing.release();
    this.#badges.release();
    this.#fittedPictures.release();
    this.#blockMarks.release();
    this.#layout.release();
    this.#keyAreas.clear();
    this.#added.release();
    this.#renderings.release();
    this.#downloads.release();
  }

  /** To be called where the viewer may have replaced its list of series. */
  studiesChanged(): void {
    this.#added.relist();
    this.#badges.update();
  }

  state(): ViewerState {
    const index = this.#viewports.activeIndex;
    const shown = this.#viewports.shownIn(index);
    const displaySet = shown && this.#studies.displaySet(shown.id);
    if (displaySet === undefined) return { status: 'empty' };
    if (!displaySet.images?.length || !shown?.asImages) return { status: 'unsuitable' };
    const enabled = this.#viewports.elementOf(index);
    const imageId = enabled?.image?.imageId;
    if (enabled === undefined || imageId === undefined) return { status: 'empty' };
    const imageIds = this.#viewports.imageIdsIn(enabled);
    const images = imagesOf(displaySet, imageIds);
    const image = images.find(({ id }) => id === imageId);
    if (image === undefined || image.fileId !== this.#viewports.fileIn(enabled)) return { status: 'empty' };
    this.#imageIds.set(displaySet.displaySetInstanceUID, imageIds);
    return {
      status: 'ready',
      series: this.#describe(displaySet),
      image,
      keyAreas: this.#keyAreas.on(images),
    };
  }

  subscribe(listener: () => void): () => void {
    return watchViewer(listener, this.#libraries.store);
  }

  picture(image: ViewerImage, rectangle: Rectangle, side: number): Picture | undefined {
    const displayed = this.#libraries.cornerstone
      .getEnabledElements()
      .find((enabled) => enabled.image?.imageId === image.id);
    if (displayed?.image === undefined || displayed.viewport === undefined) return undefined;
    const { columns: width, rows: height, color, slope, intercept } = displayed.image;
    const { voi, invert } = displayed.viewport;
    const { windowWidth = 256, windowCenter = 128 } = voi;
    // From modality values to stored ones, which the image holds.
    const [lower, upper] = [windowCenter - windowWidth / 2, windowCenter + windowWidth / 2].map(
      (value) => (value - intercept) / slope,
    );
    const pixels = { values: displayed.image.getPixelData(), width, height, color };
    return drawPicture(pixels, rectangle, { lower, upper, invert }, side);
  }

  orientation(): Orientation {
    const enabled = this.#viewports.elementOf(this.#viewports.activeIndex);
    const turned = enabled && this.#viewports.onCanvas(enabled);
    return turned ? orientationOf(turned) : UPRIGHT;
  }

  async readFile(seriesId: string, fileId: string, signal: AbortSignal): Promise<ArrayBuffer> {
    const added = this.#added.file(seriesId, fileId);
    if (added !== undefined) return added.blob.arrayBuffer();
    const { store, cornerstoneWADOImageLoader } = this.#libraries;
    const file = fileOf(this.#studies.listed(seriesId), fileId);
    const bytes = await readInstance(file, store.getState(), cornerstoneWADOImageLoader, signal);
    signal.throwIfAborted();
    checkFileSize(bytes.byteLength, this.#largestFile);
    return bytes;
  }

  drawKeyArea(): void {
    this.#drawing.start();
  }

  addKeyArea(image: ViewerImage, rectangle: Rectangle): string {
    return this.#keyAreas.add(rectangle, image.id);
  }

  changeKeyArea(id: string, rectangle: Rectangle): void {
    this.#keyAreas.change(id, rectangle);
  }

  removeKeyAreas(ids: readonly string[]): void {
    this.#keyAreas.remove(ids);
  }

  measuredRectangles(): readonly string[] {
    const imageId = this.#viewports.elementOf(this.#viewports.activeIndex)?.image?.imageId;
    return imageId === undefined ? [] : this.#keyAreas.measuredOn(imageId);
  }

  adoptRectangle(id: string): boolean {
    return this.measuredRectangles().includes(id) && this.#keyAreas.adopt(id);
  }

  addSeries(series: NewSeries): AddedSeriesIds {
    return this.#added.add(series, series.sourceId === undefined ? [] : this.#sourceImages(series.sourceId));
  }

  async removeSeries(id: string, instead: { readonly id: string; readonly position: number }): Promise<void> {
    // The viewer fails on a viewport whose series is gone: first another one, then away with it.
    if (this.hasSeries(instead.id)) await this.#layout.sideBySide.replace(id, instead);
    this.#added.remove(id);
  }

  /** True where the series with this id has images. */
  hasImages(id: string): boolean {
    return Boolean(this.#studies.displaySet(id)?.images?.length);
  }

  hasSeries(id: string): boolean {
    return this.#studies.displaySet(id) !== undefined;
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
    return this.#studies
      .displaySets()
      .find(({ SeriesInstanceUID, images }) => SeriesInstanceUID === seriesInstanceUID && images?.length)
      ?.displaySetInstanceUID;
  }

  filesOf(seriesId: string): readonly ViewerFile[] {
    return filesOf(this.#studies.listed(seriesId));
  }

  destination(): Destination | undefined {
    const server = this.#server();
    return server && { name: server.name ?? 'DICOMweb' };
  }

  async storeFile(seriesId: string, fileId: string, signal: AbortSignal): Promise<StoredFile> {
    const file = this.#added.file(seriesId, fileId);
    const server = this.#server();
    if (file === undefined) throw new Error('The file is not in memory any more.');
    if (server === undefined) throw new Error('The viewer has no server to store on.');
    return storeFile(file, server, this.#libraries.store.getState(), signal);
  }

  download(name: string, parts: BlobPart[], type: string): void {
    this.#downloads.save(name, parts, type);
  }

  notify({ title, text, type }: Notification): void {
    this.#notifications.show({ title, message: text, type });
  }

  /** The server that the open study came from. */
  #server(): DicomWebServer | undefined {
    const state = this.#libraries.store.getState();
    return this.#studies
      .displaySets()
      .flatMap(({ images: [image] = [] }) => (image === undefined ? [] : [serverOf(image, state)]))
      .find((server) => server !== undefined);
  }

  #kindOf({ displaySetInstanceUID, images: [image] = [] }: DisplaySet): SeriesKind {
    const marked = image !== undefined && protectionMark(image.getData().metadata) !== undefined;
    return this.#added.kindOf(displaySetInstanceUID) ?? (marked ? 'protected' : 'original');
  }

  #describe(displaySet: DisplaySet): ViewerSeries {
    const [first] = displaySet.images!;
    const { metadata } = first.getData();
    const files = filesOf(displaySet);
    const { measurements = {} } = this.#libraries.store.getState().timepointManager ?? {};
    return {
      id: displaySet.displaySetInstanceUID,
      studyId: displaySet.StudyInstanceUID,
      kind: this.#kindOf(displaySet),
      inMemory: this.#added.kindOf(displaySet.displaySetInstanceUID) !== undefined,
      modality: displaySet.Modality ?? '',
      patient: patientOf(metadata),
      description: displaySet.SeriesDescription ?? '',
      files,
      images: files.reduce((sum, { frames }) => sum + frames, 0),
      notice: protectionMark(metadata)?.notice,
      measurements: Object.values(measurements)
        .flatMap((ofTool) => ofTool ?? [])
        .filter(({ SeriesInstanceUID }) => SeriesInstanceUID === displaySet.SeriesInstanceUID).length,
    };
  }

  /** The images of a series that was on display, for what is made from it. */
  #sourceImages(id: string): SourceImage[] {
    const displaySet = this.#studies.displaySet(id);
    const imageIds = this.#imageIds.get(id);
    if (displaySet === undefined || imageIds === undefined) return [];
    return imagesOf(displaySet, imageIds).map((image) => ({
      ...image,
      instance: fileOf(displaySet, image.fileId).getData().metadata,
    }));
  }
}

/** The images of a display set, in the order displayed. */
function imagesOf({ images = [] }: DisplaySet, imageIds: readonly string[]): ViewerImage[] {
  const found: ViewerImage[] = [];
  for (const image of images) {
    const { metadata } = image.getData();
    for (let frame = 1; frame <= framesOf(metadata); frame++) {
      found.push({
        id: imageIds[found.length] ?? '',
        fileId: metadata.SOPInstanceUID,
        frame,
        position: found.length + 1,
        width: Number(metadata.Columns),
        height: Number(metadata.Rows),
      });
    }
  }
  return found;
}
