/**
 * Builds DICOM files for tests, on purpose without the code under test: what the reader and the writer
 * both get wrong must not cancel out.
 */

/** Where the data set of a built file says how it is coded. */
export interface Syntax {
  readonly uid: string;
  readonly explicit: boolean;
  readonly bigEndian?: boolean;
}

export const IMPLICIT: Syntax = { uid: '1.2.840.10008.1.2', explicit: false };
export const EXPLICIT: Syntax = { uid: '1.2.840.10008.1.2.1', explicit: true };
export const BIG_ENDIAN: Syntax = { uid: '1.2.840.10008.1.2.2', explicit: true, bigEndian: true };
/** Explicit VR Little Endian with encapsulated pixel data; what the fragments hold does not matter. */
export const RLE: Syntax = { uid: '1.2.840.10008.1.2.5', explicit: true };

/** An element to write: a value, or the items of a sequence. */
export interface Node {
  readonly tag: number;
  readonly vr: string;
  readonly value?: Uint8Array;
  readonly items?: readonly (readonly Node[])[];
  /** Of the sequence and its items. */
  readonly undefinedLength?: boolean;
  /** Encapsulated pixel data: an offset table, empty where `table` is left out, and these. */
  readonly fragments?: readonly Uint8Array[];
  readonly table?: Uint8Array;
}

export const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

export function join(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

const LONG = ['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV'];
const UNDEFINED = 0xffffffff;

export const text = (tag: number, vr: string, value: string): Node => ({
  tag,
  vr,
  value: latin1(value.length % 2 ? `${value}${vr === 'UI' ? '\0' : ' '}` : value),
});

export function numbers(
  tag: number,
  vr: 'US' | 'SS' | 'UL',
  values: readonly number[],
  bigEndian = false,
): Node {
  const size = vr === 'UL' ? 4 : 2;
  const value = Buffer.alloc(size * values.length);
  values.forEach((n, index) => {
    const unsigned = n < 0 ? n + 2 ** (8 * size) : n;
    if (bigEndian) value.writeUIntBE(unsigned, index * size, size);
    else value.writeUIntLE(unsigned, index * size, size);
  });
  return { tag, vr, value: new Uint8Array(value) };
}

export const shorts = (tag: number, ...values: number[]): Node => numbers(tag, 'US', values);

function u16(value: number, big: boolean): Uint8Array {
  return big ? Uint8Array.of(value >> 8, value & 255) : Uint8Array.of(value & 255, value >> 8);
}

function u32(value: number, big: boolean): Uint8Array {
  const bytes = Buffer.alloc(4);
  if (big) bytes.writeUInt32BE(value);
  else bytes.writeUInt32LE(value);
  return new Uint8Array(bytes);
}

function tagBytes(tag: number, big: boolean): Uint8Array {
  return join([u16(Math.floor(tag / 65536), big), u16(tag % 65536, big)]);
}

export function encode(node: Node, syntax: Syntax): Uint8Array {
  const big = syntax.bigEndian ?? false;
  const delimiter = (tag: number) => join([tagBytes(tag, big), u32(0, big)]);
  let content = node.value ?? new Uint8Array();
  let undefinedLength = false;
  if (node.items) {
    undefinedLength = node.undefinedLength ?? false;
    // UN of undefined length holds implicit VR little endian.
    const inner = node.vr === 'UN' ? IMPLICIT : syntax;
    const items = node.items.map((item) => {
      const body = join(item.map((element) => encode(element, inner)));
      const length = undefinedLength ? UNDEFINED : body.length;
      return join([
        tagBytes(0xfffee000, big),
        u32(length, big),
        body,
        ...(undefinedLength ? [delimiter(0xfffee00d)] : []),
      ]);
    });
    content = join([...items, ...(undefinedLength ? [delimiter(0xfffee0dd)] : [])]);
  }
  if (node.fragments) {
    undefinedLength = true;
    const items = [node.table ?? new Uint8Array(), ...node.fragments].map((fragment) =>
      join([tagBytes(0xfffee000, big), u32(fragment.length, big), fragment]),
    );
    content = join([...items, delimiter(0xfffee0dd)]);
  }
  const length = undefinedLength ? UNDEFINED : content.length;
  const tag = tagBytes(node.tag, big);
  if (!syntax.explicit) return join([tag, u32(length, big), content]);
  const vr = latin1(node.vr);
  if (LONG.includes(node.vr)) return join([tag, vr, Uint8Array.of(0, 0), u32(length, big), content]);
  return join([tag, vr, u16(length, big), content]);
}

export interface FileParts {
  readonly syntax?: Syntax;
  /** Of the data set, in the order given. */
  readonly nodes: readonly Node[];
  /** Group 0002 beside the transfer syntax and the group length. */
  readonly meta?: readonly Node[];
  /** Written as it is; right where left out, absent where null. */
  readonly metaGroupLength?: number | null;
  readonly preamble?: Uint8Array;
  /** After the data set. */
  readonly trailing?: Uint8Array;
}

/** A Part 10 file. */
export function buildFile(parts: FileParts): Uint8Array {
  const { syntax = EXPLICIT, nodes, meta = [], preamble = new Uint8Array(128) } = parts;
  const metaNodes = [...meta, text(0x00020010, 'UI', syntax.uid)].sort((a, b) => a.tag - b.tag);
  const metaBytes = join(metaNodes.map((node) => encode(node, EXPLICIT)));
  const { metaGroupLength = metaBytes.length } = parts;
  const groupLength =
    metaGroupLength === null ? [] : [encode(numbers(0x00020000, 'UL', [metaGroupLength]), EXPLICIT)];
  return join([
    preamble,
    latin1('DICM'),
    ...groupLength,
    metaBytes,
    ...nodes.map((node) => encode(node, syntax)),
    parts.trailing ?? new Uint8Array(),
  ]);
}

/** The nodes with the right group length before each group, or the one that `wrong` gives. */
export function withGroupLengths(
  nodes: readonly Node[],
  syntax: Syntax,
  wrong: ReadonlyMap<number, number> = new Map(),
): Node[] {
  const groups = [...new Set(nodes.map(({ tag }) => Math.floor(tag / 65536)))];
  return groups.flatMap((group) => {
    const members = nodes.filter(({ tag }) => Math.floor(tag / 65536) === group);
    const size = join(members.map((node) => encode(node, syntax))).length;
    return [numbers(group * 65536, 'UL', [wrong.get(group) ?? size], syntax.bigEndian), ...members];
  });
}

export interface ImageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly frames?: number;
  readonly samplesPerPixel?: 1 | 3;
  readonly planar?: boolean;
  readonly bitsAllocated?: 8 | 16;
  readonly bitsStored?: number;
  readonly signed?: boolean;
  readonly photometric?: string;
  readonly seed?: number;
  /** Replace or add elements. */
  readonly nodes?: readonly Node[];
  /** Tags to leave out. */
  readonly without?: readonly number[];
  readonly syntax?: Syntax;
}

