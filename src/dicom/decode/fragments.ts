import { concatBytes } from '../../engine/bytes';
import { KeyAreaError } from '../../engine/errors';
import { type Element, readItemHeader } from '../dataset/elements';
import { type DicomFile, findElement, valueBytes } from '../dataset/reader';
import { TAG } from '../dataset/tags';
import { EXPLICIT_LITTLE_ENDIAN } from '../dataset/transferSyntaxes';

/** Compressed pixel data as fragments (PS3.5, section A.4). */
interface Fragment {
  /** Of its item, from the first item after the offset table. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * The compressed stream of each frame. Where there are as many fragments as frames, each is one; else the
 * offset table tells, the extended one first (PS3.3, C.7.6.3.1.8), and where there is none, where streams
 * begin (`startsStream`).
 *
 * Throws `truncated` or `unsupported-pixels`.
 */
export function frameStreams(
  file: DicomFile,
  element: Element,
  frames: number,
  startsStream: (bytes: Uint8Array) => boolean,
): Uint8Array[] {
  const { table, fragments } = readFragments(file, element);
  if (fragments.length < frames) {
    throw new KeyAreaError(
      'truncated',
      `The pixel data are cut off: they hold ${fragments.length} fragment(s) for ${frames} frame(s). Get the file again from its source.`,
    );
  }
  if (fragments.length === frames) return fragments.map(({ bytes }) => bytes);
  const starts = fragments.flatMap(({ bytes }, index) => (startsStream(bytes) ? [index] : []));
  const firsts = frames === 1 ? [0] : (fromOffsets(file, table, fragments, frames) ?? starts);
  // More streams than frames would be images that nobody looks at, and that would get lost.
  if (firsts.length !== frames || firsts[0] !== 0 || starts.length > frames) {
    throw new KeyAreaError(
      'unsupported-pixels',
      `The pixel data hold ${fragments.length} fragments for ${frames} frame(s), and nothing tells which belong together.`,
    );
  }
  return firsts.map((first, frame) =>
    concatBytes(fragments.slice(first, firsts[frame + 1]).map(({ bytes }) => bytes)),
  );
}

function readFragments(file: DicomFile, element: Element): { table: Uint8Array; fragments: Fragment[] } {
  const items: Uint8Array[] = [];
  const positions: number[] = [];
  let position = element.valueStart;
  while (position < element.valueEnd) {
    const item = readItemHeader(
      file.bytes,
      position,
      element.valueEnd,
      EXPLICIT_LITTLE_ENDIAN,
      TAG.PixelData,
    );
    const end = item.valueStart + item.length;
    items.push(file.bytes.subarray(item.valueStart, end));
    positions.push(position);
    position = end;
  }
  const [table = new Uint8Array(), ...rest] = items;
  const fragments = rest.map((bytes, index) => ({ offset: positions[index + 1] - positions[1], bytes }));
  return { table, fragments };
}

/** The first fragment of each frame; undefined where no table fits the fragments. */
function fromOffsets(
  file: DicomFile,
  table: Uint8Array,
  fragments: readonly Fragment[],
  frames: number,
): number[] | undefined {
  const indexOf = new Map(fragments.map(({ offset }, index) => [offset, index]));
  const extended = findElement(file, TAG.ExtendedOffsetTable);
  const candidates = [extended && readOffsets(valueBytes(file, extended), 8), readOffsets(table, 4)];
  for (const offsets of candidates) {
    if (offsets?.length !== frames) continue;
    const firsts = offsets.map((offset) => indexOf.get(offset) ?? -1);
    if (firsts.every((first, frame) => first > (firsts[frame - 1] ?? -1))) return firsts;
  }
  return undefined;
}

function readOffsets(bytes: Uint8Array, size: 4 | 8): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, index) =>
    size === 4 ? view.getUint32(4 * index, true) : Number(view.getBigUint64(8 * index, true)),
  );
}
