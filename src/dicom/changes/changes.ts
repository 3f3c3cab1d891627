import { equalBytes } from '../../engine/bytes';
import { elementIn } from '../dataset/levels';
import { followPath, type Path } from '../dataset/nested';
import { type DicomFile, elementBytes, findElement } from '../dataset/reader';
import { type Edit, wrongGroupLengths } from '../dataset/splice';
import { groupOf, isPixelData } from '../dataset/tags';
import type { FileRecord, Original } from './attachment';

/** Those of `edits` that change anything. */
export function effectiveEdits(file: DicomFile, edits: readonly Edit[]): Edit[] {
  return edits.filter((edit) => {
    const { bytes } = edit;
    const before = bytesAt(file, edit);
    if (before === undefined || bytes === undefined) return before !== undefined || bytes !== undefined;
    return !equalBytes(before, bytes);
  });
}

/** Where an edit is made. */
export type Place = Pick<Edit, 'tag' | 'path'>;

/** The element at a place; undefined where there is none. */
export function bytesAt(file: DicomFile, { tag, path = [] }: Place): Uint8Array | undefined {
  const element =
    path.length === 0 ? findElement(file, tag) : elementIn(followPath(file, path)?.elements ?? [], tag);
  return element && elementBytes(file, element);
}

/**
 * What has to be kept so that edits at `places` can be undone: the elements that are there, and, of the
 * outermost level, the tags that are not; pixel data come back with the frames. Wrong group lengths of the groups concerned are kept too,
 * since only right ones can be computed again.
 */
export function recordChanges(
  file: DicomFile,
  places: readonly Place[],
): Pick<FileRecord, 'originals' | 'inserted'> {
  const originals: Original[] = [];
  const inserted: number[] = [];
  const groups = new Set<number>();
  for (const place of places) {
    const { tag, path = [] } = place;
    if (path.length === 0) groups.add(groupOf(tag));
    if (isPixelData(tag)) continue;
    const bytes = bytesAt(file, place);
    if (bytes !== undefined) originals.push({ path, repeat: 1, bytes });
    else if (path.length === 0) inserted.push(tag);
  }
  const lengths = wrongGroupLengths(file, groups).map((element) => elementBytes(file, element));
  return {
    originals: [...joinRuns(originals), ...lengths.map((bytes) => ({ path: [], repeat: 1, bytes }))],
    inserted,
  };
}

/** Joins originals that are the same in consecutive items of the outermost sequence. */
function joinRuns(originals: readonly Original[]): Original[] {
  const runs: Original[] = [];
  for (const original of originals) {
    const last = runs.at(-1);
    if (last && continues(last, original)) runs[runs.length - 1] = { ...last, repeat: last.repeat + 1 };
    else runs.push(original);
  }
  return runs;
}

function continues({ path, repeat, bytes }: Original, next: Original): boolean {
  if (path.length === 0) return false;
  const expected = pathOfRepeat(path, repeat);
  return JSON.stringify(expected) === JSON.stringify(next.path) && equalBytes(bytes, next.bytes);
}

/** The path to the same place so many items further on. */
export const pathOfRepeat = ([first, ...rest]: Path, items: number): Path =>
  first ? [{ ...first, item: first.item + items }, ...rest] : [];
