import packageJson from '../../package.json';
import type { ValueRange } from '../engine/frame';
import type { Carrier } from '../engine/index';
import { encodeElement, encodeItem, encodeSequence, encodeShorts, encodeText } from './encode';
import { appendItem } from './items';
import { type DicomFile, findElement, textOf, unsignedShortsOf, valueBytes } from './reader';
import type { Edit } from './splice';
import { TAG } from './tags';
import { appendText } from './text';
import { type Coding, EXPLICIT_LITTLE_ENDIAN } from './transferSyntaxes';
import { sopInstanceUidOf, type UidBits, uidOf } from './uids';

/** The tags of the protected object: what makes it a derived image in its own right. */

/** What was done to an image. */
export interface Derivation {
  readonly carrier: Carrier;
  readonly scrambled: boolean;
}

/** The same in words that anyone may read: unscrambled, and scrambled. */
const DESCRIPTIONS: Record<Carrier, readonly [string, string]> = {
  vault: [
    'Key area hidden under a QR code that carries it encrypted; no pixel beside the QR code changed.',
    'Key area hidden under a QR code that carries it encrypted; all other pixels are encrypted too.',
  ],
  surroundings: [
    'Key area hidden under a QR code; small changes of the other pixels carry it encrypted.',
    'Key area hidden under a QR code; all other pixels are encrypted and carry it.',
  ],
};
const RESTORABLE = 'The original can be restored with the key.';
const SERIES_SUFFIX = 'key area hidden';
const PRODUCT = 'Key Area Protection for OHIF';

/** Most characters of LO and ST (PS3.5, table 6.2-1). */
const LO_LENGTH = 64;
const ST_LENGTH = 1024;
const MAX_UID_LENGTH = 64;

/**
 * The edits that do not depend on the protected pixels:
 * - new SOP and Series Instance UID: the pixels change the image's interpretation (PS3.3, C.7.6.1.1.2);
 * - Image Type value 1 DERIVED, the other values as they are (C.7.6.1.1.2);
 * - Derivation Description and Source Image Sequence, after those of earlier derivations (C.12.4);
 * - Contributing Equipment Sequence: we modified the image (C.12.1);
 * - Series Description, so that nobody takes the series for the original one;
 * - icons and digital signatures removed: an icon shows the key area (C.7.6.1.1.6), and a signature of
 *   other pixels is void (C.12.1.1.3).
 */
export function derivationEdits(
  file: DicomFile,
  object: UidBits,
  series: UidBits,
  derivation: Derivation,
): Edit[] {
  const { coding } = file.transferSyntax;
  const description = `${DESCRIPTIONS[derivation.carrier][derivation.scrambled ? 1 : 0]} ${RESTORABLE}`;
  const uid = (tag: number, bits: UidBits, section: Coding = coding): Edit => ({
    tag,
    bytes: encodeText(tag, 'UI', uidOf(bits), section),
  });
  const edits: Edit[] = [
    uid(TAG.SOPInstanceUID, object),
    uid(TAG.SeriesInstanceUID, series),
    { tag: TAG.ImageType, bytes: encodeText(TAG.ImageType, 'CS', imageType(file), coding) },
    appended(file, TAG.SeriesDescription, 'LO', ' - ', SERIES_SUFFIX, LO_LENGTH),
    appended(file, TAG.DerivationDescription, 'ST', '; ', description, ST_LENGTH),
    withItem(file, TAG.ContributingEquipmentSequence, (inner) => contributingEquipment(description, inner)),
  ];
  if (canBeReferenced(file)) {
    edits.push(withItem(file, TAG.SourceImageSequence, (inner) => sourceImage(file, inner)));
  }
  if (findElement(file, TAG.MediaStorageSOPInstanceUID)) {
    edits.push(uid(TAG.MediaStorageSOPInstanceUID, object, EXPLICIT_LITTLE_ENDIAN));
  }
  // Among noise any value may occur: none of them is padding any more.
  const padding = derivation.scrambled ? [TAG.PixelPaddingValue, TAG.PixelPaddingRangeLimit] : [];
  const stale = [TAG.IconImageSequence, TAG.MACParametersSequence, TAG.DigitalSignaturesSequence];
  for (const tag of [...stale, ...padding]) {
    if (findElement(file, tag)) edits.push({ tag, bytes: undefined });
  }
  return edits;
}

