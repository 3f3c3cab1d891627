import { protectedUids, uidOf } from '../dicom/dataset/uids';
import { readNative } from '../dicom/decode/native';
import type { ProtectFileOptions } from '../dicom/index';
import { throwIfCancelled } from '../dicom/options';
import type { ObjectUids } from '../dicom/web/wadoRs';
import {
  type EnvelopeReaders,
  type JobOptions,
  KeyAreaError,
  readersOf,
  type Secret,
  type SharedJob,
  sha256,
} from '../engine/index';
import { CommandError } from './commandError';
import type { Destination, Output } from './destination';
import { headingOf } from './heading';
import type { Input } from './inputs';
import type { Executor } from './work/task';

/**
 * Going on with a run that was interrupted: its job is found again in the outputs that it left, those
 * are checked and kept, and the rest is protected with the same job.
 */

/** What every image of a run is protected with. */
export interface ProtectRequest {
  readonly job: JobOptions;
  /** What opens outputs that an earlier run left; undefined where nothing that was given does. */
  readonly secret: Secret | undefined;
  readonly options: Pick<ProtectFileOptions, 'areas' | 'carrier' | 'scramble' | 'compress'>;
}

/** A series while it is protected. */
export interface ProtectedSeries {
  readonly job: SharedJob;
  readonly count: number;
  /** An earlier run left some of its images. */
  readonly resumed: boolean;
}

/** What a run has to do with. */
export interface Run {
  readonly destination: Destination;
  readonly executor: Executor;
  /** Aborted where the user gives up. */
  readonly signal: AbortSignal;
}

/** Outputs in which the job is looked for, at most: each may cost a key derivation. */
const MAX_TRIES = 6;

/** Why an output that is there is no start for a job. */
interface Obstacle {
  readonly name: string;
  readonly error: CommandError;
  /** The same in short, where that is no failure. */
  readonly why: string;
}

/**
 * The job of a series: the one of an earlier run, where that left outputs, or a new one. Where what lies
 * there is something else, is for other readers, or cannot be opened, that is no obstacle to a destination
 * which keeps jobs apart: `note` is told then. Otherwise throws `output-exists`. Throws `cancelled`.
 */
export async function jobFor(
  series: readonly Input[],
  request: ProtectRequest,
  run: Run,
  note: (message: string) => void,
): Promise<ProtectedSeries> {
  const count = series.length;
  const { job, obstacle } = await findJob(series, request, run);
  if (job !== undefined) return { job, count, resumed: true };
  if (obstacle !== undefined) {
    if (!run.destination.keepsJobsApart) throw obstacle.error;
    note(
      `${obstacle.name} and what belongs to it are left as they are, for this run cannot go on with them (${obstacle.why}): a new series is made beside them.`,
    );
  }
  return {
    job: await run.executor.perform({ task: 'open-job', options: request.job }),
    count,
    resumed: false,
  };
}

/** The job of what an earlier run left, or the last thing that was found instead. */
async function findJob(
  series: readonly Input[],
  { job, secret, options }: ProtectRequest,
  { destination, executor, signal }: Run,
): Promise<{ readonly job?: SharedJob; readonly obstacle?: Obstacle }> {
  const { report, notice, qr, fit } = job;
  const texts = {
    report,
    ...(notice === undefined ? {} : { notice }),
    ...(qr === undefined ? {} : { qr }),
    ...(fit === undefined ? {} : { fit }),
  };
  let obstacle: Obstacle | undefined;
  let tries = 0;
  for await (const { input, name, file } of destination.remnantsOf(series)) {
    throwIfCancelled(signal);
    if (secret === undefined) return { obstacle: unopened(name) };
    const original = await input.read();
    const index = series.indexOf(input);
    try {
      const resumed = await executor.perform({
        task: 'resume-job',
        protected: file,
        secret,
        options: {
          ...options,
          ...texts,
          original,
          index,
          count: series.length,
          acceptChanged: destination.changesAttributes,
        },
      });
      if (hasReaders(resumed, job)) return { job: resumed };
      obstacle = { name, error: forOthers(name), why: OTHERWISE_MADE };
      if (!destination.keepsJobsApart) break;
    } catch (error) {
      if (!(error instanceof KeyAreaError) || error.code === 'cancelled') throw error;
      obstacle = { name, error: notOurs(name, error), why: OTHERWISE_MADE };
    }
    if (++tries === MAX_TRIES) break;
  }
  return obstacle === undefined ? {} : { obstacle };
}

const OTHERWISE_MADE = 'other key, readers, texts or areas';

/** Where recipients alone can open what is there, and none of them was given. */
const unopened = (name: string): Obstacle => ({
  name,
  error: new CommandError(
    'output-exists',
    `${name} is there already. To go on with an interrupted run for recipients, give the --identity of one of them; to start anew, choose another folder.`,
  ),
  why: 'that takes the --identity of one of its recipients',
});

const forOthers = (name: string): CommandError =>
  new CommandError(
    'output-exists',
    `${name} was protected for other readers than are named now, and a run that is gone on with keeps its readers. Name the same ones, or start in another place.`,
  );

/** Whether a job is for as many readers as options name, in as many envelopes. */
function hasReaders({ envelopes }: SharedJob, options: JobOptions): boolean {
  const { passphrase, recipients = [], recoveryRecipients = [] } = options;
  const wanted: EnvelopeReaders[] = [
    passphrase === undefined
      ? { kind: 'recipient', count: recipients.length }
      : { kind: 'passphrase', count: 1 },
  ];
  if (recoveryRecipients.length > 0) wanted.push({ kind: 'recipient', count: recoveryRecipients.length });
  return JSON.stringify(envelopes.map(readersOf)) === JSON.stringify(wanted);
}

const notOurs = (name: string, cause?: KeyAreaError): CommandError =>
  new CommandError(
    'output-exists',
    `${name} is not what an earlier run of this command left of these images. Choose another folder, or remove it.${cause ? ` (${cause.message})` : ''}`,
    { cause },
  );

/**
 * An input's output where an earlier run left it, checked; undefined where there is none.
 * Throws `output-exists` where something else is there, and `cancelled`.
 */
export async function outputOf(
  input: Input,
  original: Uint8Array,
  index: number,
  { job, count }: ProtectedSeries,
  { options }: ProtectRequest,
  { destination, executor, signal }: Run,
): Promise<Output | undefined> {
  const found = await destination.find(input, () => uidsOf(original, job, index, signal));
  if (found === undefined) return undefined;
  const { likeness } = await executor.perform({
    task: 'check-output',
    protected: found.file,
    original,
    job,
    options: { ...options, index, count },
  });
  const attributesChanged = likeness === 'attributes changed';
  if (likeness === 'other' || (attributesChanged && !destination.changesAttributes))
    throw notOurs(found.name);
  return { name: found.name, attributesChanged };
}

/** The UIDs of what a job makes of a file of its, at this place. */
async function uidsOf(
  original: Uint8Array,
  job: SharedJob,
  index: number,
  signal: AbortSignal,
): Promise<ObjectUids> {
  const { original: source } = await readNative(original, signal);
  const { object, series } = await protectedUids(source, await sha256(source.bytes), job, index);
  return { study: headingOf(source)?.study ?? '', series: uidOf(series), instance: uidOf(object) };
}