export const PATIENT_NAME = 'Doe^Jane Secret';

/**
 * Pixels of a picture with little noise: a slope, brighter to the right and down, through the whole
 * legal range, with sign extension.
 */
export function pixelBytes(options: ImageOptions): Uint8Array {
  const { width = 128, height = 128, frames = 1, samplesPerPixel = 1, planar = false } = options;
  const { bitsAllocated = 16, signed = false, seed = 1 } = options;
  const { bitsStored = bitsAllocated } = options;
  let state = seed;
  const noise = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const range = 2 ** bitsStored;
  const cells = new (bitsAllocated === 8 ? Uint8Array : Uint16Array)(
    width * height * samplesPerPixel * frames,
  );
  const frameCells = width * height * samplesPerPixel;
  for (let frame = 0; frame < frames; frame++) {
    for (let pixel = 0; pixel < width * height; pixel++) {
      const slope = ((pixel % width) / width + Math.floor(pixel / width) / height) / 2;
      for (let sample = 0; sample < samplesPerPixel; sample++) {
        const share = slope * 0.9 + (0.01 * (sample + frame)) / frames;
        const value = Math.floor(share * range + 3 * noise()) - (signed ? range / 2 : 0);
        const at = planar ? sample * width * height + pixel : pixel * samplesPerPixel + sample;
        cells[frame * frameCells + at] = value;
      }
    }
  }
  return new Uint8Array(cells.buffer);
}

/** The elements of a small image, complete enough for every reader. */
export function imageNodes(options: ImageOptions = {}): Node[] {
  const { width = 128, height = 128, frames = 1, samplesPerPixel = 1, planar = false } = options;
  const { bitsAllocated = 16, signed = false } = options;
  const { bitsStored = bitsAllocated, photometric = samplesPerPixel === 3 ? 'RGB' : 'MONOCHROME2' } = options;
  const pixels = pixelBytes(options);
  const nodes: Node[] = [
    text(0x00080005, 'CS', 'ISO_IR 100'),
    text(0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\AXIAL'),
    text(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.7'),
    text(0x00080018, 'UI', '1.2.826.0.1.3680043.8.498.1'),
    text(0x00080020, 'DA', '20200131'),
    text(0x00080060, 'CS', 'OT'),
    text(0x0008103e, 'LO', 'Axial slices'),
    text(0x00100010, 'PN', PATIENT_NAME),
    text(0x00100020, 'LO', 'PATIENT-ID-77'),
    text(0x0020000d, 'UI', '1.2.826.0.1.3680043.8.498.2'),
    text(0x0020000e, 'UI', '1.2.826.0.1.3680043.8.498.3'),
    text(0x00200011, 'IS', '4'),
    shorts(0x00280002, samplesPerPixel),
    text(0x00280004, 'CS', photometric),
    ...(samplesPerPixel === 3 ? [shorts(0x00280006, planar ? 1 : 0)] : []),
    ...(frames > 1 ? [text(0x00280008, 'IS', String(frames))] : []),
    shorts(0x00280010, height),
    shorts(0x00280011, width),
    shorts(0x00280100, bitsAllocated),
    shorts(0x00280101, bitsStored),
    shorts(0x00280102, bitsStored - 1),
    shorts(0x00280103, signed ? 1 : 0),
    {
      tag: 0x7fe00010,
      vr: bitsAllocated === 8 ? 'OB' : 'OW',
      value: pixels.length % 2 ? join([pixels, Uint8Array.of(0)]) : pixels,
    },
  ];
  const { nodes: more = [], without = [] } = options;
  const replaced = new Set([...more.map(({ tag }) => tag), ...without]);
  return [...nodes.filter(({ tag }) => !replaced.has(tag)), ...more].sort((a, b) => a.tag - b.tag);
}

/** A small image as a file. */
export function buildImage(options: ImageOptions = {}, parts: Partial<FileParts> = {}): Uint8Array {
  const { syntax = EXPLICIT } = options;
  return buildFile({
    syntax,
    nodes: imageNodes(options),
    meta: [
      text(0x00020002, 'UI', '1.2.840.10008.5.1.4.1.1.7'),
      text(0x00020003, 'UI', '1.2.826.0.1.3680043.8.498.1'),
    ],
    ...parts,
  });
}
