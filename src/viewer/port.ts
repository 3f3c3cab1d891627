import type { Rectangle } from '../engine/pixels/frame';
import type { FileDescription } from './service';

/**
 * What the panel needs from any viewer. A host implements this and hands it to the panel; nothing here
 * names a viewer, and everything is plain data, so that the panel can be tested without one.
 */

/** A DICOM object of a series. */
export interface ViewerFile {
  readonly id: string;
  /** Images in it: 1, or the frames of a multi-frame object. */
  readonly frames: number;
}

/** One image: a single-frame object, or one frame of a multi-frame object. */
export interface ViewerImage {
  readonly id: string;
  readonly fileId: string;
  /** In its file, from 1. */
  readonly frame: number;
  /** In its series as displayed, from 1. */
  readonly position: number;
  readonly width: number;
  readonly height: number;
}

/**
 * `original` also stands for images that do not say in their attributes that they are protected;
 * `restored` is one that this software restored and that only this viewer's memory holds; `altered` is
 * such a one of which the key areas alone are exact.
 */
export type SeriesKind = 'original' | 'protected' | 'restored' | 'altered';

export interface ViewerSeries {
  readonly id: string;
  /** The same for all series of a study, and of no other. */
  readonly studyId: string;
  readonly kind: SeriesKind;
  /** Only this viewer's memory holds its files: `addSeries` gave them. */
  readonly inMemory: boolean;
  readonly modality: string;
  /** As the viewer shows it; may be empty. */
  readonly patient: string;
  readonly description: string;
  /** In the order displayed. */
  readonly files: readonly ViewerFile[];
  /** The sum of the files' frames. */
  readonly images: number;
  /** The public text of a protected series, where its attributes carry it. */
  readonly notice: string | undefined;
  /** Measurements, reports and the like that the viewer lists for this series; they go on describing hidden pixels. */
  readonly measurements: number;
}

/**
 * Why a drawn key area cannot be used as it is; `undisplayed`: which pixels it touches is not known until its
 * image is displayed.
 */
export type KeyAreaProblem = 'outside' | 'oblique' | 'undisplayed';

/** A rectangle the user drew with the key area tool; `rectangle` has every pixel that it touches. */
export type DrawnKeyArea = { readonly id: string; readonly image: ViewerImage } & (
  | { readonly rectangle: Rectangle; readonly problem?: undefined }
  | { readonly rectangle?: undefined; readonly problem: KeyAreaProblem }
);

export type ViewerState =
  | { readonly status: 'empty' }
  /** The active viewport shows something that has no image pixels of its own: a reformation, a volume, a document. */
  | { readonly status: 'unsuitable' }
  | {
      readonly status: 'ready';
      readonly series: ViewerSeries;
      /** The one displayed. */
      readonly image: ViewerImage;
      /** All of this series, whichever image they were drawn on, in the order drawn. */
      readonly keyAreas: readonly DrawnKeyArea[];
    };

/** Displayed pixels, RGBA, as `ImageData` takes them. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/**
 * How a viewport turns an image: where the image's rows and columns run to on the screen, in whole
 * quarter turns; [1, 0] is to the right, [0, 1] is down.
 */
export interface Orientation {
  readonly alongRow: readonly [number, number];
  readonly alongColumn: readonly [number, number];
}

/** A file that is to appear in the viewer. */
export interface NewFile extends FileDescription {
  /** The file that it was made from; geometry and patient are taken from there. */
  readonly sourceFileId: string | undefined;
  readonly content: Blob;
}

export interface NewSeries {
  readonly kind: Exclude<SeriesKind, 'original'>;
  /** The series that it was made from; undefined for files from elsewhere, which describe themselves. */
  readonly sourceId: string | undefined;
  readonly files: readonly NewFile[];
  readonly notice?: string | undefined;
  /** Other files are listed under the identifiers of these: these are displayed under new ones. */
  readonly besidesListed?: boolean;
}

export interface AddedSeriesIds {
  readonly id: string;
  /** In the order of `NewSeries.files`. */
  readonly fileIds: readonly string[];
}

/** Blocks that were altered, or what the QR codes will cover. */
export type MarkKind = 'altered' | 'covered';

/** Blocks to be outlined on images of a series. */
export interface MarkedBlocks {
  readonly seriesId: string;
  readonly images: readonly {
    /** In the series, from 1. */
    readonly position: number;
    /** In image pixels. */
    readonly blocks: readonly Rectangle[];
  }[];
}

