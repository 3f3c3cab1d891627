import { concatBytes, equalBytes } from '../engine/bytes';
import { KeyAreaError } from '../engine/errors';
import { encodeJpegLs } from '../engine/payload/jpegLs';
import { upperBitsOf } from '../engine/pixels/frame';
import { encodeElement, encodeHeader, encodeShorts, encodeText, padValue } from './dataset/encode';
import { type DicomFile, elementBytes } from './dataset/reader';
import { type Edit, splice } from './dataset/splice';
import { isGroupLength, TAG } from './dataset/tags';
import { EXPLICIT_LITTLE_ENDIAN, JPEG_LS_LOSSLESS } from './dataset/transferSyntaxes';
import { widenChroma } from './image/chroma';
import { frameCells, hashPixels, type PixelLayout, pixelLayout } from './image/pixels';
import { throwIfCancelled } from './options';

/** Throws `incompressible` where a native file is not in the coding of compressed ones. */
export function checkCompressible({ transferSyntax: { coding, name } }: DicomFile): void {
  if (coding.explicit && !coding.bigEndian) return;
  throw new KeyAreaError(
    'incompressible',
    `A file in ${name} cannot be compressed here, since compressed files are in Explicit VR Little Endian. Convert it first, for example with dcmconv --write-xfer-little, or leave compression out.`,
  );
}

/**
 * Packs native pixel data in Explicit VR Little Endian as JPEG-LS Lossless (PS3.5, sections 8.2.3 and A.4.3):
 * one fragment for each frame, with a basic offset table. All other elements stay as they are.
 *
 * Throws `incompressible` where JPEG-LS would lose something or make the pixels longer.
 */
export async function compressFile(
  file: DicomFile,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const layout = pixelLayout(file);
  const fragments: Uint8Array[] = [];
  for (let number = 1; number <= layout.frames; number++) {
    throwIfCancelled(signal);
    fragments.push(padValue('OB', await packFrame(file, layout, number)));
  }
  const edits: Edit[] = [
    {
      tag: TAG.TransferSyntaxUID,
      bytes: encodeText(TAG.TransferSyntaxUID, 'UI', JPEG_LS_LOSSLESS, EXPLICIT_LITTLE_ENDIAN),
    },
    { tag: TAG.PixelData, bytes: encapsulate(fragments) },
  ];
  if (layout.planar) {
    const value = encodeShorts([0], EXPLICIT_LITTLE_ENDIAN);
    const bytes = encodeElement(TAG.PlanarConfiguration, 'US', value, EXPLICIT_LITTLE_ENDIAN);
    edits.push({ tag: TAG.PlanarConfiguration, bytes });
  }
  return splice(file, edits);
}

async function packFrame(file: DicomFile, layout: PixelLayout, number: number): Promise<Uint8Array> {
  const { width, height, samplesPerPixel, bitsStored, signed } = layout;
  const cells = frameCells(file.bytes, layout, number);
  if (upperBitsOf({ samples: cells, bitsStored, signed }) === 'other') {
    throw new KeyAreaError(
      'incompressible',
      `The bits above Bits Stored hold something in frame ${number}, which JPEG-LS would lose. Leave compression out.`,
    );
  }
  const mask = 2 ** bitsStored - 1;
  const values = (bitsStored <= 8 ? Uint8Array.from(cells) : cells).map((cell) => cell & mask);
  const image = { width, height, bitsPerSample: bitsStored, componentCount: samplesPerPixel };
  const stream = await encodeJpegLs(values, image, samplesPerPixel > 1);
  if (stream) return new Uint8Array(stream);
  throw new KeyAreaError(
    'incompressible',
    `Frame ${number} is so much noise that JPEG-LS would make it longer, as scrambling does. Leave compression out.`,
  );
}

/** Encapsulated pixel data (PS3.5, section A.4). */
function encapsulate(fragments: readonly Uint8Array[]): Uint8Array {
  const coding = EXPLICIT_LITTLE_ENDIAN;
  const table = new DataView(new ArrayBuffer(4 * fragments.length));
  const items: Uint8Array[] = [];
  let offset = 0;
  for (const [index, fragment] of fragments.entries()) {
    table.setUint32(4 * index, offset, true);
    items.push(encodeHeader(TAG.Item, '', fragment.length, coding), fragment);
    offset += 8 + fragment.length;
  }
  return concatBytes([
    encodeHeader(TAG.PixelData, 'OB', 0xffffffff, coding),
    encodeHeader(TAG.Item, '', table.byteLength, coding),
    new Uint8Array(table.buffer),
    ...items,
    encodeHeader(TAG.SequenceDelimitation, '', 0, coding),
  ]);
}

/** What tells how pixels lie, not what they are. */
const ARRANGEMENT: ReadonlySet<number> = new Set([TAG.PixelData, TAG.PlanarConfiguration]);

/** True where two native files have the same stored values, and the same elements but for how pixels lie. */
export async function isSameImage(a: DicomFile, b: DicomFile): Promise<boolean> {
  const [elementsOfA, elementsOfB] = [a, b].map((file) =>
    [...file.meta, ...file.elements]
      .filter(({ tag }) => !ARRANGEMENT.has(tag) && !isGroupLength(tag))
      .map((element) => elementBytes(file, element)),
  );
  if (!equalBytes(concatBytes(elementsOfA), concatBytes(elementsOfB))) return false;
  const [hashOfA, hashOfB] = await Promise.all(
    [a, b].map(widenChroma).map((file) => hashPixels(file.bytes, pixelLayout(file), () => true)),
  );
  return equalBytes(hashOfA, hashOfB);
}
