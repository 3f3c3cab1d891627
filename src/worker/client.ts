import { KeyAreaError } from '../engine/errors';
import type { Handle, KeyAreaService } from '../viewer/service';
import { type WorkerChannel, WorkerConnection } from './connection';

/** A worker that knows a job, and the job's number there. */
interface Member {
  readonly connection: WorkerConnection;
  readonly job: Promise<number>;
  /** Files under way there. */
  files: number;
}

/** Workers of one page, at most; each may hold a file, its frames and the proof of what it made. */
const MAX_WORKERS = 4;

/** One core stays free for the viewer. */
const defaultWorkers = (): number =>
  Math.max(1, Math.min(MAX_WORKERS, (globalThis.navigator?.hardwareConcurrency ?? 2) - 1));

/**
 * The panel's service, done by workers that run `serve`. They are started by `start` when first needed.
 * Files, keyrings and plans are one worker's matter; the files of a job are spread over up to `workers`,
 * of which the others end with the job. A job's key is derived once, and no thread can read it out.
 */
export function createKeyAreaClient(start: () => WorkerChannel, workers = defaultWorkers()): KeyAreaService {
  const main = new WorkerConnection(start);
  const jobs = new Map<Handle, Member[]>();

  /** The worker with the least to do, a new one where all are busy and there may be more. */
  function memberOf(job: Handle): Member {
    const members = jobs.get(job);
    if (members === undefined)
      throw new KeyAreaError('invalid-argument', 'This job was closed. Start again.');
    const [least] = [...members].sort((a, b) => a.files - b.files);
    if (least.files === 0 || members.length === workers) return least;
    const connection = new WorkerConnection(start);
    const adopted = main
      .send({ command: 'share-job', job })
      .then((shared) => connection.send({ command: 'adopt-job', shared }));
    const member = { connection, job: adopted, files: 0 };
    // A refusal reaches the caller through its first file.
    adopted.catch(() => {});
    members.push(member);
    return member;
  }

  return {
    workers,
    async openJob(request, call) {
      const job = await main.send({ command: 'open-job', options: request }, call);
      jobs.set(job, [{ connection: main, job: Promise.resolve(job), files: 0 }]);
      return job;
    },
    async protect(job, file, options, call) {
      const member = memberOf(job);
      member.files++;
      try {
        const command = { command: 'protect', job: await member.job, file, options } as const;
        return await member.connection.send(command, call, [file]);
      } finally {
        member.files--;
      }
    },
    async closeJob(job) {
      const [, ...others] = jobs.get(job) ?? [];
      jobs.delete(job);
      for (const { connection } of others) connection.end();
      await main.close({ command: 'close-job', job });
    },
    openFile: (file, call) => main.send({ command: 'open-file', file }, call, [file]),
    plan: (file, options, call) => main.send({ command: 'plan', file, options }, call),
    suggest: (file, frame, call) => main.send({ command: 'suggest', file, frame }, call),
    closeFile: (file) => main.close({ command: 'close-file', file }),
    openKeyring: (secret, options = {}, call) =>
      main.send({ command: 'open-keyring', secret, options }, call),
    restore: (keyring, file, options = {}, call) =>
      main.send({ command: 'restore', keyring, file, options }, call, [file]),
    openText: (keyring, text, call) => main.send({ command: 'open-text', keyring, text }, call),
    closeKeyring: (keyring) => main.close({ command: 'close-keyring', keyring }),
    inspect: (file, call) => main.send({ command: 'inspect', file }, call, [file]),
    describe: (file, call) => main.send({ command: 'describe', file }, call, [file]),
    compare: (one, other, call) => main.send({ command: 'compare', one, other }, call, [one, other]),
    scan: (picture, call) => main.send({ command: 'scan', picture }, call, [picture.data.buffer]),
    dispose() {
      for (const [, ...others] of jobs.values()) for (const { connection } of others) connection.end();
      jobs.clear();
      main.end();
    },
  };
}
