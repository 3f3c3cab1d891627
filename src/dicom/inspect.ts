import { type FrameInspection, inspectFrame, KeyAreaError } from '../engine/index';
import { readNative } from './decode/native';
import { framesToSearch, protectedPixelsMissing } from './frames';
import { givingWay } from './givingWay';
import type { FileOptions } from './options';
import { pixelLayout, readFrame } from './pixels';

/** What anyone can tell of a protected file, without a key. */
export interface FileInspection extends FrameInspection {
  /** Frames of the image. */
  readonly frames: number;
  readonly protectedFrames: number;
}

/**
 * Tells what protects a file; the details are those of its first protected frame.
 *
 * Throws what {@link readNative} and {@link pixelLayout} throw, `not-protected`, `damaged`, `stored-with-loss`,
 * `unsupported-version` and `cancelled`.
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
  const giveWay = givingWay(signal);
  for (let number = 1; number <= framesToSearch(layout); number++) {
    await giveWay();
    try {
      const inspection = inspectFrame(readFrame(file.bytes, layout, number));
      first ??= inspection;
      protectedFrames++;
    } catch (error) {
      if (!(error instanceof KeyAreaError && error.code === 'not-protected')) throw error;
    }
  }
  if (first === undefined) throw protectedPixelsMissing(native);
  return { ...first, frames: layout.frames, protectedFrames };
}