/** An image of unknown type was not made by the patient examination: SECONDARY. */
function imageType(file: DicomFile): string {
  const [, ...others] = (textOf(file, TAG.ImageType) ?? 'ORIGINAL\\SECONDARY').split('\\');
  return ['DERIVED', ...others].join('\\');
}

function appended(
  file: DicomFile,
  tag: number,
  vr: string,
  separator: string,
  addition: string,
  limit: number,
): Edit {
  const element = findElement(file, tag);
  const old = element ? valueBytes(file, element) : new Uint8Array();
  const characterSets = textOf(file, TAG.SpecificCharacterSet) ?? '';
  const value = appendText(old, separator, addition, limit, characterSets);
  return { tag, bytes: encodeElement(tag, vr, value, file.transferSyntax.coding) };
}

function withItem(file: DicomFile, tag: number, content: (coding: Coding) => Uint8Array[]): Edit {
  return { tag, bytes: appendItem(file, tag, findElement(file, tag), content) };
}

/** Legal UIDs of class and instance (PS3.5, section 9.1): a reference with others would be one more error. */
function canBeReferenced(file: DicomFile): boolean {
  return [TAG.SOPClassUID, TAG.SOPInstanceUID].every((tag) => {
    const uid = textOf(file, tag) ?? '';
    return uid.length <= MAX_UID_LENGTH && /^[012](\.(0|[1-9]\d*))+$/.test(uid);
  });
}

/** PS3.3, table 10-3; purpose from CID 7202. */
function sourceImage(file: DicomFile, coding: Coding): Uint8Array[] {
  const meaning = 'Source image for image processing operation';
  return [
    encodeText(TAG.ReferencedSOPClassUID, 'UI', textOf(file, TAG.SOPClassUID) ?? '', coding),
    encodeText(TAG.ReferencedSOPInstanceUID, 'UI', sopInstanceUidOf(file), coding),
    purposeOfReference('121322', meaning, coding),
  ];
}

/** PS3.3, table C.12-1; purpose from CID 7005. */
function contributingEquipment(description: string, coding: Coding): Uint8Array[] {
  return [
    encodeText(TAG.Manufacturer, 'LO', PRODUCT, coding),
    encodeText(TAG.ManufacturerModelName, 'LO', PRODUCT, coding),
    encodeText(TAG.SoftwareVersions, 'LO', packageJson.version, coding),
    encodeText(TAG.ContributionDateTime, 'DT', now(), coding),
    encodeText(TAG.ContributionDescription, 'ST', description, coding),
    purposeOfReference('109103', 'Modifying Equipment', coding),
  ];
}

/** PS3.3, table 8.8-1. */
function purposeOfReference(value: string, meaning: string, coding: Coding): Uint8Array {
  const code = [
    encodeText(TAG.CodeValue, 'SH', value, coding),
    encodeText(TAG.CodingSchemeDesignator, 'SH', 'DCM', coding),
    encodeText(TAG.CodeMeaning, 'LO', meaning, coding),
  ];
  return encodeSequence(TAG.PurposeOfReferenceCodeSequence, [encodeItem(code, coding)], coding);
}

/** UTC, as DT (PS3.5, table 6.2-1). */
const now = (): string => `${new Date().toISOString().replace(/[-:T]|\..*/g, '')}+0000`;

/**
 * Smallest and Largest Image Pixel Value (PS3.3, C.7.6.3): each follows where hiding the key area
 * moved the true extreme, and stays where it did not.
 */
export function pixelRangeEdits(file: DicomFile, before: ValueRange, after: ValueRange): Edit[] {
  const { coding } = file.transferSyntax;
  const extremes = [
    [TAG.SmallestImagePixelValue, before.minimum, after.minimum],
    [TAG.LargestImagePixelValue, before.maximum, after.maximum],
  ] as const;
  return extremes
    .filter(([tag, was, is]) => was !== is && unsignedShortsOf(file, tag).length > 0)
    .map(([tag, , is]) => ({
      tag,
      bytes: encodeElement(tag, findElement(file, tag)?.vr ?? '', encodeShorts([is], coding), coding),
    }));
}

/**
 * Burned In Annotation (PS3.3, C.7.6.1): a QR code with the report in clear may well identify the
 * patient. Otherwise it stays what the original had: what the QR says then is the notice alone.
 */
export function burnedInAnnotationEdit(file: DicomFile): Edit {
  return {
    tag: TAG.BurnedInAnnotation,
    bytes: encodeText(TAG.BurnedInAnnotation, 'CS', 'YES', file.transferSyntax.coding),
  };
}
