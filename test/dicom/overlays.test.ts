import { readFile } from '../../src/dicom/dataset/reader';
import { takeOverlayBits } from '../../src/dicom/image/overlays';
import { buildImage, shorts } from './builder';

const data = (value: Uint8Array) =>
  readFile(
    buildImage({
      nodes: [shorts(0x60000010, 8), shorts(0x60000011, 8), { tag: 0x60003000, vr: 'OW', value }],
    }),
  );
/** Columns 0 to 3 of every row. */
const left = new Uint8Array(8).fill(0x0f);

test('bits over the key area are taken, first bit lowest', () => {
  const { taken, edits } = takeOverlayBits(data(left), [{ x: 2, y: 1, width: 4, height: 2 }]);
  expect(taken).toEqual([
    { tag: 0x60003000, areas: [{ x: 2, y: 1, width: 4, height: 2 }], bits: Uint8Array.of(0b00110011) },
  ]);
  expect(edits.map(({ bytes }) => bytes?.subarray(12))).toEqual([
    Uint8Array.of(0x0f, 0x03, 0x03, 0x0f, 0x0f, 0x0f, 0x0f, 0x0f),
  ]);
});

test('nothing is taken where there is nothing', () => {
  const none = { taken: [], edits: [] };
  expect(takeOverlayBits(data(left), [{ x: 4, y: 0, width: 4, height: 8 }])).toEqual(none);
  expect(takeOverlayBits(data(left), [{ x: 50, y: 50, width: 4, height: 8 }])).toEqual(none);
  expect(takeOverlayBits(readFile(buildImage()), [{ x: 0, y: 0, width: 4, height: 8 }])).toEqual(none);
});

test('data that are shorter than their size says are taken as far as they go', () => {
  const { taken } = takeOverlayBits(data(left.subarray(0, 2)), [{ x: 0, y: 0, width: 8, height: 8 }]);
  expect(taken[0].bits).toEqual(Uint8Array.of(0x0f, 0x0f, 0, 0, 0, 0, 0, 0));
});
