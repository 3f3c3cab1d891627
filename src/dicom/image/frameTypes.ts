import { encodeText } from '../dataset/encode';
import { type Path, readSequence } from '../dataset/nested';
import { type DicomFile, findElement, textIn } from '../dataset/reader';
import type { Edit } from '../dataset/splice';
import { TAG } from '../dataset/tags';

/** The Frame Type of frames of an enhanced image (PS3.3, C.8.16.1), in its functional groups. */
interface FrameType {
  readonly path: Path;
  readonly value: string;
  /** Its frame, from 1; undefined where all frames share it. */
  readonly frame: number | undefined;
}

/** Every Frame Type of a file. It lies two deep: in a group, in a sequence of the kind of image. */
function frameTypesOf(file: DicomFile): FrameType[] {
  const { coding } = file.transferSyntax;
  const found: FrameType[] = [];
  for (const groups of [TAG.SharedFunctionalGroupsSequence, TAG.PerFrameFunctionalGroupsSequence]) {
    const element = findElement(file, groups);
    const items = element && readSequence(file.bytes, element, coding)?.items;
    items?.forEach(({ elements }, group) => {
      for (const macro of elements) {
        const sequence = readSequence(file.bytes, macro, coding);
        if (sequence === undefined || sequence.coding !== coding) continue;
        sequence.items.forEach((item, number) => {
          const value = item.elements.find(({ tag }) => tag === TAG.FrameType);
          if (value === undefined) return;
          const path = [
            { sequence: groups, item: group },
            { sequence: macro.tag, item: number },
          ];
          const frame = groups === TAG.PerFrameFunctionalGroupsSequence ? group + 1 : undefined;
          found.push({ path, value: textIn(file.bytes, value) ?? '', frame });
        });
      }
    });
  }
  return found;
}

/** Image Type or Frame Type with another value 1; the others as they are, the empty ones too. */
export const withFirstValue = (type: string, first: string): string =>
  [first, ...type.split('\\').slice(1)].join('\\');

const isDerived = ({ value }: FrameType): boolean => value.split('\\')[0] === 'DERIVED';

/**
 * The edits that make the Frame Type of protected frames DERIVED, and what Image Type value 1 becomes:
 * MIXED where frames of an enhanced image are left that are not derived (PS3.3, C.8.16.1.1).
 */
export function deriveFrameTypes(
  file: DicomFile,
  protectedFrames: ReadonlySet<number>,
): { readonly edits: Edit[]; readonly imageType: 'DERIVED' | 'MIXED' } {
  const types = frameTypesOf(file);
  const isConcerned = ({ frame }: FrameType): boolean => frame === undefined || protectedFrames.has(frame);
  const concerned = types.filter(isConcerned);
  const mixed = types.some((type) => !isConcerned(type) && !isDerived(type));
  const edits = concerned.map(({ path, value }) => ({
    tag: TAG.FrameType,
    bytes: encodeText(TAG.FrameType, 'CS', withFirstValue(value, 'DERIVED'), file.transferSyntax.coding),
    path,
  }));
  return { edits, imageType: mixed ? 'MIXED' : 'DERIVED' };
}
