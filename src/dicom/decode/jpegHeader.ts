/** What the markers of a JPEG stream say (ITU-T T.81, annex B; T.87, annex C). */
export interface JpegHeader {
  /** Last byte of the Start of Frame marker: C0 to CF, F7 for JPEG-LS. */
  readonly process: number;
  readonly width: number;
  readonly height: number;
  readonly precision: number;
  readonly components: number;
  /** Every component has as many samples as the image has pixels. */
  readonly fullSampling: boolean;
  /** Components of each scan. */
  readonly scans: readonly number[];
  /** Of the first scan of lossless JPEG: predictor, and the bits that were shifted out of all samples. */
  readonly predictor: number;
  readonly pointTransform: number;
  /** NEAR of JPEG-LS, the largest error of a sample: that of the scan where it is largest; 0 of all other JPEG. */
  readonly near: number;
  readonly restartInterval: number;
  /** JFIF or Adobe say which colours the components are. */
  readonly namesColours: boolean;
}

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const DRI = 0xdd;
const APP0 = 0xe0;
const APP14 = 0xee;
/** Huffman tables, an extension, arithmetic conditioning: the numbers among SOF's that are none. */
const NO_FRAME = new Set([0xc4, 0xc8, 0xcc]);
const JPEG_LS = 0xf7;

const isFrame = (marker: number): boolean =>
  marker === JPEG_LS || (marker >= 0xc0 && marker <= 0xcf && !NO_FRAME.has(marker));

/** Reads the markers of a whole stream. Throws `RangeError` where they make no sense. */
export function readJpegHeader(stream: Uint8Array): JpegHeader {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  if (stream.length < 4 || view.getUint16(0) !== 0xff00 + SOI) throw new RangeError('it is no JPEG stream');
  let frame:
    | Omit<JpegHeader, 'scans' | keyof FirstScan | 'near' | 'restartInterval' | 'namesColours'>
    | undefined;
  let first: FirstScan | undefined;
  let near = 0;
  let restartInterval = 0;
  let namesColours = false;
  const scans: number[] = [];
  let position = nextMarker(stream, 2);
  while (position < stream.length && stream[position] !== EOI) {
    const marker = stream[position++];
    const length = position + 2 <= stream.length ? view.getUint16(position) : 0;
    if (length < 2 || position + length > stream.length) throw new RangeError('it ends early');
    const segment = stream.subarray(position + 2, position + length);
    if (isFrame(marker)) {
      if (frame !== undefined) throw new RangeError('it holds more than one frame');
      frame = readFrameHeader(marker, segment);
    } else if (marker === SOS) {
      if (segment.length < 4) throw new RangeError('a scan has no header');
      scans.push(segment[0]);
      // What is the predictor of lossless JPEG is NEAR in JPEG-LS (T.81, B.2.3; T.87, C.2.3).
      const [start, , transform] = segment.subarray(segment.length - 3);
      first ??= { predictor: start, pointTransform: transform & 15 };
      near = Math.max(near, start);
    } else if (marker === DRI && segment.length >= 2) {
      restartInterval = segment[0] * 256 + segment[1];
    } else if (marker === APP0 || marker === APP14) {
      const name = String.fromCharCode(...segment.subarray(0, 5));
      namesColours ||= name === 'JFIF\0' || name === 'Adobe';
    }
    position = nextMarker(stream, position + length);
  }
  if (frame === undefined || first === undefined) throw new RangeError('it ends before its image');
  if (frame.process !== JPEG_LS) near = 0;
  return { ...frame, ...first, near, scans, restartInterval, namesColours };
}

interface FirstScan {
  readonly predictor: number;
  readonly pointTransform: number;
}

/** Where the code of the next marker lies; entropy-coded bytes and restart markers are skipped. */
function nextMarker(stream: Uint8Array, from: number): number {
  for (let at = stream.indexOf(0xff, from); at >= 0; at = stream.indexOf(0xff, at + 1)) {
    const code = stream[at + 1];
    const isRestart = code >= 0xd0 && code <= 0xd7;
    if (code >= 0xc0 && code !== 0xff && !isRestart) return at + 1;
  }
  return stream.length;
}

function readFrameHeader(process: number, segment: Uint8Array) {
  const components = segment[5] ?? 0;
  if (components === 0 || segment.length < 6 + 3 * components)
    throw new RangeError('its frame has no components');
  const sampling = Array.from({ length: components }, (_, index) => segment[7 + 3 * index]);
  return {
    process,
    precision: segment[0],
    height: segment[1] * 256 + segment[2],
    width: segment[3] * 256 + segment[4],
    components,
    fullSampling: sampling.every((factors) => factors === sampling[0]),
  };
}
