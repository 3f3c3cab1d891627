import { readFile } from '../../src/dicom/dataset/reader';
import {
  type PixelLayout,
  pixelLayout,
  readFrame,
  storedValueRange,
  writeFrame,
} from '../../src/dicom/image/pixels';
import { buildImage, type ImageOptions, numbers, pixelBytes, text } from './builder';
import { expectSameBytes } from './support';

function read(bytes: Uint8Array): { bytes: Uint8Array; layout: PixelLayout } {
  return { bytes, layout: pixelLayout(readFile(bytes)) };
}

/** The file with `shift` more bytes before the pixel data, so that cells lie unaligned. */
function shifted(options: ImageOptions, shift: number): Uint8Array {
  const file = buildImage(options);
  const larger = new Uint8Array(file.length + shift);
  larger.set(file, shift);
  return larger.subarray(shift);
}

const KINDS: readonly (readonly [string, ImageOptions])[] = [
  ['8 bits', { bitsAllocated: 8, width: 5, height: 3 }],
  ['16 bits', { width: 5, height: 3 }],
  ['12 bits signed in 16', { width: 5, height: 3, bitsStored: 12, signed: true }],
  ['RGB by pixel', { width: 5, height: 3, bitsAllocated: 8, samplesPerPixel: 3 }],
  ['RGB by plane', { width: 5, height: 3, bitsAllocated: 8, samplesPerPixel: 3, planar: true }],
  ['RGB by plane, 16 bits, 3 frames', { width: 5, height: 3, samplesPerPixel: 3, planar: true, frames: 3 }],
  ['8 bits, 3 frames', { width: 5, height: 3, bitsAllocated: 8, frames: 3 }],
];

describe('a frame', () => {
  test.each(KINDS)('has the cells of the file, samples of a pixel side by side: %s', (_, options) => {
    const { width = 0, height = 0, samplesPerPixel = 1, bitsAllocated = 16, frames = 1, planar } = options;
    const raw = pixelBytes(options);
    const view = new DataView(raw.buffer);
    for (const shift of [0, 1]) {
      const { bytes, layout } = read(shifted(options, shift));
      expect(layout.frames).toBe(frames);
      for (let number = 1; number <= frames; number++) {
        const frame = readFrame(bytes, layout, number);
        const pixels = width * height;
        for (let pixel = 0; pixel < pixels; pixel++) {
          for (let sample = 0; sample < samplesPerPixel; sample++) {
            const cell = planar ? sample * pixels + pixel : pixel * samplesPerPixel + sample;
            const at = (number - 1) * pixels * samplesPerPixel + cell;
            const expected = bitsAllocated === 8 ? view.getUint8(at) : view.getUint16(2 * at, true);
            expect(frame.samples[pixel * samplesPerPixel + sample]).toBe(expected);
          }
        }
      }
    }
  });

  test.each(KINDS)('is written back where it was, and nothing else: %s', (_, options) => {
    const { bytes, layout } = read(shifted(options, 1));
    for (let number = 1; number <= layout.frames; number++) {
      const copy = bytes.slice();
      const frame = readFrame(bytes, layout, number);
      const start = layout.start + (number - 1) * layout.frameLength;
      copy.fill(0xaa, start, start + layout.frameLength);
      writeFrame(copy, layout, number, frame);
      expectSameBytes(copy, bytes);
    }
  });

  test('is not copied where its cells lie as they have to', () => {
    const { start } = read(buildImage()).layout;
    const { bytes, layout } = read(shifted({}, start % 2));
    expect(readFrame(bytes, layout, 1).samples.buffer).toBe(bytes.buffer);
  });

  test('says what the engine has to know', () => {
    const { bytes, layout } = read(buildImage({ bitsStored: 12, signed: true, photometric: 'MONOCHROME1' }));
    expect(readFrame(bytes, layout, 1)).toMatchObject({
      width: 128,
      height: 128,
      samplesPerPixel: 1,
      bitsStored: 12,
      signed: true,
      inverted: true,
    });
    expect(readFrame(bytes, layout, 1)).not.toHaveProperty('padding');
  });
});

describe('pixel padding', () => {
  const paddingOf = (options: ImageOptions) => read(buildImage(options)).layout.padding;
  const value = (n: number, vr: 'US' | 'SS' = 'US') => numbers(0x00280120, vr, [n]);
  const limit = (n: number, vr: 'US' | 'SS' = 'US') => numbers(0x00280121, vr, [n]);

  test.each<[string, ImageOptions, { minimum: number; maximum: number } | undefined]>([
    ['none', {}, undefined],
    ['a value', { nodes: [value(5)] }, { minimum: 5, maximum: 5 }],
    ['a range', { nodes: [value(5), limit(2)] }, { minimum: 2, maximum: 5 }],
    ['signed', { signed: true, nodes: [value(-2000, 'SS')] }, { minimum: -2000, maximum: -2000 }],
    [
      'signed pixels, unsigned VR',
      { signed: true, nodes: [value(63536)] },
      { minimum: -2000, maximum: -2000 },
    ],
    ['unsigned pixels, signed VR', { nodes: [value(-2000, 'SS')] }, { minimum: 63536, maximum: 63536 }],
    ['a value no sample can have', { bitsStored: 12, nodes: [value(63536)] }, undefined],
    [
      'a range that reaches out',
      { bitsStored: 12, nodes: [value(4000), limit(5000)] },
      { minimum: 4000, maximum: 4095 },
    ],
  ])('%s', (_, options, expected) => {
    expect(paddingOf(options)).toEqual(expected);
  });
});

test('the range of stored values leaves out what is above Bits Stored', () => {
  const cells = Uint16Array.of(0x0001, 0xf7ff, 0x0800, 0x3005);
  const pixels = { tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(cells.buffer) };
  const range = (signed: boolean) => {
    const { bytes, layout } = read(
      buildImage({ width: 2, height: 2, bitsStored: 12, signed, nodes: [pixels] }),
    );
    return storedValueRange(bytes, layout);
  };
  expect(range(false)).toEqual({ minimum: 0x001, maximum: 0x800 });
  expect(range(true)).toEqual({ minimum: -0x800, maximum: 0x7ff });
});

test('frames are counted as the file says', () => {
  expect(read(buildImage({ frames: 3, nodes: [text(0x00280008, 'IS', ' 3 ')] })).layout.frames).toBe(3);
});
