import type { Destination, Remnant } from '../../src/cli/destination';
import { jobFor, outputOf, type ProtectRequest } from '../../src/cli/goOn';
import type { Input } from '../../src/cli/inputs';
import type { Executor } from '../../src/cli/work/task';
import { localExecutor } from '../../src/cli/work/threads';
import { compressFile } from '../../src/dicom/compress';
import { readFile } from '../../src/dicom/dataset/reader';
import { createProtectionJob, KeyAreaError } from '../../src/engine/index';
import { buildImage } from '../dicom/builder';

/** Going on with an interrupted run is itself interrupted: the user gives up. */

const secret = { passphrase: 'right words' };
const request: ProtectRequest = {
  job: { ...secret, report: '', workFactor: 10 },
  secret,
  options: { areas: [] },
};
const original = buildImage();
const input: Input = {
  name: 'a.dcm',
  place: 'a.dcm',
  heading: undefined,
  read: async () => original.slice(),
};

/** A place that holds these remnants, and tells the UIDs of an output to whoever looks for it. */
const place = (remnants: readonly Remnant[] = []): Destination => ({
  keepsJobsApart: true,
  async *remnantsOf() {
    yield* remnants;
  },
  find: async (_, uids) => {
    await uids();
    return undefined;
  },
  changesAttributes: true,
  compare: () => 'other',
  write: async () => ({ name: '', attributesChanged: false }),
});

let controller: AbortController;
beforeEach(() => {
  controller = new AbortController();
});

test('no further output is looked at for its job', async () => {
  const looked: string[] = [];
  const remnants = ['1.dcm', '2.dcm'].map((name) => ({ input, name, file: original }));
  const executor: Executor = {
    ...localExecutor(),
    perform: async ({ task }) => {
      looked.push(task);
      controller.abort();
      throw new KeyAreaError('not-protected', 'Nothing is protected.');
    },
  };
  const run = { destination: place(remnants), executor, signal: controller.signal };
  await expect(jobFor([input], request, run, () => {})).rejects.toMatchObject({ code: 'cancelled' });
  expect(looked).toEqual(['resume-job']);
});

test('an original is no longer unpacked for the UIDs of its output', async () => {
  const frames = buildImage({ width: 64, height: 64, bitsStored: 12, frames: 400 });
  const packed = await compressFile(readFile(frames), undefined);
  const made = await createProtectionJob(request.job);
  const series = { job: made.share(), count: 1, resumed: true };
  made.dispose();
  const run = { destination: place(), executor: localExecutor(), signal: controller.signal };
  // Has its turn only where the work gives way.
  setTimeout(() => controller.abort(), 1);
  await expect(outputOf(input, packed, 0, series, request, run)).rejects.toMatchObject({ code: 'cancelled' });
});
