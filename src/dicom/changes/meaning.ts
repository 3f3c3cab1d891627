import { type DicomFile, findElement } from '../dataset/reader';
import { formatTag } from '../dataset/tags';

/**
 * Attributes that make a quantity or a colour of a stored value, or a place in the patient or on the slide of a pixel.
 * Where one of them is not the original's, the image is not the original, though its stored values are.
 *
 * Not among them: what alters with the coding of pixels (Bits Allocated, High Bit, Planar Configuration); how they are
 * shown (windows); and what a quantity is computed from besides, such as dose, weight and times of a SUV, which archives
 * put right and de-identifying moves.
 */
const MEANING: ReadonlyMap<number, string> = new Map([
  // Image Pixel, palette and colours (PS3.3, C.7.6.3, C.7.9, C.7.5.1.1.2, C.8.16.2, C.11.15)
  [0x00280002, 'Samples per Pixel'],
  [0x00280004, 'Photometric Interpretation'],
  [0x00280008, 'Number of Frames'],
  [0x00280010, 'Rows'],
  [0x00280011, 'Columns'],
  [0x00280034, 'Pixel Aspect Ratio'],
  [0x00280101, 'Bits Stored'],
  [0x00280103, 'Pixel Representation'],
  [0x00280120, 'Pixel Padding Value'],
  [0x00280121, 'Pixel Padding Range Limit'],
  [0x00281101, 'Red Palette Color Lookup Table Descriptor'],
  [0x00281102, 'Green Palette Color Lookup Table Descriptor'],
  [0x00281103, 'Blue Palette Color Lookup Table Descriptor'],
  [0x00281201, 'Red Palette Color Lookup Table Data'],
  [0x00281202, 'Green Palette Color Lookup Table Data'],
  [0x00281203, 'Blue Palette Color Lookup Table Data'],
  [0x00281221, 'Segmented Red Palette Color Lookup Table Data'],
  [0x00281222, 'Segmented Green Palette Color Lookup Table Data'],
  [0x00281223, 'Segmented Blue Palette Color Lookup Table Data'],
  [0x00282000, 'ICC Profile'],
  [0x00089205, 'Pixel Presentation'],
  // Modality LUT, and what comes of it (C.11.1, C.11.6, C.7.6.16.2.11, C.8.11.3)
  [0x00281052, 'Rescale Intercept'],
  [0x00281053, 'Rescale Slope'],
  [0x00281054, 'Rescale Type'],
  [0x00283000, 'Modality LUT Sequence'],
  [0x20500020, 'Presentation LUT Shape'],
  [0x00409096, 'Real World Value Mapping Sequence'],
  [0x00281040, 'Pixel Intensity Relationship'],
  [0x00281041, 'Pixel Intensity Relationship Sign'],
  // Counts and activity, dose, segments, light (C.8.9.1, C.8.4.10, C.8.8.3, C.8.20.2, C.8.12.5)
  [0x00541001, 'Units'],
  [0x00541002, 'Counts Source'],
  [0x00541006, 'SUV Type'],
  [0x00541102, 'Decay Correction'],
  [0x00540010, 'Energy Window Vector'],
  [0x00540012, 'Energy Window Information Sequence'],
  [0x30040002, 'Dose Units'],
  [0x30040004, 'Dose Type'],
  [0x3004000a, 'Dose Summation Type'],
  [0x3004000e, 'Dose Grid Scaling'],
  [0x00620001, 'Segmentation Type'],
  [0x0062000e, 'Maximum Fractional Value'],
  [0x00620010, 'Segmentation Fractional Type'],
  [0x00480105, 'Optical Path Sequence'],
  // Size (C.7.6.2, 10.7, C.8.6.2, C.8.5.5, C.8.8.2, C.8.12.4); where no spacing is given, the distances tell it
  [0x00280030, 'Pixel Spacing'],
  [0x00280a02, 'Pixel Spacing Calibration Type'],
  [0x00181164, 'Imager Pixel Spacing'],
  [0x00182010, 'Nominal Scanned Pixel Spacing'],
  [0x00181114, 'Estimated Radiographic Magnification Factor'],
  [0x00181110, 'Distance Source to Detector'],
  [0x00181111, 'Distance Source to Patient'],
  [0x00180050, 'Slice Thickness'],
  [0x00180088, 'Spacing Between Slices'],
  [0x00186011, 'Sequence of Ultrasound Regions'],
  [0x30020011, 'Image Plane Pixel Spacing'],
  [0x30020022, 'Radiation Machine SAD'],
  [0x30020026, 'RT Image SID'],
  [0x00480001, 'Imaged Volume Width'],
  [0x00480002, 'Imaged Volume Height'],
  [0x00480003, 'Imaged Volume Depth'],
  // Place (C.7.6.2, C.7.6.1, C.7.3.1), before DICOM 3.0 too
  [0x00200032, 'Image Position (Patient)'],
  [0x00200037, 'Image Orientation (Patient)'],
  [0x00200030, 'Image Position'],
  [0x00200035, 'Image Orientation'],
  [0x00200020, 'Patient Orientation'],
  [0x00200060, 'Laterality'],
  [0x00200062, 'Image Laterality'],
  [0x00201041, 'Slice Location'],
  [0x00185100, 'Patient Position'],
  // Place of projections (C.8.11.5, C.8.7.5, C.8.8.2)
  [0x00185101, 'View Position'],
  [0x00540220, 'View Code Sequence'],
  [0x00181510, 'Positioner Primary Angle'],
  [0x00181511, 'Positioner Secondary Angle'],
  [0x3002000c, 'RT Image Plane'],
  [0x3002000d, 'X-Ray Image Receptor Translation'],
  [0x3002000e, 'X-Ray Image Receptor Angle'],
  [0x30020010, 'RT Image Orientation'],
  [0x30020012, 'RT Image Position'],
  [0x300a011e, 'Gantry Angle'],
  [0x300a012c, 'Isocenter Position'],
  // Place of frames in nuclear medicine and of planes of dose (C.8.4.6, C.8.4.8, C.8.4.11, C.8.4.12, C.8.8.3)
  [0x00540410, 'Patient Orientation Code Sequence'],
  [0x00540412, 'Patient Orientation Modifier Code Sequence'],
  [0x00540414, 'Patient Gantry Relationship Code Sequence'],
  [0x00540020, 'Detector Vector'],
  [0x00540022, 'Detector Information Sequence'],
  [0x00540050, 'Rotation Vector'],
  [0x00540052, 'Rotation Information Sequence'],
  [0x00540080, 'Slice Vector'],
  [0x00540090, 'Angular View Vector'],
  [0x3004000c, 'Grid Frame Offset Vector'],
  // Place on a slide and in a volume of ultrasound (C.8.12.2, C.8.12.4, C.8.24.2)
  [0x0040071a, 'Image Center Point Coordinates Sequence'],
  [0x00209311, 'Dimension Organization Type'],
  [0x00480006, 'Total Pixel Matrix Columns'],
  [0x00480007, 'Total Pixel Matrix Rows'],
  [0x00480008, 'Total Pixel Matrix Origin Sequence'],
  [0x00480102, 'Image Orientation (Slide)'],
  [0x00480302, 'Number of Optical Paths'],
  [0x00480303, 'Total Pixel Matrix Focal Planes'],
  [0x00209309, 'Volume to Transducer Mapping Matrix'],
  [0x0020930a, 'Volume to Table Mapping Matrix'],
]);

