/**
 * What is printed may come from a stranger's file: a notice, a name, a server's answer. On a terminal
 * it must show as text and do nothing else.
 */

/**
 * Control characters (C0, DEL, C1), marks that turn the direction of writing, other characters that
 * cannot be seen, line and paragraph separators, and halves of surrogate pairs. The joiners U+200C and
 * U+200D are left alone: some scripts need them.
 */
const HIDDEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * The text with whatever a terminal would act on, or not show, as the replacement character: line feeds
 * too, which would make a line of a stranger's text look like one of ours.
 */
export const printable = (text: string): string => text.replace(HIDDEN, '\ufffd');

/** JSON on one line, in which such characters are escaped: the value is the same, a terminal is safe. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value).replace(HIDDEN, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
