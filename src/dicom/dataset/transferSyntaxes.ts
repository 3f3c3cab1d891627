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
/** Retired, and still met (PS3.5 of 2016, section A.3). */
export const EXPLICIT_BIG_ENDIAN: Coding = { explicit: true, bigEndian: true };

/** What decodes compressed pixel data; High-Throughput JPEG 2000 says itself that it is. */
export type CodecName = 'rle' | 'jpeg' | 'jpeg-ls' | 'jpeg-2000';

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
  /** Of pixel data that are not native; undefined where they cannot be decoded here. */
  readonly codec: CodecName | undefined;
}

/** What files are written in that were compressed or deflated. */
export const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
/** What protected files are compressed as where that is asked for. */
export const JPEG_LS_LOSSLESS = '1.2.840.10008.1.2.4.80';

const COMPRESSED: ReadonlyMap<string, readonly [name: string, codec?: CodecName]> = new Map([
  ['1.2.840.10008.1.2.1.98', ['Encapsulated Uncompressed']],
  ['1.2.840.10008.1.2.4.50', ['JPEG Baseline (lossy, 8 bit)', 'jpeg']],
  ['1.2.840.10008.1.2.4.51', ['JPEG Extended (lossy, 12 bit)', 'jpeg']],
  ['1.2.840.10008.1.2.4.53', ['JPEG Spectral Selection (retired)']],
  ['1.2.840.10008.1.2.4.55', ['JPEG Full Progression (retired)']],
  ['1.2.840.10008.1.2.4.57', ['JPEG Lossless', 'jpeg']],
  ['1.2.840.10008.1.2.4.70', ['JPEG Lossless, Selection Value 1', 'jpeg']],
  [JPEG_LS_LOSSLESS, ['JPEG-LS Lossless', 'jpeg-ls']],
  ['1.2.840.10008.1.2.4.81', ['JPEG-LS Near-lossless', 'jpeg-ls']],
  ['1.2.840.10008.1.2.4.90', ['JPEG 2000 Lossless', 'jpeg-2000']],
  ['1.2.840.10008.1.2.4.91', ['JPEG 2000', 'jpeg-2000']],
  ['1.2.840.10008.1.2.4.92', ['JPEG 2000 Part 2 Lossless']],
  ['1.2.840.10008.1.2.4.93', ['JPEG 2000 Part 2']],
  ['1.2.840.10008.1.2.4.94', ['JPIP Referenced']],
  ['1.2.840.10008.1.2.4.95', ['JPIP Referenced Deflate']],
  ['1.2.840.10008.1.2.4.100', ['MPEG-2 Main Level']],
  ['1.2.840.10008.1.2.4.101', ['MPEG-2 High Level']],
  ['1.2.840.10008.1.2.4.102', ['MPEG-4 AVC/H.264']],
  ['1.2.840.10008.1.2.4.103', ['MPEG-4 AVC/H.264 BD-compatible']],
  ['1.2.840.10008.1.2.4.104', ['MPEG-4 AVC/H.264 for 2D video']],
  ['1.2.840.10008.1.2.4.105', ['MPEG-4 AVC/H.264 for 3D video']],
  ['1.2.840.10008.1.2.4.106', ['MPEG-4 AVC/H.264 Stereo']],
  ['1.2.840.10008.1.2.4.107', ['HEVC/H.265 Main']],
  ['1.2.840.10008.1.2.4.108', ['HEVC/H.265 Main 10']],
  ['1.2.840.10008.1.2.4.110', ['JPEG XL Lossless']],
  ['1.2.840.10008.1.2.4.111', ['JPEG XL JPEG Recompression']],
  ['1.2.840.10008.1.2.4.112', ['JPEG XL']],
  ['1.2.840.10008.1.2.4.201', ['High-Throughput JPEG 2000 Lossless', 'jpeg-2000']],
  ['1.2.840.10008.1.2.4.202', ['High-Throughput JPEG 2000 Lossless (RPCL)', 'jpeg-2000']],
  ['1.2.840.10008.1.2.4.203', ['High-Throughput JPEG 2000', 'jpeg-2000']],
  ['1.2.840.10008.1.2.5', ['RLE Lossless', 'rle']],
]);

/** Describes a transfer syntax; one we do not know is taken for compressed, which all newer ones are. */
export function transferSyntaxOf(uid: string): TransferSyntax {
  const native = { uid, deflated: false, native: true, codec: undefined };
  switch (uid) {
    case '1.2.840.10008.1.2':
      return { ...native, name: 'Implicit VR Little Endian', coding: IMPLICIT_LITTLE_ENDIAN };
    case EXPLICIT_VR_LITTLE_ENDIAN:
      return { ...native, name: 'Explicit VR Little Endian', coding: EXPLICIT_LITTLE_ENDIAN };
    case '1.2.840.10008.1.2.2':
      return { ...native, name: 'Explicit VR Big Endian', coding: EXPLICIT_BIG_ENDIAN };
    case '1.2.840.10008.1.2.1.99': {
      const name = 'Deflated Explicit VR Little Endian';
      return { ...native, name, coding: EXPLICIT_LITTLE_ENDIAN, deflated: true };
    }
    default: {
      const [name, codec] = COMPRESSED.get(uid) ?? ['of this file'];
      return { uid, name, coding: EXPLICIT_LITTLE_ENDIAN, deflated: false, native: false, codec };
    }
  }
}