/** Where files can be stored. */
export interface Destination {
  /** As the viewer calls it. */
  readonly name: string;
}

/** A file that was stored; both buffers are the caller's own. */
export interface StoredFile {
  readonly sent: ArrayBuffer;
  /** What is there now. */
  readonly stored: ArrayBuffer;
}

/** Why a file could not be read, in a sentence for the user. */
export class ReadError extends Error {
  override readonly name = 'ReadError';
  /** It is not there (any more): to ask again is no use. */
  readonly missing: boolean;

  constructor(
    message: string,
    { missing = false, ...options }: ErrorOptions & { readonly missing?: boolean } = {},
  ) {
    super(message, options);
    this.missing = missing;
  }
}

/** Why storing failed, in the destination's own words where it gave any. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** The destination accepted a file, and what is there now was not read back. */
export class NotReadBack extends StoreError {}

/** A message that the viewer shows for a moment, by the names that OHIF gives its kinds. */
export interface Notification {
  readonly title: string;
  readonly text: string;
  readonly type: 'success' | 'warning' | 'error';
}

export interface ViewerPort {
  /** What is displayed now. Cheap: reads state, touches no pixels. */
  state(): ViewerState;
  /** Calls `listener` after anything that `state` tells has changed. Returns the way to stop it. */
  subscribe(listener: () => void): () => void;

  /** The pixels of a rectangle as displayed (window, inversion) but upright, at most `side` pixels wide or high. */
  picture(image: ViewerImage, rectangle: Rectangle, side: number): Picture | undefined;
  /** How the image on display is turned. */
  orientation(): Orientation;
  /** The exact Part 10 bytes, in a buffer of the caller's own. */
  readFile(seriesId: string, fileId: string, signal: AbortSignal): Promise<ArrayBuffer>;

  /** Lets the user draw one key area with the mouse; then the tool used before is active again. */
  drawKeyArea(): void;
  /** Draws a key area on the image on display, as if the user had drawn it. Returns its id. */
  addKeyArea(image: ViewerImage, rectangle: Rectangle): string;
  /** Gives a key area on the image on display another place and size. */
  changeKeyArea(id: string, rectangle: Rectangle): void;
  /** Removes key areas; where the viewer has an Undo, one brings all of them back. */
  removeKeyAreas(ids: readonly string[]): void;
  /** Ids of the rectangles on the displayed image that the user measured with, which are no key areas. */
  measuredRectangles(): readonly string[];
  /** Makes one of these a key area; its measurement goes. False where there is none of that id. */
  adoptRectangle(id: string): boolean;

  /** Adds a series to those listed. Its images are in memory only. */
  addSeries(series: NewSeries): AddedSeriesIds;
  /**
   * Forgets a series added by `addSeries` and frees what it held. Where it was displayed, what was there before
   * may come back; elsewhere another series is shown instead, at an image counted from 1.
   */
  removeSeries(id: string, instead: { readonly id: string; readonly position: number }): Promise<void>;
  /** True while the viewer lists the series. */
  hasSeries(id: string): boolean;
  showSeries(id: string, position: number): Promise<void>;
  /** Side by side, scrolling together. */
  showSideBySide(leftId: string, rightId: string, position: number): Promise<void>;
  /** Outlines blocks wherever these images are displayed, instead of those of their kind outlined before. */
  markBlocks(kind: MarkKind, marked: MarkedBlocks | undefined): void;
  /** The series with images that the viewer lists under this Series Instance UID, its id. */
  seriesByUID(seriesInstanceUID: string): string | undefined;
  /** The files of a listed series, in the order displayed. */
  filesOf(seriesId: string): readonly ViewerFile[];

  /** Where `storeFile` puts files; undefined where the viewer's data source takes none. */
  destination(): Destination | undefined;
  /**
   * Stores one file, then reads it back: some servers answer with success and keep what they had.
   * Throws {@link StoreError} where it was not accepted, and {@link NotReadBack} where it was and cannot be read back,
   * or no more since `signal` is aborted.
   */
  storeFile(seriesId: string, fileId: string, signal: AbortSignal): Promise<StoredFile>;
  download(name: string, parts: BlobPart[], type: string): void;
  notify(message: Notification): void;
}
