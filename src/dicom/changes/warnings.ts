import { unionOf } from '../../engine/kernels/cells';
import type { DicomFile } from '../dataset/reader';
import { TAG } from '../dataset/tags';
import type { Leaks } from './leaks';

/** What may still show a key area after a file was protected. */
export type WarningCode = 'unprotected-frames' | 'private-data' | 'trailing-data';

export interface FileWarning {
  readonly code: WarningCode;
  /** What it is, and what to do. */
  readonly message: string;
}

const MESSAGES: Record<WarningCode, string> = {
  'unprotected-frames':
    'Some frames of this image are not protected. Neighbouring frames often show the same: protect all of them, or look at each.',
  'private-data':
    'The image has long private elements, which were kept. Some devices put previews there: remove them where the image leaves the department.',
  'trailing-data':
    'The file has padding or further bytes after its image that are not empty, which were kept. Save it with another tool first where they are not needed.',
};

/** The warnings for a file of which some frames, or all, are to be protected. */
export function warningsFor(
  file: DicomFile,
  { unknownPrivateData }: Leaks,
  everyFrame: boolean,
): FileWarning[] {
  const codes: WarningCode[] = [
    ...(everyFrame ? [] : (['unprotected-frames'] as const)),
    ...(unknownPrivateData ? (['private-data'] as const) : []),
    ...(hasTrailingData(file) ? (['trailing-data'] as const) : []),
  ];
  return codes.map((code) => ({ code, message: MESSAGES[code] }));
}

/** Bytes after the data set, or in its padding (PS3.10, section 7.2), that are not all zero. */
function hasTrailingData(file: DicomFile): boolean {
  const padding = file.elements.find(({ tag }) => tag === TAG.DataSetTrailingPadding);
  const parts = [
    file.bytes.subarray(file.dataSetEnd),
    ...(padding ? [file.bytes.subarray(padding.valueStart, padding.valueEnd)] : []),
  ];
  return parts.some((part) => unionOf(part) !== 0);
}
