import type { Element } from './elements';
import { groupOf, isGroupLength } from './tags';

/**
 * What is asked of the elements of one level of a data set for each of many others. A file may have hundreds of
 * thousands in one level: it is found out once.
 */
function foundOnce<Fact>(
  find: (elements: readonly Element[]) => Fact,
): (elements: readonly Element[]) => Fact {
  const found = new WeakMap<readonly Element[], { readonly fact: Fact }>();
  return (elements) => {
    const known = found.get(elements);
    if (known) return known.fact;
    const fact = find(elements);
    found.set(elements, { fact });
    return fact;
  };
}

/** So few elements are looked through as fast as looked up. */
const FEW = 16;

const byTag = foundOnce((elements) => {
  const map = new Map<number, Element>();
  for (const element of elements) {
    if (!map.has(element.tag)) map.set(element.tag, element);
  }
  return map;
});

/** The first element of a level that has this tag. */
export const elementIn = (elements: readonly Element[], wanted: number): Element | undefined =>
  elements.length <= FEW ? elements.find(({ tag }) => tag === wanted) : byTag(elements).get(wanted);

/** The first element that does not have a higher tag than the one before it (PS3.5, section 7.1). */
export const firstOutOfOrder = foundOnce((elements) =>
  elements.find(({ tag }, index) => index > 0 && tag <= elements[index - 1].tag),
);

/** True where each tag comes once, in ascending order (PS3.5, section 7.1). */
export const isOrdered = (elements: readonly Element[]): boolean => firstOutOfOrder(elements) === undefined;

const groupSizes = foundOnce((elements) => {
  const sizes = new Map<number, number>();
  for (const { tag, start, end } of elements) {
    const group = groupOf(tag);
    if (!isGroupLength(tag)) sizes.set(group, (sizes.get(group) ?? 0) + end - start);
  }
  return sizes;
});

/** Bytes of a group after its group length. */
export const groupSize = (elements: readonly Element[], group: number): number =>
  groupSizes(elements).get(group) ?? 0;