/**
 * Attributes that say the same, and hold UIDs that de-identifying replaces with those of the object (PS3.15, table
 * E.1-1): a frame of reference (C.7.4.1, C.8.24.2), what segments and frames refer to.
 */
const MEANING_WITH_UIDS: ReadonlyMap<number, string> = new Map([
  [0x00200052, 'Frame of Reference UID'],
  [0x00209312, 'Volume Frame of Reference UID'],
  [0x00209313, 'Table Frame of Reference UID'],
  [0x00620002, 'Segment Sequence'],
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
 * other UIDs, what is missing does not count. Of such a copy what holds UIDs does not count either, even where it is to
 * get the original's: the others were changed with its own.
 */
export const meaningIn = (
  tags: readonly number[],
  file: DicomFile,
  { hasOwnUids, mayBeOriginal }: Standing,
): Meaning[] =>
  tags.flatMap((tag) => {
    const name = MEANING.get(tag) ?? (hasOwnUids ? MEANING_WITH_UIDS.get(tag) : undefined);
    const counts = mayBeOriginal || findElement(file, tag) !== undefined;
    return name !== undefined && counts ? [{ tag: formatTag(tag), name }] : [];
  });

/** `Rescale Intercept (0028,1052)`. */
export const describeMeaning = ({ tag, name }: Meaning): string => `${name} ${tag}`;
