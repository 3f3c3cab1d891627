import type { Shape } from './codestream';

/** What the headers of a JPEG 2000 codestream say (ITU-T T.800, annex A). */
export interface Jpeg2000Header {
  readonly shape: Shape;
  /** Coded as T.814 describes: the capabilities marker says so. */
  readonly highThroughput: boolean;
  /**
   * Some COD or COC, of the main header or of a tile part, names the irreversible wavelet, 9-7 (table A.20); whether
   * another overrules it is not looked at.
   */
  readonly irreversible: boolean;
  /** The stream without the boxes of a JP2 file, which DICOM forbids and some writers leave. */
  readonly codestream: Uint8Array;
}

const SOC = 0xff4f;
const CAP = 0xff50;
const SIZ = 0xff51;
const COD = 0xff52;
const COC = 0xff53;
const SOT = 0xff90;
const SOD = 0xff93;
const EOC = 0xffd9;
/** CAP, bit of Part 15. */
const PART_15 = 1 << (32 - 15);
/** Most tiles that are decoded; each costs the decoder memory, however little it holds. */
const MAX_TILES = 8192;

/**
 * Reads the headers and checks that every tile lies in the stream as a whole: the decoders make up
 * what is missing. Throws `RangeError`.
 */
export function readJpeg2000Header(stream: Uint8Array): Jpeg2000Header {
  const codestream = withoutBoxes(stream);
  const view = new DataView(codestream.buffer, codestream.byteOffset, codestream.byteLength);
  if (view.byteLength < 4 || view.getUint16(0) !== SOC || view.getUint16(2) !== SIZ)
    throw new RangeError('it is no JPEG 2000 stream');
  let shape: Shape | undefined;
  let tiles = 0;
  let highThroughput = false;
  let irreversible = false;
  let layers = 1;
  const readWavelet = (marker: number, segment: DataView): void => {
    irreversible ||= isIrreversible(marker, segment, shape?.components ?? 0);
  };
  const end = readSegments(view, 2, view.byteLength, (marker, segment) => {
    if (marker === SIZ) ({ shape, tiles } = readSize(segment));
    if (marker === CAP && segment.byteLength >= 4) highThroughput = (segment.getUint32(0) & PART_15) !== 0;
    if (marker === COD && segment.byteLength >= 4) layers = segment.getUint16(2);
    readWavelet(marker, segment);
  });
  if (shape === undefined) throw new RangeError('it does not say its size');
  readTileParts(view, end, tiles, readWavelet);
  // A packet of every layer and tile takes a byte at least.
  if (layers * tiles > view.byteLength) throw new RangeError('it announces more than it can hold');
  return { shape, highThroughput, irreversible, codestream };
}

type SegmentVisitor = (marker: number, segment: DataView) => void;

/** Visits the marker segments of a header, and gives where it ends: at a tile part, or at the data of one. */
function readSegments(view: DataView, from: number, limit: number, visit: SegmentVisitor): number {
  for (let position = from; position + 2 <= limit; ) {
    const marker = view.getUint16(position);
    if (marker === SOT || marker === SOD) return position;
    const length = position + 4 <= limit ? view.getUint16(position + 2) : 0;
    if (length < 2 || position + 2 + length > limit) break;
    visit(marker, new DataView(view.buffer, view.byteOffset + position + 4, length - 2));
    position += 2 + length;
  }
  throw new RangeError('it ends inside its header');
}

/** Sections A.6.1 and A.6.2; the number of a component takes a byte, or two where there are many. */
function isIrreversible(marker: number, segment: DataView, components: number): boolean {
  if (marker !== COD && marker !== COC) return false;
  const ofComponent = components < 257 ? 6 : 7;
  const at = marker === COD ? 9 : ofComponent;
  return at < segment.byteLength && segment.getUint8(at) === 0;
}

function readSize(segment: DataView): { shape: Shape; tiles: number } {
  if (segment.byteLength < 36) throw new RangeError('it does not say its size');
  const [x1, y1, x0, y0, tileWidth, tileHeight, tileX, tileY] = Array.from({ length: 8 }, (_, index) =>
    segment.getUint32(2 + 4 * index),
  );
  const components = segment.getUint16(34);
  if (components === 0 || segment.byteLength < 36 + 3 * components)
    throw new RangeError('it does not say its size');
  if (x0 !== 0 || y0 !== 0 || tileX !== 0 || tileY !== 0)
    throw new RangeError('JPEG 2000 with an offset is not supported');
  const parts = Array.from({ length: components }, (_, index) => ({
    depth: segment.getUint8(36 + 3 * index),
    across: segment.getUint8(37 + 3 * index),
    down: segment.getUint8(38 + 3 * index),
  }));
  const [{ depth }] = parts;
  if (parts.some((part) => part.depth !== depth || part.across !== 1 || part.down !== 1))
    throw new RangeError('JPEG 2000 with components of several sizes is not supported');
  const precision = (depth & 0x7f) + 1;
  if (precision > 16) throw new RangeError(`JPEG 2000 of ${precision} bits is not supported`);
  const tiles = Math.ceil(x1 / tileWidth) * Math.ceil(y1 / tileHeight);
  if (!(tiles <= MAX_TILES)) throw new RangeError(`JPEG 2000 of ${tiles} tiles is not supported`);
  return { shape: { width: x1, height: y1, components, precision, signed: depth >= 0x80 }, tiles };
}

/** Follows the tile parts (section A.4.2) from the first one on, and visits what their headers say. */
function readTileParts(view: DataView, first: number, tiles: number, visit: SegmentVisitor): void {
  const seen = new Set<number>();
  let position = first;
  while (position + 12 <= view.byteLength && view.getUint16(position) === SOT) {
    seen.add(view.getUint16(position + 4));
    const length = view.getUint32(position + 6);
    const end = length === 0 ? view.byteLength : position + length; // 0: up to the end of the stream
    if (length !== 0 && (length < 14 || end > view.byteLength)) throw new RangeError('it ends early');
    readSegments(view, position + 12, end, visit);
    position = end;
  }
  const ends = position + 2 > view.byteLength || view.getUint16(position) === EOC;
  if (seen.size !== tiles || !ends) throw new RangeError('it does not hold each of its tiles');
}

/** "jp2c": the box that holds the codestream (ITU-T T.800, annex I). */
const CODESTREAM_BOX = 0x6a703263;
const SIGNATURE_BOX = 0x6a502020;

function withoutBoxes(stream: Uint8Array): Uint8Array {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  if (view.byteLength < 12 || view.getUint32(4) !== SIGNATURE_BOX) return stream;
  for (let position = 0; position + 8 <= view.byteLength; ) {
    const length = view.getUint32(position);
    if (view.getUint32(position + 4) === CODESTREAM_BOX)
      return stream.subarray(position + 8, length === 0 ? stream.length : position + length);
    if (length < 8) break;
    position += length;
  }
  throw new RangeError('it is no JPEG 2000 stream');
}
