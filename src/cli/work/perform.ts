import {
  compareOutput,
  inspectFile,
  protectFile,
  restoreFile,
  resumeJob,
  suggestFile,
  verifyFile,
} from '../../dicom/index';
import { throwIfCancelled } from '../../dicom/options';
import {
  adoptJob,
  createKeyring,
  createProtectionJob,
  type Keyring,
  type ProtectionJob,
  type SharedJob,
} from '../../engine/index';
import type { OnProgress, Result, SeriesKeys, Task, TaskName } from './task';

/** Series that are kept in mind for their files to come: QR codes are drawn once, keys derived once. */
const KEPT = 4;

/** Does pieces of work, one after the other, in the thread it lives in. */
export class Performer {
  readonly #jobs = new Kept<ProtectionJob>();
  readonly #keyrings = new Kept<Keyring>();

  async perform<N extends TaskName>(
    task: Task<N>,
    onProgress: OnProgress,
    signal?: AbortSignal,
  ): Promise<Result<N>> {
    return (await this.#perform(task as Task, { onProgress, ...(signal ? { signal } : {}) })) as Result<N>;
  }

  async #perform(
    task: Task,
    call: { readonly onProgress: OnProgress; readonly signal?: AbortSignal },
  ): Promise<Result> {
    throwIfCancelled(call.signal);
    switch (task.task) {
      case 'open-job': {
        const job = await createProtectionJob(task.options);
        return this.#opened(job, call.signal);
      }
      case 'resume-job': {
        const keyring = createKeyring(task.secret);
        try {
          const job = await resumeJob(task.protected, keyring, { ...task.options, ...call });
          return this.#opened(job, call.signal);
        } finally {
          keyring.dispose();
        }
      }
      case 'check-output': {
        const { job, options, original } = task;
        const made = this.#jobOf(job);
        return { likeness: await compareOutput(task.protected, made, original, { ...options, ...call }) };
      }
      case 'protect':
        return protectFile(task.file, this.#jobOf(task.job), { ...task.options, ...call });
      case 'restore': {
        const keyring = this.#keyringOf(task.keys);
        const restored = await restoreFile(task.file, keyring, { ...task.options, ...call });
        return { ...restored, opened: await keyring.share() };
      }
      case 'verify': {
        const keyring = this.#keyringOf(task.keys);
        const verdict = await verifyFile(task.file, keyring, call);
        return { ...verdict, opened: await keyring.share() };
      }
      case 'inspect':
        return inspectFile(task.file, call);
      case 'suggest':
        return suggestFile(task.file, task.frame, call);
    }
  }

  /** Keeps a job; none that was opened too late, when every key is forgotten. */
  #opened(job: ProtectionJob, signal: AbortSignal | undefined): SharedJob {
    if (signal?.aborted) job.dispose();
    throwIfCancelled(signal);
    return this.#jobs.keep(nameOf(job), job).share();
  }

  #jobOf(shared: SharedJob): ProtectionJob {
    return this.#jobs.get(nameOf(shared)) ?? this.#jobs.keep(nameOf(shared), adoptJob(shared));
  }

  #keyringOf({ series, secret, opened }: SeriesKeys): Keyring {
    return this.#keyrings.get(series) ?? this.#keyrings.keep(series, createKeyring(secret, { opened }));
  }

  /** Forgets every key. */
  dispose(): void {
    this.#jobs.dispose();
    this.#keyrings.dispose();
  }
}

/** The things that were used last, by name; the others are disposed of. */
class Kept<T extends { dispose(): void }> {
  readonly #things = new Map<string, T>();

  get(name: string): T | undefined {
    const thing = this.#things.get(name);
    if (thing !== undefined) {
      this.#things.delete(name);
      this.#things.set(name, thing);
    }
    return thing;
  }

  keep(name: string, thing: T): T {
    this.#things.set(name, thing);
    for (const [oldest, old] of this.#things) {
      if (this.#things.size <= KEPT) break;
      old.dispose();
      this.#things.delete(oldest);
    }
    return thing;
  }

  dispose(): void {
    for (const thing of this.#things.values()) thing.dispose();
    this.#things.clear();
  }
}

const nameOf = ({ id }: Pick<SharedJob, 'id'>): string => Buffer.from(id).toString('hex');
