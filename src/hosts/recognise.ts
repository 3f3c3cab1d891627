import { PRIVATE_CREATOR } from '../dicom/dataset/privateBlock';
import type { Attributes } from './attributes';

/** Group 0099, creator elements 0010 to 00FF (PS3.5, section 7.8.1), as dcmjs names unknown tags. */
const CREATOR = /^009900([1-9A-F][0-9A-F])$/i;

/** What the attributes of an image say about its protection. */
export interface ProtectionMark {
  readonly notice: string | undefined;
}

/**
 * Recognises a protected image by its private block, without its pixels; undefined where it carries
 * none, because it is not protected or because its private attributes were stripped on the way.
 */
export function protectionMark(attributes: Attributes): ProtectionMark | undefined {
  const [block] = ownBlocks(attributes);
  return block === undefined ? undefined : { notice: text(valueUnder(attributes, `0099${block}03`)) };
}

/** The same attributes without any private block of ours; those of others in the same group stay. */
export function withoutProtectionMark(attributes: Attributes): Attributes {
  const blocks = ownBlocks(attributes).join('|');
  const own = new RegExp(`^0099(00(${blocks})|(${blocks})..)$`, 'i');
  const entries = Object.entries(allAttributes(attributes)).filter(
    ([name]) => blocks === '' || !own.test(name),
  );
  return Object.fromEntries(entries) as unknown as Attributes;
}

/** The numbers of the private blocks that our creator holds, as two digits. */
const ownBlocks = (attributes: Attributes): string[] =>
  Object.entries(allAttributes(attributes)).flatMap(([name, value]) => {
    const block = CREATOR.exec(name)?.[1];
    return block !== undefined && text(value) === PRIVATE_CREATOR ? [block] : [];
  });

/** OHIF v3 hides some attributes from enumeration; `Object.entries` would miss them. */
const allAttributes = (attributes: Attributes): Record<string, unknown> =>
  Object.fromEntries(Object.getOwnPropertyNames(attributes).map((name) => [name, attributes[name]]));

const valueUnder = (attributes: Attributes, tag: string): unknown =>
  attributes[tag] ?? attributes[tag.toLowerCase()];

/** A text value: naturalised data sets hold it bare, in a list, or as DICOM JSON for unknown tags. */
function text(value: unknown): string | undefined {
  if (Array.isArray(value)) return text(value[0]);
  if (typeof value === 'object' && value !== null) {
    const { Value, InlineBinary } = value as { Value?: unknown; InlineBinary?: unknown };
    if (typeof InlineBinary === 'string') return text(decodeBase64(InlineBinary));
    return Value === undefined ? undefined : text(Value);
  }
  return typeof value === 'string' ? value.replace(/[\0 ]+$/, '') : undefined;
}

/** Servers that do not know the private block send it as unknown bytes (VR UN, PS3.18, F.2.7). */
function decodeBase64(encoded: string): string | undefined {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0)));
  } catch {
    return undefined; // not Base64: not what a server makes of the private block
  }
}
