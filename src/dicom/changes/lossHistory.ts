import { encodeText } from '../dataset/encode';
import { readProtectionTags } from '../dataset/privateBlock';
import { type DicomFile, textOf } from '../dataset/reader';
import type { Edit } from '../dataset/splice';
import { TAG } from '../dataset/tags';
import type { LossMethod } from '../decode/codestream';
import type { NativeFile } from '../decode/native';

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

/** The largest number that a value of US holds. */
const MOST = 0xffff;

/**
 * What a file tells of losses, once {@link lossEdits} are made, as a number that grows with each that is added: 0 where
 * it tells of none, else 1 and the number of values of ratio or method, whichever has more. So the first value
 * makes it grow too, where the file said before that something was lost, and nothing else.
 */
export function lossesOf(file: DicomFile, loss?: Loss): number {
  const added = new Set(lossEdits(file, loss).map(({ tag }) => tag));
  if (!added.has(LossyImageCompression) && textOf(file, LossyImageCompression) !== LOST) return 0;
  const values = [LossyImageCompressionRatio, LossyImageCompressionMethod].map((tag) =>
    added.has(tag) ? 1 : (textOf(file, tag)?.split('\\').length ?? 0),
  );
  return Math.min(MOST, 1 + Math.max(...values));
}

/**
 * True where a protected file shows that it was stored with loss since: its own pixel data are, or it tells of more
 * losses than when it was protected. Those of its original say nothing.
 */
export function hasLostSince({ file, loss }: NativeFile): boolean {
  const losses = readProtectionTags(file)?.losses;
  return loss !== undefined || (losses !== undefined && lossesOf(file) > losses);
}
