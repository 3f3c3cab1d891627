import { type FramePlan, KeyAreaError, type ProtectionJob, planFrame } from '../engine/index';
import { namingPictures } from './changes/leaks';
import { readFrame } from './image/pixels';
import { type ProtectFileOptions, prepareFile } from './prepare';

/** What protecting a file would do to one of its frames. */
export interface FilePlan extends FramePlan {
  readonly width: number;
  readonly height: number;
}

/**
 * Tells what {@link protectFile} would do to a frame, numbered from 1, without doing it. What a QR code
 * covers depends on all that travels under it, so the same file, job and options are needed.
 *
 * Throws what protecting throws, but for `already-protected` and `proof-failed`; `no-key-area` where the
 * frame has none.
 */
export async function planFile(
  bytes: Uint8Array,
  job: ProtectionJob,
  number: number,
  options: ProtectFileOptions,
): Promise<FilePlan> {
  const { index = 0, count = 1, carrier, scramble = false } = options;
  const prepared = await prepareFile(bytes, job, options);
  const { file, layout, areasByFrame, attachmentOf } = prepared;
  const areas = areasByFrame.get(number);
  if (areas === undefined) {
    throw new KeyAreaError('no-key-area', `Frame ${number} has no key area. Draw one on it.`);
  }
  const frame = readFrame(file.bytes, layout, number);
  const attachment = attachmentOf(number);
  const plan = await planFrame(frame, job, {
    areas,
    index,
    count,
    attachment,
    ...(carrier ? { carrier } : {}),
    scramble,
  }).catch((error: unknown) => {
    throw namingPictures(error, prepared.pictures);
  });
  return { ...plan, width: layout.width, height: layout.height };
}
