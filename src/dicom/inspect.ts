import { type FrameInspection, inspectFrame, type KeyAreaError } from '../engine/index';
import { readNative } from './decode/native';
import { framesToSearch, isLoss, protectedPixelsMissing } from './frames';
import { givingWay } from './givingWay';
import { pixelLayout, readFrame } from './image/pixels';
import type { FileOptions } from './options';

/** What anyone can tell of a protected file, without a key. */
export interface FileInspection extends FrameInspection {
  /** Frames of the image. */
  readonly frames: number;
  readonly protectedFrames: number;
  /** Numbers of the frames, from 1, that tell of their protection, and that nothing can come back from. */
  readonly lostFrames: readonly number[];
}

/**
 * Tells what protects a file; the details are those of its first protected frame.
 *
 * Throws what {@link readNative} and {@link pixelLayout} throw, `not-protected`; `damaged` and
 * `stored-with-loss` where no other frame tells more; `unsupported-version` and `cancelled`.
 */
export async function inspectFile(
  bytes: Uint8Array,
  { signal }: Pick<FileOptions, 'signal'> = {},
): Promise<FileInspection> {
  const native = await readNative(bytes, signal);
  const { file } = native;
  const layout = pixelLayout(file);
  let first: FrameInspection | undefined;
  let protectedFrames = 0;
  let failure: KeyAreaError | undefined;
  const lostFrames: number[] = [];
  const giveWay = givingWay(signal);
  for (let number = 1; number <= framesToSearch(layout); number++) {
    await giveWay();
    try {
      const inspection = inspectFrame(readFrame(file.bytes, layout, number));
      first ??= inspection;
      protectedFrames++;
    } catch (error) {
      if (!isLoss(error)) throw error;
      if (error.code === 'not-protected') continue;
      failure ??= error;
      lostFrames.push(number);
    }
  }
  if (first === undefined) throw failure ?? protectedPixelsMissing(native);
  return { ...first, frames: layout.frames, protectedFrames, lostFrames };
}
