import {
  compareObjects,
  type FilePlan,
  inspectFile,
  planFile,
  protectFile,
  restoreFile,
  suggestFile,
} from '../dicom/index';
import {
  adoptJob,
  createKeyring,
  createProtectionJob,
  isSealed,
  KeyAreaError,
  type Keyring,
  noticeOf,
  openQrText,
  type ProtectionJob,
  scanPicture,
} from '../engine/index';
import type { PlanRequest } from '../viewer/service';
import { describeFile } from './description';
import { OpenedFiles, wasClosed } from './openedFiles';
import type { Answer, Channel, Command, Request } from './protocol';

type Progress = (done: number, total: number) => void;

/**
 * Answers requests on `channel` until the worker ends. Jobs and keyrings live here, so that content
 * keys and secrets are derived once per series and never leave the worker.
 */
export function serve(channel: Channel): void {
  const jobs = new Map<number, ProtectionJob>();
  const keyrings = new Map<number, Keyring>();
  const files = new OpenedFiles();
  const running = new Map<number, AbortController>();
  // Begins anywhere, so that handles of a worker that ended mean nothing to the next one.
  let [handles] = crypto.getRandomValues(new Uint32Array(1));

  const answer = (message: Answer, transfer: Transferable[] = []) => channel.postMessage(message, transfer);

  async function run(command: Command, signal: AbortSignal, onProgress: Progress): Promise<unknown> {
    switch (command.command) {
      case 'open-job': {
        const job = await createProtectionJob(command.options);
        if (signal.aborted) {
          job.dispose();
          throw new KeyAreaError('cancelled', 'Cancelled.');
        }
        jobs.set(++handles, job);
        return handles;
      }
      case 'close-job':
        jobs.get(command.job)?.dispose();
        jobs.delete(command.job);
        return undefined;
      case 'share-job':
        return open(jobs, command.job).share();
      case 'adopt-job':
        jobs.set(++handles, adoptJob(command.shared));
        return handles;
      case 'protect': {
        const job = open(jobs, command.job);
        const file = new Uint8Array(command.file);
        const result = await protectFile(file, job, { ...command.options, onProgress, signal });
        return handOver(result);
      }
      case 'open-file':
        files.add(++handles, new Uint8Array(command.file));
        return handles;
      case 'plan':
        return files.read(command.file, (file) => plan(file, command.options));
      case 'suggest':
        return files.read(command.file, (file) => suggestFile(file, command.frame, { signal }));
      case 'close-file':
        files.close(command.file);
        return undefined;
      case 'open-keyring':
        keyrings.set(++handles, createKeyring(command.secret, command.options));
        return handles;
      case 'close-keyring':
        keyrings.get(command.keyring)?.dispose();
        keyrings.delete(command.keyring);
        return undefined;
      case 'restore': {
        const keyring = open(keyrings, command.keyring);
        const file = new Uint8Array(command.file);
        const result = await restoreFile(file, keyring, { ...command.options, onProgress, signal });
        return handOver(result);
      }
      case 'open-text':
        return openQrText(command.text, open(keyrings, command.keyring));
      case 'inspect':
        return inspectFile(new Uint8Array(command.file), { signal });
      case 'describe':
        return describeFile(new Uint8Array(command.file));
      case 'compare':
        return compareObjects(new Uint8Array(command.one), new Uint8Array(command.other));
      case 'scan':
        return scanPicture(command.picture).map((text) => ({
          text,
          notice: noticeOf(text),
          sealed: isSealed(text),
        }));
      case 'cancel':
        running.get(command.target)?.abort();
        return undefined;
    }
  }

  channel.addEventListener('message', async (event: MessageEvent<Request>) => {
    const { request, ...command } = event.data;
    const controller = new AbortController();
    running.set(request, controller);
    const onProgress: Progress = (done, total) => answer({ request, kind: 'progress', done, total });
    try {
      const result = await run(command as Command, controller.signal, onProgress);
      const file = (result as { file?: unknown } | undefined)?.file;
      answer({ request, kind: 'result', result }, file instanceof ArrayBuffer ? [file] : []);
    } catch (error) {
      answer(failure(request, error));
    } finally {
      running.delete(request);
    }
  });
}

function open<T>(handles: Map<number, T>, handle: number): T {
  const found = handles.get(handle);
  if (found === undefined) throw wasClosed();
  return found;
}

/** Costs nothing to derive, and its envelope is as long as any passphrase's. */
const STAND_IN = { passphrase: 'only the length of its envelope counts', workFactor: 10 };

/** Plans with a job of the same texts and recipients; a passphrase is not needed, so it is not asked for. */
async function plan(file: Uint8Array, request: PlanRequest): Promise<FilePlan> {
  const { frame, areas, carrier, scramble = false, compress = false, count, ...texts } = request;
  const job = await createProtectionJob(texts.recipients === undefined ? { ...STAND_IN, ...texts } : texts);
  try {
    const chosen = carrier ? { carrier } : {};
    return await planFile(file, job, frame, { areas, ...chosen, scramble, compress, count });
  } finally {
    job.dispose();
  }
}

/** The result with its file described, and as a buffer that can be transferred. */
function handOver<T extends { readonly file: Uint8Array }>(result: T) {
  const { file } = result;
  const whole = file.byteOffset === 0 && file.byteLength === file.buffer.byteLength;
  const bytes = whole && file.buffer instanceof ArrayBuffer ? file : file.slice();
  return { ...result, file: bytes.buffer, description: describeFile(file) };
}

function failure(request: number, error: unknown): Answer {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof KeyAreaError
    ? { request, kind: 'error', code: error.code, message }
    : { request, kind: 'error', message };
}
