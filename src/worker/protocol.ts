import type { FileInspection, FilePlan, Likeness } from '../dicom/index';
import type { ErrorCode, Secret, SharedJob, Suggestion } from '../engine/index';
import type {
  FileDescription,
  JobRequest,
  KeyringOptions,
  PixelPicture,
  PlanRequest,
  ProtectedBytes,
  ProtectOptions,
  RestoredBytes,
  RestoreOptions,
  ScannedText,
} from '../viewer/service';

/**
 * What the page and the worker say to each other. Every request carries a number; every answer
 * carries the number of its request. Files cross as transferred buffers, never as copies.
 */
export type Request = Command & { readonly request: number };

export type Command =
  /** Makes a content key and its envelope: one per series. Answered with the job's number. */
  | { readonly command: 'open-job'; readonly options: JobRequest }
  | { readonly command: 'close-job'; readonly job: number }
  /** Hands a job's key, which cannot be read out, and texts over for another worker. */
  | { readonly command: 'share-job'; readonly job: number }
  /** Takes a job over from another worker. Answered with the job's number here. */
  | { readonly command: 'adopt-job'; readonly shared: SharedJob }
  | {
      readonly command: 'protect';
      readonly job: number;
      readonly file: ArrayBuffer;
      readonly options: ProtectOptions;
    }
  /** Keeps a file for plans and proposals. Answered with the file's number. */
  | { readonly command: 'open-file'; readonly file: ArrayBuffer }
  | { readonly command: 'plan'; readonly file: number; readonly options: PlanRequest }
  | { readonly command: 'suggest'; readonly file: number; readonly frame: number }
  | { readonly command: 'close-file'; readonly file: number }
  /** Keeps a secret for the files that follow. Answered with the keyring's number. */
  | { readonly command: 'open-keyring'; readonly secret: Secret; readonly options: KeyringOptions }
  | { readonly command: 'close-keyring'; readonly keyring: number }
  | {
      readonly command: 'restore';
      readonly keyring: number;
      readonly file: ArrayBuffer;
      readonly options: RestoreOptions;
    }
  | { readonly command: 'open-text'; readonly keyring: number; readonly text: string }
  | { readonly command: 'inspect'; readonly file: ArrayBuffer }
  | { readonly command: 'describe'; readonly file: ArrayBuffer }
  | { readonly command: 'compare'; readonly one: ArrayBuffer; readonly other: ArrayBuffer }
  | { readonly command: 'scan'; readonly picture: PixelPicture }
  /** Stops the request `target` at its next frame; that request answers with `cancelled`. */
  | { readonly command: 'cancel'; readonly target: number };

export type Answer =
  | { readonly request: number; readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly request: number; readonly kind: 'result'; readonly result: unknown }
  /** `code` is missing where the failure is a defect of this software, not a {@link ErrorCode}. */
  | { readonly request: number; readonly kind: 'error'; readonly code?: ErrorCode; readonly message: string };

/** The result of each command. */
export interface Results {
  'open-job': number;
  'close-job': undefined;
  'share-job': SharedJob;
  'adopt-job': number;
  protect: ProtectedBytes;
  'open-file': number;
  plan: FilePlan;
  suggest: Suggestion[];
  'close-file': undefined;
  'open-keyring': number;
  'close-keyring': undefined;
  restore: RestoredBytes;
  'open-text': string;
  inspect: FileInspection;
  describe: FileDescription;
  compare: Likeness;
  scan: ScannedText[];
  cancel: undefined;
}

/** The end of a channel: a worker seen from the page, the page seen from a worker, or a message port. */
export interface Channel {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}
