import { deflateRawSync } from 'node:zlib';
import { readFile } from '../../src/dicom/dataset/reader';
import {
  BIG_ENDIAN,
  EXPLICIT,
  IMPLICIT,
  join,
  latin1,
  type Node,
  type Syntax,
  shorts,
  text,
} from '../dicom/builder';
import type { Draw } from './draw';
import { imageFile } from './fixtures';
import { edge, mutate, mutateHead } from './mutate';

/** DICOM files that lie, nest or unpack to more than they are. */

const SYNTAXES: readonly Syntax[] = [IMPLICIT, EXPLICIT, BIG_ENDIAN];
const PHOTOMETRIC = [
  'MONOCHROME1',
  'MONOCHROME2',
  'PALETTE COLOR',
  'RGB',
  'YBR_FULL',
  'YBR_FULL_422',
  'HSV',
  '',
];
const PIXEL_DATA = 0x7fe00010;

/** An image of which one to four elements lie about what it is like. */
export function lyingImage(draw: Draw): Uint8Array {
  const syntax = draw.pick(SYNTAXES);
  const short = (tag: number) => () => shorts(tag, draw.chance(0.3) ? edge(draw, 2) : draw.below(65));
  const lies: (() => Node)[] = [
    ...[0x00280002, 0x00280006, 0x00280010, 0x00280011, 0x00280100, 0x00280101, 0x00280102, 0x00280103].map(
      short,
    ),
    ...[0x00280106, 0x00280107, 0x00280120, 0x00280121, 0x60000010, 0x60000011, 0x60000100].map(short),
    () => text(0x00280004, 'CS', draw.pick(PHOTOMETRIC)),
    () =>
      text(0x00280008, 'IS', String(draw.pick([0, 1, 2, 3, 100, -1, 65536, 2 ** 31, 2 ** 53, 1e300, 'x']))),
    () => text(0x00281050, 'DS', draw.pick(['1e308', '-1e308', 'NaN', '', '0\\0\\0', '1e-320'])),
    () => text(0x00281051, 'DS', draw.pick(['1e308', '0', '-5', 'Infinity', '', '1\\2'])),
    () =>
      text(
        0x00080005,
        'CS',
        draw.pick(['ISO 2022 IR 87', 'ISO_IR 192', 'GB18030', 'x', '\\\\\\', 'ISO_IR 100']),
      ),
    () => text(0x00080008, 'CS', draw.pick(['', '\\'.repeat(200), 'DERIVED', 'ORIGINAL\\PRIMARY'])),
    () => text(0x00080018, 'UI', draw.pick(['', '1', '9'.repeat(64), '1.'.repeat(300), 'x y'])),
    () => text(0x60000015, 'IS', draw.pick(['0', '-3', '4000000000', 'x'])),
    () => ({ tag: 0x60003000, vr: 'OW', value: draw.bytes(2 * draw.below(400)) }),
    () => ({ tag: PIXEL_DATA, vr: draw.pick(['OB', 'OW', 'UN']), value: draw.bytes(draw.below(4096)) }),
    () => ({ tag: 0x00281101, vr: 'US', value: draw.bytes(6) }),
    () => ({ tag: 0x00281201, vr: 'OW', value: draw.bytes(2 * draw.below(300)) }),
    () => ({ tag: 0x00880200, vr: 'SQ', items: [[{ tag: PIXEL_DATA, vr: 'OB', value: draw.bytes(8) }]] }),
    () => ({ tag: 0x00990010, vr: 'LO', value: latin1('KEY AREA PROTECTION 1 ') }),
  ];
  const nodes = new Map<number, Node>();
  for (let count = draw.between(1, 4); count > 0; count--) {
    const node = draw.pick(lies)();
    nodes.set(node.tag, node);
  }
  const shape = draw.pick([{}, { samplesPerPixel: 3, bitsAllocated: 8 }, { frames: 3 }] as const);
  return imageFile({ width: 64, height: 64, bitsStored: 8, ...shape, syntax, nodes: [...nodes.values()] });
}

/** Sequences in sequences, as deep and as many as anybody could wish, at times cut off. */
export function nestedSequences(draw: Draw): Uint8Array {
  const syntax = draw.pick(SYNTAXES);
  const depth = draw.pick([1, 2, 15, 16, 17, 63, 64, 65, 200, 1000]);
  const undefinedLength = draw.chance(0.7);
  const vr = draw.pick(['SQ', 'SQ', 'UN'] as const);
  const tag = draw.pick([0x00081140, 0x00082112, 0x52009229, 0x00880200, 0x00091010]);
  const wide = draw.chance(0.3) ? draw.between(2, 300) : 1;
  let node: Node = { tag, vr, undefinedLength, items: Array.from({ length: wide }, () => []) };
  for (let level = 1; level < depth; level++) node = { tag, vr, undefinedLength, items: [[node]] };
  const file = imageFile({ width: 48, height: 48, syntax, nodes: [node] });
  return draw.chance(0.3) ? mutateHead(file, draw) : file;
}

/** A data set that unpacks to far more than it is. */
export function deflatedBomb(draw: Draw): Uint8Array {
  const { plain } = DEFLATED;
  const image = imageFile({ width: 48, height: 48 });
  const start = readFile(image).dataSetStart;
  const dataSet = Buffer.concat([image.subarray(start), new Uint8Array(draw.pick([0, 1, 4]) * 2 ** 20)]);
  const file = join([plain, new Uint8Array(deflateRawSync(dataSet))]);
  return draw.chance(0.7) ? join([plain, mutate(file.subarray(plain.length), draw)]) : file;
}

/** The meta information of a deflated file. */
const DEFLATED = (() => {
  const file = imageFile({ syntax: { uid: '1.2.840.10008.1.2.1.99', explicit: true }, width: 1, height: 1 });
  return { plain: file.slice(0, readFile(file).dataSetStart) };
})();

/** A compressed image of which the stream, or what is said of it, was changed. */
export function spoiltStream(bytes: Uint8Array, draw: Draw): Uint8Array {
  const pixels = readFile(bytes).elements.find(({ tag }) => tag === PIXEL_DATA);
  if (pixels === undefined || draw.chance(0.3)) return mutateHead(bytes, draw);
  // Markers, tables and dimensions come first.
  const end = Math.min(pixels.valueEnd, pixels.valueStart + (draw.chance(0.7) ? 200 : 2 ** 20));
  const stream = bytes.subarray(pixels.valueStart, end);
  return join([bytes.subarray(0, pixels.valueStart), mutate(stream, draw), bytes.subarray(end)]);
}
