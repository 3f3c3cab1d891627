import { type DicomFile, findElement } from '../dataset/reader';
import { formatTag } from '../dataset/tags';

/**
 * Attributes that say what stored values mean, or where the picture lies in the patient. Where one of them is not the
 * original's, the image is not the original, though its stored values are.
 */
const MEANING: ReadonlyMap<number, string> = new Map([
  // Image Pixel and palette (PS3.3, C.7.6.3)
  [0x00280002, 'Samples per Pixel'],
  [0x00280004, 'Photometric Interpretation'],
  [0x00280008, 'Number of Frames'],
  [0x00280010, 'Rows'],
  [0x00280011, 'Columns'],
  [0x00280034, 'Pixel Aspect Ratio'],
  [0x00280101, 'Bits Stored'],
  [0x00280103, 'Pixel Representation'],
  [0x00281101, 'Red Palette Color Lookup Table Descriptor'],
  [0x00281102, 'Green Palette Color Lookup Table Descriptor'],
  [0x00281103, 'Blue Palette Color Lookup Table Descriptor'],
  [0x00281201, 'Red Palette Color Lookup Table Data'],
  [0x00281202, 'Green Palette Color Lookup Table Data'],
  [0x00281203, 'Blue Palette Color Lookup Table Data'],
  // Modality LUT, and what comes of it (C.11.1, C.11.6, C.8.9.1, C.8.8.3)
  [0x00281052, 'Rescale Intercept'],
  [0x00281053, 'Rescale Slope'],
  [0x00281054, 'Rescale Type'],
  [0x00283000, 'Modality LUT Sequence'],
  [0x20500020, 'Presentation LUT Shape'],
  [0x00541001, 'Units'],
  [0x3004000e, 'Dose Grid Scaling'],
  // Size (C.7.6.2, 10.7, C.8.5.5)
  [0x00280030, 'Pixel Spacing'],
  [0x00181164, 'Imager Pixel Spacing'],
  [0x00181114, 'Estimated Radiographic Magnification Factor'],
  [0x00180050, 'Slice Thickness'],
  [0x00180088, 'Spacing Between Slices'],
  [0x00186011, 'Sequence of Ultrasound Regions'],
  // Place (C.7.6.2, C.7.6.1, C.7.3.1)
  [0x00200032, 'Image Position (Patient)'],
  [0x00200037, 'Image Orientation (Patient)'],
  [0x00200020, 'Patient Orientation'],
  [0x00200060, 'Laterality'],
  [0x00200062, 'Image Laterality'],
]);

/** Functional groups, which say the same of enhanced multi-frame images, and name other objects by their UIDs. */
const FUNCTIONAL_GROUPS: ReadonlyMap<number, string> = new Map([
  [0x52009229, 'Shared Functional Groups Sequence'],
  [0x52009230, 'Per-Frame Functional Groups Sequence'],
]);

/** An attribute that decides what an image shows. */
export interface Meaning {
  /** `(0028,1052)`. */
  readonly tag: string;
  /** Its name in PS3.6: `Rescale Intercept`. */
  readonly name: string;
}

/** What a file that came back may be. */
export interface Standing {
  /** It has the UIDs still that protecting gave it. */
  readonly hasOwnUids: boolean;
  /** It is to get the original's UIDs, and so passes for the original. */
  readonly mayBeOriginal: boolean;
}

/**
 * Those of the tags that decide what a file shows. Where it does not pass for the original, as a copy that others gave
 * other UIDs, what is missing does not count; nor do functional groups of such a copy, in which UIDs were changed with
 * the others.
 */
export const meaningIn = (
  tags: readonly number[],
  file: DicomFile,
  { hasOwnUids, mayBeOriginal }: Standing,
): Meaning[] =>
  tags.flatMap((tag) => {
    const name = MEANING.get(tag) ?? (hasOwnUids ? FUNCTIONAL_GROUPS.get(tag) : undefined);
    const counts = mayBeOriginal || findElement(file, tag) !== undefined;
    return name !== undefined && counts ? [{ tag: formatTag(tag), name }] : [];
  });

/** `Rescale Intercept (0028,1052)`. */
export const describeMeaning = ({ tag, name }: Meaning): string => `${name} ${tag}`;
