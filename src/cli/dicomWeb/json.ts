/** An object in DICOM JSON (PS3.18, annex F), by tag. */
export type JsonObject = Readonly<
  Record<string, { readonly vr?: string; readonly Value?: readonly unknown[] } | undefined>
>;

/** True for a UID (PS3.5, section 9.1), near enough to be safe in an address and as a name of a file. */
export const isUid = (text: unknown): text is string =>
  typeof text === 'string' && text.length <= 64 && /^\d+(\.\d+)*$/.test(text);

/** The values of an attribute; none where what a server sent is no object or holds none. */
export function valuesOf(object: unknown, tag: string): readonly unknown[] {
  const values = (object as JsonObject | null | undefined)?.[tag]?.Value;
  return Array.isArray(values) ? values : [];
}

/** The first value of an attribute. */
export const firstValue = (object: unknown, tag: string): unknown => valuesOf(object, tag)[0];
