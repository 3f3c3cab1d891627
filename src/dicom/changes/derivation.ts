import packageJson from '../../../package.json';
import type { Carrier } from '../../engine/index';
import type { ValueRange } from '../../engine/pixels/frame';
import { encodeElement, encodeItem, encodeSequence, encodeShorts, encodeText } from '../dataset/encode';
import { appendItem } from '../dataset/items';
import { type DicomFile, findElement, textOf, unsignedShortsOf, valueBytes } from '../dataset/reader';
import type { Edit } from '../dataset/splice';
import { TAG } from '../dataset/tags';
import { appendText } from '../dataset/text';
import { type Coding, EXPLICIT_LITTLE_ENDIAN } from '../dataset/transferSyntaxes';
import { sopInstanceUidOf, type UidBits, uidOf } from '../dataset/uids';
import { deriveFrameTypes, withFirstValue } from '../image/frameTypes';
import { SERIES_SUFFIX } from './seriesSuffix';

/** The tags of the protected object: what makes it a derived image in its own right. */

/** What was done to an image. */
export interface Derivation {
  readonly carrier: Carrier;
  readonly scrambled: boolean;
  /** No key area: a report was hidden, and nothing else. */
  readonly reportAlone: boolean;
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
const REPORT_ALONE = 'A report is hidden, encrypted, in small changes of the pixels.';
const RESTORABLE = 'The original can be restored with the key.';
const PRODUCT = 'Key Area Protection for OHIF';

/** Most characters of LO and ST (PS3.5, table 6.2-1). */
const LO_LENGTH = 64;
const ST_LENGTH = 1024;
/** SOP classes of 8 and of 16 bits. */
const OPHTHALMIC_PHOTOGRAPHS = ['1.2.840.10008.5.1.4.1.1.77.1.5.1', '1.2.840.10008.5.1.4.1.1.77.1.5.2'];
const MAX_UID_LENGTH = 64;

/**
 * Names this implementation (PS3.7, D.3.3.2): who wrote a file's meta information has to be said there
 * (PS3.10, section 7.1). A random UUID below 2.25 (PS3.5, section B.2).
 */
const IMPLEMENTATION_CLASS_UID = '2.25.52989908126106290201556239539382850755';
const IMPLEMENTATION_VERSION = `KEYAREA_${packageJson.version}`;

/** What makes an object part of a concatenation: one image in several objects (PS3.3, C.7.6.16). */
export const CONCATENATION_TAGS: readonly number[] = [
  TAG.SOPInstanceUIDOfConcatenationSource,
  TAG.ConcatenationUID,
  TAG.InConcatenationNumber,
  TAG.InConcatenationTotalNumber,
  TAG.ConcatenationFrameOffsetNumber,
];

/**
 * The edits that do not depend on the protected pixels:
 * - Implementation Class UID and Version Name: ours (PS3.10, section 7.1);
 * - new SOP and Series Instance UID: the pixels change the image's interpretation (PS3.3, C.7.6.1.1.2);
 * - Image Type value 1 DERIVED, the other values as they are (C.7.6.1.1.2); of an enhanced image the
 *   Frame Type of the protected frames too, and Image Type MIXED where others are left (C.8.16.1);
 * - Derivation Description and Source Image Sequence, after those of earlier derivations (C.12.4);
 * - Contributing Equipment Sequence: we modified the image (C.12.1);
 * - Series Description, so that nobody takes the series for the original one;
 * - Smallest and Largest Pixel Value in Series removed: one file does not tell those of the new series (C.7.3.1);
 * - no part of a concatenation any more: those of the original share its series (C.7.6.16);
 * - digital signatures and their MAC parameters removed: those of other pixels are void (C.12.1.1.3).
 */
export function derivationEdits(
  file: DicomFile,
  object: UidBits,
  series: UidBits,
  derivation: Derivation,
  protectedFrames: ReadonlySet<number>,
): Edit[] {
  const { coding } = file.transferSyntax;
  const { carrier, scrambled, reportAlone } = derivation;
  const what = reportAlone ? REPORT_ALONE : DESCRIPTIONS[carrier][scrambled ? 1 : 0];
  const description = `${what} ${RESTORABLE}`;
  const suffix = reportAlone ? SERIES_SUFFIX.reportAlone : SERIES_SUFFIX.area;
  const uid = (tag: number, bits: UidBits, section: Coding = coding): Edit => ({
    tag,
    bytes: encodeText(tag, 'UI', uidOf(bits), section),
  });
  const { edits: frameTypes, imageType } = deriveFrameTypes(file, protectedFrames);
  const edits: Edit[] = [
    ...implementationEdits(),
    uid(TAG.SOPInstanceUID, object),
    uid(TAG.SeriesInstanceUID, series),
    {
      tag: TAG.ImageType,
      bytes: encodeText(TAG.ImageType, 'CS', derivedTypeOf(file, imageType), coding),
    },
    ...frameTypes,
    appended(file, TAG.SeriesDescription, 'LO', ' - ', suffix, LO_LENGTH),
    appended(file, TAG.DerivationDescription, 'ST', '; ', description, ST_LENGTH),
    withItem(file, TAG.ContributingEquipmentSequence, (inner) => contributingEquipment(description, inner)),
  ];
  if (canBeReferenced(file)) {
    edits.push(withItem(file, TAG.SourceImageSequence, (inner) => sourceImage(file, inner)));
  }
  if (findElement(file, TAG.MediaStorageSOPInstanceUID)) {
    edits.push(uid(TAG.MediaStorageSOPInstanceUID, object, EXPLICIT_LITTLE_ENDIAN));
  }
  const stale = [
    TAG.SmallestPixelValueInSeries,
    TAG.LargestPixelValueInSeries,
    TAG.MACParametersSequence,
    TAG.DigitalSignaturesSequence,
    ...CONCATENATION_TAGS,
  ];
  return [...edits, ...removalsOfPresent(file, stale), ...(scrambled ? paddingRemovals(file) : [])];
}

const removalsOfPresent = (file: DicomFile, tags: readonly number[]): Edit[] =>
  tags.filter((tag) => findElement(file, tag)).map((tag) => ({ tag, bytes: undefined }));

/** Among noise any value may occur: none of them is padding any more. */
export const paddingRemovals = (file: DicomFile): Edit[] =>
  removalsOfPresent(file, [TAG.PixelPaddingValue, TAG.PixelPaddingRangeLimit]);

/**
 * Image Type with another value 1. A derived ophthalmic photograph has to say in value 3 how it was
 * made (PS3.3, C.8.17.2.1.4, with defined terms that may be added to).
 */
function derivedTypeOf(file: DicomFile, first: string): string {
  const type = withFirstValue(imageTypeOf(file), first);
  const [, second = '', third, ...others] = type.split('\\');
  if (third || !OPHTHALMIC_PHOTOGRAPHS.includes(textOf(file, TAG.SOPClassUID) ?? '')) return type;
  return [first, second, 'KEY AREA HIDDEN', ...others].join('\\');
}

function implementationEdits(): Edit[] {
  const text = (tag: number, vr: string, value: string): Edit => ({
    tag,
    bytes: encodeText(tag, vr, value, EXPLICIT_LITTLE_ENDIAN),
  });
  return [
    text(TAG.ImplementationClassUID, 'UI', IMPLEMENTATION_CLASS_UID),
    text(TAG.ImplementationVersionName, 'SH', IMPLEMENTATION_VERSION),
  ];
}

/** An image of unknown type was not made by the patient examination: SECONDARY. */
const imageTypeOf = (file: DicomFile): string => textOf(file, TAG.ImageType) ?? 'ORIGINAL\\SECONDARY';

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

/**
 * Legal UIDs of class and instance (PS3.5, section 9.1): a reference with others would be one more error.
 * What follows 0.0 names a series of ITU-T recommendations, counted from 1 (ITU-T X.660, annex A).
 */
function canBeReferenced(file: DicomFile): boolean {
  return [TAG.SOPClassUID, TAG.SOPInstanceUID].every((tag) => {
    const uid = textOf(file, tag) ?? '';
    return uid.length <= MAX_UID_LENGTH && /^(?!0\.0\.0(\.|$))[012](\.(0|[1-9]\d*))+$/.test(uid);
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
 * moved the true extreme, and stays where it did not; both follow where the extremes before are not known.
 */
export function pixelRangeEdits(file: DicomFile, before: ValueRange | undefined, after: ValueRange): Edit[] {
  const { coding } = file.transferSyntax;
  const extremes = [
    [TAG.SmallestImagePixelValue, before?.minimum, after.minimum],
    [TAG.LargestImagePixelValue, before?.maximum, after.maximum],
  ] as const;
  return extremes
    .filter(([tag, was, is]) => was !== is && unsignedShortsOf(file, tag).length > 0)
    .map(([tag, , is]) => ({
      tag,
      bytes: encodeElement(tag, findElement(file, tag)?.vr ?? '', encodeShorts([is], coding), coding),
    }));
}

/**
 * What a QR code with the report in clear asks for, which may well identify the patient: Burned In
 * Annotation YES (PS3.3, C.7.6.1), and no claim any more that the patient's identity was removed
 * (C.7.1.1; PS3.15, E.1.1). Otherwise both stay what the original had: what the QR says then is the
 * notice alone.
 */
export function openReportEdits(file: DicomFile): Edit[] {
  const text = (tag: number, value: string): Edit => ({
    tag,
    bytes: encodeText(tag, 'CS', value, file.transferSyntax.coding),
  });
  const claimed = textOf(file, TAG.PatientIdentityRemoved) === 'YES';
  return [text(TAG.BurnedInAnnotation, 'YES'), ...(claimed ? [text(TAG.PatientIdentityRemoved, 'NO')] : [])];
}

/** What a restored image that is not the original says of itself. */
interface Alteration {
  /** Value 1 of Image Type. */
  readonly imageType: 'DERIVED' | 'MIXED';
  /** Of the Series Description. */
  readonly suffix: string;
  /** For the Derivation Description. */
  readonly why: string;
}

/** What tells a restored image that is not the original from it: it is a derived one still, and says why. */
export function alteredEdits(file: DicomFile, { imageType, suffix, why }: Alteration): Edit[] {
  const { coding } = file.transferSyntax;
  const type = derivedTypeOf(file, imageType);
  return [
    { tag: TAG.ImageType, bytes: encodeText(TAG.ImageType, 'CS', type, coding) },
    appended(file, TAG.SeriesDescription, 'LO', ' - ', suffix, LO_LENGTH),
    appended(file, TAG.DerivationDescription, 'ST', '; ', why, ST_LENGTH),
  ];
}
