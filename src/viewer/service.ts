import type {
  FileInspection,
  FilePlan,
  KeyArea,
  Likeness,
  ProtectedFile,
  RestoredFile,
} from '../dicom/index';
import type { Rectangle } from '../engine/pixels/frame';

/**
 * What the panel has done for it outside the page's thread: the worker's client is one such service.
 * Nothing here says how the work is done. Every call may throw a `KeyAreaError`; a failure that is none
 * is a defect of this software or of its installation.
 */

export type { FileInspection, FilePlan, KeyArea, Likeness };

/** What every call takes: a signal that cancels it, and a listener for its progress in frames. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** An open job, file or keyring. Close what you open. */
export type Handle = number;

/** Where the key area is carried: under the QR code, or in small changes of the pixels around it. */
export type Carrier = FilePlan['carrier'];

/** What the QR says beside the notice: the report for whoever has the key, nothing, or the report in clear. */
export type QrContent = NonNullable<FilePlan['qrContent']>;

/** What gives way where a small key area cannot hold the sealed report: the area's size, or the report in the QR. */
export type SymbolFit = 'report' | 'area';

/** What travels with every image of a series, besides its key. */
interface Texts {
  readonly report: string;
  readonly notice?: string;
  readonly qr?: QrContent;
  readonly fit?: SymbolFit;
  /** age public keys; instead of a passphrase. */
  readonly recipients?: readonly string[];
  /** age public keys that open every image of the site, in an envelope of their own. */
  readonly recoveryRecipients?: readonly string[];
}

/** Give a passphrase, or recipients, not both. */
export interface JobRequest extends Texts {
  readonly passphrase?: string;
  /** Cost of deriving the passphrase's key, log2 of scrypt's N. */
  readonly workFactor?: number;
}

/** How the pixels are treated. */
export interface Treatment {
  /** None where the report alone is hidden, which only the surroundings can carry. */
  readonly areas: readonly KeyArea[];
  /** Where left out: under the QR code where there is room, else around. */
  readonly carrier?: Carrier;
  /** Turns the rest of the picture to noise. */
  readonly scramble?: boolean;
  /** Packs the protected files without loss. */
  readonly compress?: boolean;
}

/** What protecting would be asked for; where it says no recipients, a passphrase. */
export interface PlanRequest extends Texts, Treatment {
  /** The frame to plan, from 1. */
  readonly frame: number;
  /** Files protected together. */
  readonly count: number;
}

/** A proposed key area, best first of its kind: a place rich in detail, or burned-in text. */
export interface Suggestion {
  readonly rectangle: Rectangle;
  readonly kind: 'finding' | 'text';
}

/** An attribute's value as viewers hold it: several values as a list, a name of a person as an object. */
export type AttributeValue = string | number | { readonly Alphabetic: string } | readonly (string | number)[];

/** What a viewer has to know of a new file to list it. */
export interface FileDescription {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  /** Undefined: as that of the file it was made from. */
  readonly seriesDescription: string | undefined;
  /** Those attributes that viewers list and display an image by, under their keywords (PS3.6). */
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** What opens a protected image: what a person knows, or age identities (`AGE-SECRET-KEY-1...`). */
export type Secret = { readonly passphrase: string } | { readonly identities: readonly string[] };

export interface KeyringOptions {
  /** A person agreed to a key derivation that takes more memory and time than is safe unasked. */
  readonly acceptCost?: boolean;
}

export interface RestoreOptions {
  /** Restores what can be where other pixels were altered since, or some frames lost; refused without it. */
  readonly acceptAltered?: boolean;
  /** Gives a copy that was given other UIDs since its original ones back. */
  readonly originalUIDs?: boolean;
}

/** What a QR code in a picture says. */
export interface ScannedText {
  readonly text: string;
  /** The public part. */
  readonly notice: string;
  /** It carries a report for whoever has the key. */
  readonly sealed: boolean;
}

/** RGBA, four bytes per pixel, as `ImageData` holds them. */
export interface PixelPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

export interface ProtectOptions extends Treatment {
  /** Place of the file among those protected together, from 0. */
  readonly index: number;
  readonly count: number;
}

interface NewBytes {
  readonly file: ArrayBuffer;
  readonly description: FileDescription;
}

export type ProtectedBytes = NewBytes & Omit<ProtectedFile, 'file'>;
export type RestoredBytes = NewBytes & Omit<RestoredFile, 'file'>;

/** Buffers given are handed over: they are empty for the caller afterwards. */
export interface KeyAreaService {
  /** Files of a job that are worked on at the same time; more wait. */
  readonly workers: number;
  /** Derives the key of one series, which takes a second or two at the default cost. */
  openJob(request: JobRequest, call?: CallOptions): Promise<Handle>;
  protect(
    job: Handle,
    file: ArrayBuffer,
    options: ProtectOptions,
    call?: CallOptions,
  ): Promise<ProtectedBytes>;
  closeJob(job: Handle): Promise<void>;
  /** Keeps a file for plans and proposals, so that it is sent once. */
  openFile(file: ArrayBuffer, call?: CallOptions): Promise<Handle>;
  /** Tells what protecting a frame would do, without doing it. Throws what protecting it throws. */
  plan(file: Handle, request: PlanRequest, call?: CallOptions): Promise<FilePlan>;
  /** Proposes key areas for a frame, from 1. */
  suggest(file: Handle, frame: number, call?: CallOptions): Promise<Suggestion[]>;
  closeFile(file: Handle): Promise<void>;
  openKeyring(secret: Secret, options?: KeyringOptions, call?: CallOptions): Promise<Handle>;
  restore(
    keyring: Handle,
    file: ArrayBuffer,
    options?: RestoreOptions,
    call?: CallOptions,
  ): Promise<RestoredBytes>;
  /** The report of a sealed QR text. Throws `wrong-key`, `damaged`, `not-protected`. */
  openText(keyring: Handle, text: string, call?: CallOptions): Promise<string>;
  closeKeyring(keyring: Handle): Promise<void>;
  /** What can be told of a protected file without its key. Throws `not-protected`. */
  inspect(file: ArrayBuffer, call?: CallOptions): Promise<FileInspection>;
  /** What a viewer has to know of a file to list it. */
  describe(file: ArrayBuffer, call?: CallOptions): Promise<FileDescription>;
  /** How alike two files are. */
  compare(one: ArrayBuffer, other: ArrayBuffer, call?: CallOptions): Promise<Likeness>;
  /** Reads the QR codes of a picture; none where there are none that can be read. */
  scan(picture: PixelPicture, call?: CallOptions): Promise<ScannedText[]>;
  /** Gives up every key. Calls under way are cancelled. */
  dispose(): void;
}
