import { equalBytes } from '../engine/bytes';
import type { FileRecord } from './attachment';
import { type DicomFile, elementBytes, findElement } from './reader';
import { type Edit, wrongGroupLengths } from './splice';
import { groupOf } from './tags';

/** Those of `edits` that change anything. */
export function effectiveEdits(file: DicomFile, edits: readonly Edit[]): Edit[] {
  return edits.filter(({ tag, bytes }) => {
    const element = findElement(file, tag);
    if (element === undefined || bytes === undefined) return element !== undefined || bytes !== undefined;
    return !equalBytes(elementBytes(file, element), bytes);
  });
}

/**
 * What has to be kept so that edits of `tags` can be undone: the elements that are there, and the tags
 * that are not. Wrong group lengths of the groups concerned are kept too, since only right ones can be
 * computed again.
 */
export function recordChanges(
  file: DicomFile,
  tags: readonly number[],
): Pick<FileRecord, 'originals' | 'inserted'> {
  const elements = tags.map((tag) => findElement(file, tag)).filter((element) => element !== undefined);
  const groups = new Set(tags.map(groupOf));
  return {
    originals: [...elements, ...wrongGroupLengths(file, groups)].map((element) =>
      elementBytes(file, element),
    ),
    inserted: tags.filter((tag) => findElement(file, tag) === undefined),
  };
}
