/** How the elements of a data set are coded (PS3.5, section 7.1). */
export interface Coding {
  /** Each element names its value representation; otherwise a dictionary has to. */
  readonly explicit: boolean;
  readonly bigEndian: boolean;
}

/** Implicit VR Little Endian: the default, and what lies inside elements of VR UN (PS3.5, section 6.2.2). */
export const IMPLICIT_LITTLE_ENDIAN: Coding = { explicit: false, bigEndian: false };
/** Explicit VR Little Endian: also the coding of every file's meta information (PS3.10, section 7.1). */
export const EXPLICIT_LITTLE_ENDIAN: Coding = { explicit: true, bigEndian: false };
const EXPLICIT_BIG_ENDIAN: Coding = { explicit: true, bigEndian: true };

/** A transfer syntax (PS3.5, annex A; registered in PS3.6, annex A). */
export interface TransferSyntax {
  readonly uid: string;
  /** Its name for messages. */
  readonly name: string;
  readonly coding: Coding;
  /** The data set is one deflated stream (PS3.5, section A.5). */
  readonly deflated: boolean;
  /** The pixel data are native: cells as they are, in the coding's byte order. */
  readonly native: boolean;
}

const COMPRESSED_NAMES = new Map(
  Object.entries({
    '1.2.840.10008.1.2.1.98': 'Encapsulated Uncompressed',
    '1.2.840.10008.1.2.4.50': 'JPEG Baseline (lossy, 8 bit)',
    '1.2.840.10008.1.2.4.51': 'JPEG Extended (lossy, 12 bit)',
    '1.2.840.10008.1.2.4.53': 'JPEG Spectral Selection (retired)',
    '1.2.840.10008.1.2.4.55': 'JPEG Full Progression (retired)',
    '1.2.840.10008.1.2.4.57': 'JPEG Lossless',
    '1.2.840.10008.1.2.4.70': 'JPEG Lossless, Selection Value 1',
    '1.2.840.10008.1.2.4.80': 'JPEG-LS Lossless',
    '1.2.840.10008.1.2.4.81': 'JPEG-LS Near-lossless',
    '1.2.840.10008.1.2.4.90': 'JPEG 2000 Lossless',
    '1.2.840.10008.1.2.4.91': 'JPEG 2000',
    '1.2.840.10008.1.2.4.92': 'JPEG 2000 Part 2 Lossless',
    '1.2.840.10008.1.2.4.93': 'JPEG 2000 Part 2',
    '1.2.840.10008.1.2.4.94': 'JPIP Referenced',
    '1.2.840.10008.1.2.4.95': 'JPIP Referenced Deflate',
    '1.2.840.10008.1.2.4.100': 'MPEG-2 Main Level',
    '1.2.840.10008.1.2.4.101': 'MPEG-2 High Level',
    '1.2.840.10008.1.2.4.102': 'MPEG-4 AVC/H.264',
    '1.2.840.10008.1.2.4.103': 'MPEG-4 AVC/H.264 BD-compatible',
    '1.2.840.10008.1.2.4.104': 'MPEG-4 AVC/H.264 for 2D video',
    '1.2.840.10008.1.2.4.105': 'MPEG-4 AVC/H.264 for 3D video',
    '1.2.840.10008.1.2.4.106': 'MPEG-4 AVC/H.264 Stereo',
    '1.2.840.10008.1.2.4.107': 'HEVC/H.265 Main',
    '1.2.840.10008.1.2.4.108': 'HEVC/H.265 Main 10',
    '1.2.840.10008.1.2.4.110': 'JPEG XL Lossless',
    '1.2.840.10008.1.2.4.111': 'JPEG XL JPEG Recompression',
    '1.2.840.10008.1.2.4.112': 'JPEG XL',
    '1.2.840.10008.1.2.4.201': 'High-Throughput JPEG 2000 Lossless',
    '1.2.840.10008.1.2.4.202': 'High-Throughput JPEG 2000 Lossless (RPCL)',
    '1.2.840.10008.1.2.4.203': 'High-Throughput JPEG 2000',
    '1.2.840.10008.1.2.5': 'RLE Lossless',
  }),
);

/** Describes a transfer syntax; one we do not know is taken for compressed, which all newer ones are. */
export function transferSyntaxOf(uid: string): TransferSyntax {
  const native = { uid, deflated: false, native: true };
  switch (uid) {
    case '1.2.840.10008.1.2':
      return { ...native, name: 'Implicit VR Little Endian', coding: IMPLICIT_LITTLE_ENDIAN };
    case '1.2.840.10008.1.2.1':
      return { ...native, name: 'Explicit VR Little Endian', coding: EXPLICIT_LITTLE_ENDIAN };
    case '1.2.840.10008.1.2.2':
      return { ...native, name: 'Explicit VR Big Endian', coding: EXPLICIT_BIG_ENDIAN };
    case '1.2.840.10008.1.2.1.99':
      return {
        ...native,
        name: 'Deflated Explicit VR Little Endian',
        coding: EXPLICIT_LITTLE_ENDIAN,
        deflated: true,
      };
    default:
      return {
        uid,
        name: COMPRESSED_NAMES.get(uid) ?? 'of this file',
        coding: EXPLICIT_LITTLE_ENDIAN,
        deflated: false,
        native: false,
      };
  }
}
