import type { LossMethod } from './decode/codestream';
import type { NativeFile } from './decode/native';
import { encodeText } from './encode';
import { readProtectionTags } from './privateBlock';
import { type DicomFile, textOf } from './reader';
import type { Edit } from './splice';
import { TAG } from './tags';

/** A compression with losses. */
export interface Loss {
  readonly method: LossMethod;
  /** Bytes of the pixels unpacked, for each byte packed. */
  readonly ratio: number;
}

const { LossyImageCompression, LossyImageCompressionRatio, LossyImageCompressionMethod } = TAG;
const LOST = '01';

/**
 * What says of pixels that were decoded that they had lost something, where their file did not: once lossy, an image is
 * called so ever after (PS3.3, C.7.6.1.1.5). Ratio and method go with it, which some classes demand, unless the
 * file has either.
 */
export function lossEdits(file: DicomFile, loss: Loss | undefined): Edit[] {
  if (loss === undefined || textOf(file, LossyImageCompression) === LOST) return [];
  const text = (tag: number, vr: string, value: string): Edit => ({
    tag,
    bytes: encodeText(tag, vr, value, file.transferSyntax.coding),
  });
  const details = [
    text(LossyImageCompressionRatio, 'DS', loss.ratio.toFixed(2)),
    text(LossyImageCompressionMethod, 'CS', loss.method),
  ];
  return [
    text(LossyImageCompression, 'CS', LOST),
    ...(details.some(({ tag }) => textOf(file, tag)) ? [] : details),
  ];
}

/** How many compressions with losses a file tells of, once {@link lossEdits} are made: each has a ratio or a method. */
export function lossesOf(file: DicomFile, loss?: Loss): number {
  if (loss === undefined && textOf(file, LossyImageCompression) !== LOST) return 0;
  const values = [LossyImageCompressionRatio, LossyImageCompressionMethod].map(
    (tag) => textOf(file, tag)?.split('\\').length ?? 0,
  );
  return Math.max(1, ...values);
}

/**
 * True where a protected file shows that it was stored with loss since: its own pixel data are, or it tells of more
 * compressions with losses than when it was protected. Those of its original say nothing.
 */
export function hasLostSince({ file, loss }: NativeFile): boolean {
  const losses = readProtectionTags(file)?.losses;
  return loss !== undefined || (losses !== undefined && lossesOf(file) > losses);
}
