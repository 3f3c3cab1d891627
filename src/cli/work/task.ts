import type {
  FileInspection,
  FileVerdict,
  Likeness,
  ProtectedFile,
  ProtectFileOptions,
  RestoredFile,
  RestoreFileOptions,
  ResumeJobOptions,
} from '../../dicom/index';
import type { JobOptions, Secret, SharedJob, SharedKeys, Suggestion } from '../../engine/index';

/**
 * The pieces of work of the command line, each on one file at most. They and their results go through
 * structured clone, so that another thread can do them; files' bytes are handed over, not copied.
 */
export interface Tasks {
  /** Makes a content key and its envelopes: the key derivation of a series. */
  'open-job': { readonly input: { readonly options: JobOptions }; readonly result: SharedJob };
  /** Opens the job of an output again that an earlier run left. Throws what `resumeJob` throws. */
  'resume-job': {
    readonly input: {
      readonly protected: Uint8Array;
      readonly secret: Secret;
      readonly options: WorkOptions<ResumeJobOptions>;
    };
    readonly result: SharedJob;
  };
  /** How alike an output that is there already is to what protecting the original gives. */
  'check-output': {
    readonly input: {
      readonly protected: Uint8Array;
      readonly original: Uint8Array;
      readonly job: SharedJob;
      readonly options: WorkOptions<ProtectFileOptions>;
    };
    readonly result: { readonly likeness: Likeness };
  };
  protect: {
    readonly input: {
      readonly file: Uint8Array;
      readonly job: SharedJob;
      readonly options: WorkOptions<ProtectFileOptions>;
    };
    readonly result: ProtectedFile;
  };
  restore: {
    readonly input: {
      readonly file: Uint8Array;
      readonly keys: SeriesKeys;
      readonly options: WorkOptions<RestoreFileOptions>;
    };
    readonly result: RestoredFile & { readonly opened: SharedKeys };
  };
  verify: {
    readonly input: { readonly file: Uint8Array; readonly keys: SeriesKeys };
    readonly result: FileVerdict & { readonly opened: SharedKeys };
  };
  inspect: { readonly input: { readonly file: Uint8Array }; readonly result: FileInspection };
  suggest: {
    readonly input: { readonly file: Uint8Array; readonly frame: number };
    readonly result: readonly Suggestion[];
  };
}

/** What opens a series: whoever works on several of its files derives each of its keys once. */
export interface SeriesKeys {
  /** Names the series among those of a run. */
  readonly series: string;
  readonly secret: Secret;
  /** What was opened before, perhaps by another thread. */
  readonly opened: SharedKeys;
}

/** What crosses threads: no listeners and no signals. */
type WorkOptions<T> = Omit<T, 'onProgress' | 'signal'>;

export type TaskName = keyof Tasks;
export type Task<N extends TaskName = TaskName> = { [K in N]: { readonly task: K } & Tasks[K]['input'] }[N];
export type Result<N extends TaskName = TaskName> = Tasks[N]['result'];

/** How a caller follows a piece of work: frames done, and frames in all. */
export type OnProgress = (done: number, total: number) => void;

/** Whoever does pieces of work. */
export interface Executor {
  /** Pieces that are done at the same time. */
  readonly size: number;
  /** Throws what the work throws, and `cancelled` once disposed of. Byte arrays of the task are handed over. */
  perform<N extends TaskName>(task: Task<N>, onProgress?: OnProgress): Promise<Result<N>>;
  /** Ends what is under way, and forgets every key. */
  dispose(): Promise<void>;
}
