import type { FileInspection, KeyArea, ProtectedFile, RestoredFile } from '../dicom/index';

/**
 * What the panel has done for it outside the page's thread: the worker's client is one such service.
 * Nothing here says how the work is done. Every call may throw a `KeyAreaError`; a failure that is none
 * is a defect of this software or of its installation.
 */

export type { KeyArea };

/** What every call takes: a signal that cancels it, and a listener for its progress in frames. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** An open job or keyring. Close what you open. */
export type Handle = number;

export interface JobRequest {
  readonly passphrase: string;
  readonly report: string;
  readonly notice?: string;
  /** age public keys that can open it too, in an envelope of their own. */
  readonly recoveryRecipients?: readonly string[];
  readonly workFactor?: number;
}

/** What a viewer has to know of a new file to list it. */
export interface FileDescription {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  /** Undefined: as that of the file it was made from. */
  readonly seriesDescription: string | undefined;
}

/** What opens a protected image: what a person knows, or age identities (`AGE-SECRET-KEY-1...`). */
export type Secret = { readonly passphrase: string } | { readonly identities: readonly string[] };

export interface ProtectOptions {
  readonly areas: readonly KeyArea[];
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
  /** Derives the key of one series, which takes a second or two at the default cost. */
  openJob(request: JobRequest, call?: CallOptions): Promise<Handle>;
  protect(
    job: Handle,
    file: ArrayBuffer,
    options: ProtectOptions,
    call?: CallOptions,
  ): Promise<ProtectedBytes>;
  closeJob(job: Handle): Promise<void>;
  openKeyring(secret: Secret, call?: CallOptions): Promise<Handle>;
  restore(keyring: Handle, file: ArrayBuffer, call?: CallOptions): Promise<RestoredBytes>;
  closeKeyring(keyring: Handle): Promise<void>;
  /** What can be told of a protected file without its key. Throws `not-protected`. */
  inspect(file: ArrayBuffer, call?: CallOptions): Promise<FileInspection>;
  /** Gives up every key. Calls under way are cancelled. */
  dispose(): void;
}
