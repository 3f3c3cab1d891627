import type { Frame } from '../../../src/engine';
import { ByteReader, ByteWriter, concatBytes } from '../../../src/engine/bytes';
import { deflate } from '../../../src/engine/payload/deflate';
import { withSamples } from '../../../src/engine/pixels/frame';
import type { FrameRecipe } from '../../engine/frames';
import { blocksOf, FLAT, FLAT_12, FLAT_AREA, forgeBase } from './base';
import { altered, type Draft, draft, inspection, restored } from './draft';
import type { Recipe, Section } from './forge';

/** Lies inside the encryption: whoever has a recipient's public key can write them. */

const JOB = 1;
const FRAME_HASH = 2;
const AREAS = 3;
const SAMPLES = 4;
const NOTICE = 5;
const REPORT = 6;
const ATTACHMENT = 7;
const BLOCK_TAGS = 8;
const NAMES = ['', 'job', 'hash', 'areas', 'samples', 'notice', 'report', 'attachment', 'block tags'];

type Lie = (sections: Section[]) => Section[] | Promise<Section[]>;

/** Changes the content of one section. */
const content =
  (type: number, change: (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>): Lie =>
  async (sections) =>
    Promise.all(
      sections.map(async (section) =>
        section.type === type ? { ...section, content: await change(section.content.slice()) } : section,
      ),
    );

const ZEROS = (length: number) => new Uint8Array(length);

/** The coding of the only area, in parts. */
interface Coding {
  readonly upperBits: number;
  readonly minimum: number;
  readonly precision: number;
  readonly coding: number;
  readonly samples: Uint8Array;
  /** What follows the samples: the upper bits where they are `other`. */
  readonly tail: Uint8Array;
  /** What the lengths say where that is not true. */
  readonly codedLength?: number;
  readonly samplesLength?: number;
}

/** Changes the coding of the only area. */
const coded = (change: (coding: Coding) => Partial<Coding> | Promise<Partial<Coding>>): Lie =>
  content(SAMPLES, async (bytes) => {
    const reader = new ByteReader(bytes);
    const upperBits = reader.uint8();
    reader.uint32();
    const [minimum, precision, coding] = [reader.uint16(), reader.uint8(), reader.uint8()];
    const samples = reader.bytes(reader.uint32());
    const tail = reader.bytes(reader.remaining);
    const honest: Coding = { upperBits, minimum, precision, coding, samples, tail };
    const { codedLength, samplesLength, ...lied }: Coding = { ...honest, ...(await change(honest)) };
    const body = new ByteWriter()
      .uint16(lied.minimum)
      .uint8(lied.precision)
      .uint8(lied.coding)
      .uint32(samplesLength ?? lied.samples.length)
      .bytes(lied.samples)
      .bytes(lied.tail)
      .finish();
    return new ByteWriter()
      .uint8(lied.upperBits)
      .uint32(codedLength ?? body.length)
      .bytes(body)
      .finish();
  });

/** Changes bytes of the JPEG-LS stream. */
const stream = (change: (view: DataView, bytes: Uint8Array) => void): Lie =>
  coded(({ samples }) => {
    const bytes = samples.slice();
    change(new DataView(bytes.buffer), bytes);
    return { samples: bytes };
  });

/** Puts a marker segment behind the Start Of Frame of a JPEG-LS stream with one component. */
const inserted = (...bytes: number[]): Lie =>
  coded(({ samples }) => ({
    samples: concatBytes([samples.subarray(0, 15), Uint8Array.from(bytes), samples.subarray(15)]),
  }));

const side = (pixels: number): Lie =>
  content(BLOCK_TAGS, (bytes) => {
    new DataView(bytes.buffer).setUint32(0, pixels);
    return bytes;
  });

const COVERED = 43 * 42;
const ROOMY_COVERED = 46 * 46;
/** Room for samples that are not packed. */
const ROOMY: Partial<FrameRecipe> = { ...FLAT_12, bitsStored: 16 };
const ROOMY_AREA: Partial<Recipe> = { areas: [{ x: 3, y: 2, width: 46, height: 46 }] };

/** Bits as deflate packs them: the first in the lowest bit. */
function packBits(bits: string): Uint8Array {
  const digits = bits.replaceAll(' ', '');
  const bytes = new Uint8Array(Math.ceil(digits.length / 8));
  for (let k = 0; k < digits.length; k++) bytes[k >> 3] |= Number(digits[k]) << (k & 7);
  return bytes;
}

const sectionLies: [string, string, Lie][] = [
  ['empty', 'no section at all', () => []],
  ...[1, 2, 4, 6, 8].map((type): [string, string, Lie] => [
    `missing-${type}`,
    `no section ${type} (${NAMES[type]})`,
    (sections) => sections.filter((section) => section.type !== type),
  ]),
  ['doubled', 'the report twice', (sections) => [...sections, sections[REPORT - 1]]],
  ['unknown-9', 'a section of type 9', (sections) => [...sections, { type: 9, content: ZEROS(3) }]],
  [
    'length-past-end',
    'a last section that is longer than the payload',
    (sections) => [...sections.slice(0, -1), { ...sections[BLOCK_TAGS - 1], length: 1_000_000 }],
  ],
  [
    'length-largest',
    'a first section of 4 GiB',
    (sections) => [{ ...sections[JOB - 1], length: 0xffffffff }, ...sections.slice(1)],
  ],
  [
    'length-short',
    'a section that is a byte shorter than said',
    (sections) => [{ ...sections[0], length: 25 }, ...sections.slice(1)],
  ],
  ['job-short', 'a job section of 23 bytes', content(JOB, (bytes) => bytes.subarray(1))],
  ['job-long', 'a job section of 25 bytes', content(JOB, (bytes) => Uint8Array.from([...bytes, 0]))],
  ['hash-short', 'a hash of 31 bytes', content(FRAME_HASH, (bytes) => bytes.subarray(1))],
  ['areas-cut', 'key areas of 7 bytes', content(AREAS, (bytes) => bytes.subarray(1))],
  ['upper-bits-3', 'upper bits 3', coded(() => ({ upperBits: 3 }))],
  ['upper-bits-other', 'upper bits `other`, which do not follow', coded(() => ({ upperBits: 2 }))],
  ['area-missing', 'no coded area', content(SAMPLES, (bytes) => bytes.subarray(0, 1))],
  [
    'area-too-many',
    'one coded area more than covered areas',
    content(SAMPLES, (bytes) => Uint8Array.from([...bytes, 0, 0, 0, 0])),
  ],
  ['area-empty', 'a coded area of no bytes', content(SAMPLES, () => ZEROS(5))],
  [
    'area-long',
    'a coded area that runs past its section',
    coded(({ samples }) => ({ codedLength: samples.length + 100 })),
  ],
  [
    'samples-long',
    'samples that run past their area',
    coded(({ samples }) => ({ samplesLength: samples.length + 1 })),
  ],
  ['coding-2', 'coding 2', coded(() => ({ coding: 2 }))],
  ['precision-0', 'precision 0', coded(() => ({ precision: 0 }))],
  ['precision-9', 'precision 9 of 8 bits stored', coded(() => ({ precision: 9 }))],
  [
    'precision-other',
    'another precision than the JPEG-LS stream has',
    coded(({ precision }) => ({ precision: precision + 1 })),
  ],
  ['minimum', 'minimum and sample exceed what 8 bits hold', coded(() => ({ minimum: 256 }))],
  ['jpeg-ls-size', 'a JPEG-LS stream of 65535 x 65535', stream((view) => view.setUint32(7, 0xffffffff))],
  [
    'jpeg-ls-width',
    'a JPEG-LS stream of one column more',
    stream((view) => view.setUint16(9, view.getUint16(9) + 1)),
  ],
  ['jpeg-ls-precision', 'a JPEG-LS stream of 16 bits', stream((view) => view.setUint8(6, 16))],
  ['jpeg-ls-components', 'a JPEG-LS stream of three components', stream((view) => view.setUint8(11, 3))],
  [
    'jpeg-ls-cut',
    'a JPEG-LS stream cut in half',
    coded(({ samples }) => ({ samples: samples.subarray(0, samples.length >> 1) })),
  ],
  [
    'jpeg-ls-frame-only',
    'a JPEG-LS stream that ends behind its Start Of Frame',
    coded(({ samples }) => ({ samples: samples.subarray(0, 15) })),
  ],
  ['jpeg-ls-empty', 'a JPEG-LS stream of no bytes', coded(() => ({ samples: ZEROS(0) }))],
  ['jpeg-ls-noise', 'noise behind the Start Of Frame', stream((_, bytes) => bytes.fill(0xa5, 15))],
  ['jpeg', 'a JPEG Start Of Frame in place of that of JPEG-LS', stream((view) => view.setUint8(3, 0xc3))],
  [
    'jpeg-ls-second-frame',
    'a second Start Of Frame, of 65535 x 65535',
    inserted(0xff, 0xf7, 0, 11, 2, 255, 255, 255, 255, 1, 1, 0x11, 0),
  ],
  [
    'notice-latin-1',
    'a notice that is not UTF-8',
    content(NOTICE, () => Uint8Array.of(0xfc, 0x62, 0x65, 0x72)),
  ],
  ['report-latin-1', 'a report that is not UTF-8', content(REPORT, () => deflate(Uint8Array.of(0x61, 0xff)))],
  [
    'report-cut-letter',
    'a report that ends in the middle of a letter',
    content(REPORT, () => deflate(Uint8Array.of(0x61, 0xc3))),
  ],
  ['report-65537', 'a report of 65,537 bytes', content(REPORT, () => deflate(ZEROS(65537).fill(0x61)))],
  [
    'report-not-deflated',
    'a report that is not deflated',
    content(REPORT, () => Uint8Array.of(0x46, 0x69, 0x6e, 0x64)),
  ],
  ['report-cut', 'a deflated report without its end', content(REPORT, (bytes) => bytes.subarray(0, -2))],
  [
    'report-distance',
    'a deflated report that repeats what lies before its beginning',
    content(REPORT, () => packBits('1 10 10010001 0000001 00011 0000000')),
  ],
  ['report-no-bytes', 'a report section of no bytes', content(REPORT, () => ZEROS(0))],
  [
    'attachment-not-deflated',
    'an attachment that is not deflated',
    content(ATTACHMENT, () => Uint8Array.of(0xff, 0xff, 0xff)),
  ],
  ['side-0', 'blocks of no side', side(0)],
  ['side-16', 'blocks of 16 pixels', side(16)],
  ['side-48', 'blocks of 48 pixels', side(48)],
  ['side-largest', 'blocks of 2^31 pixels', side(0x80000000)],
  ['tags-cut', 'half a block tag', content(BLOCK_TAGS, (bytes) => bytes.subarray(0, -2))],
  ['tags-no-side', 'block tags of 3 bytes', content(BLOCK_TAGS, (bytes) => bytes.subarray(0, 3))],
];

/** What needs more room. */
const roomyLies: [string, string, Lie][] = [
  ['report-bomb', 'a report that inflates to 300 kB', content(REPORT, () => deflate(ZEROS(300_000)))],
  [
    'minimum-raw',
    'minimum and one raw sample exceed what 16 bits hold by one',
    coded(() => ({
      minimum: 65533,
      precision: 2,
      coding: 0,
      samples: ZEROS(ROOMY_COVERED).fill(3, ROOMY_COVERED - 1),
    })),
  ],
  [
    'raw-short',
    'raw samples, one too few',
    coded(() => ({ precision: 2, coding: 0, samples: ZEROS(ROOMY_COVERED - 1) })),
  ],
  [
    'raw-bytes',
    'raw bytes where words are due',
    coded(() => ({ precision: 12, coding: 0, samples: ZEROS(ROOMY_COVERED) })),
  ],
];

const otherLies: [string, string, Lie][] = [
  ['overlay-missing', 'upper bits `other`, of which nothing is there', coded(() => ({ tail: ZEROS(0) }))],
  [
    'overlay-short',
    'upper bits `other`, a byte too few',
    coded(async () => ({ tail: await deflate(ZEROS(2 * COVERED - 1)) })),
  ],
  [
    'overlay-long',
    'upper bits `other`, a byte too many',
    coded(async () => ({ tail: await deflate(ZEROS(2 * COVERED + 1)) })),
  ],
  [
    'overlay-bomb',
    'upper bits `other` that inflate to 300 kB',
    coded(async () => ({ tail: await deflate(ZEROS(300_000)) })),
  ],
];

const LARGE: Partial<FrameRecipe> = { width: 86, height: 84, range: [0.5, 0.5], bitsStored: 16 };
const LARGE_AREA: Partial<Recipe> = { areas: [{ x: 3, y: 3, width: 80, height: 78 }] };

/** The same picture with one sample changed outside the covered areas. */
const scratched = (frame: Frame): Frame =>
  withSamples(
    frame,
    frame.samples.map((cell, k) => (k === 0 ? cell ^ 1 : cell)),
  );

export async function payloadVectors(): Promise<Draft[]> {
  const drafts: Draft[] = [];
  const lied = async (
    [name, shows, sections]: [string, string, Lie],
    picture: Partial<FrameRecipe> = FLAT,
    area: Partial<Recipe> = FLAT_AREA,
  ) => forgery(name, shows, { ...area, sections }, picture);
  const forgery = async (
    name: string,
    shows: string,
    recipe: Partial<Recipe>,
    picture: Partial<FrameRecipe>,
  ) => {
    const made = await forgeBase(recipe, {}, picture).catch((cause) => {
      throw new Error(`${name}: ${cause}`, { cause });
    });
    drafts.push(draft(`payload/${name}`, `the encrypted payload says: ${shows}`, made, 'damaged'));
    return made;
  };
  for (const lie of sectionLies) await lied(lie);
  for (const lie of roomyLies) await lied(lie, ROOMY, ROOMY_AREA);
  for (const lie of otherLies) await lied(lie, { ...FLAT_12, upperBits: 'other' });
  await lied(
    [
      'upper-bits-sign',
      'upper bits `sign` in an unsigned picture, of which no cell is sign-extended',
      coded(() => ({ upperBits: 1 })),
    ],
    { ...FLAT_12, range: [0.7, 0.7] },
  );
  await lied(
    [
      'attachment-4-mib-1',
      'an attachment of 4 MiB and a byte',
      content(ATTACHMENT, () => deflate(ZEROS(4 * 1024 * 1024 + 1))),
    ],
    LARGE,
    LARGE_AREA,
  );
  await forgery(
    'no-end',
    'sections without an end: the last one fills the payload',
    { ...FLAT_AREA, plain: withoutEnd },
    FLAT,
  );
  await forgery(
    'all-ones',
    'nothing but ones',
    { ...FLAT_AREA, plain: (plain) => void plain.fill(0xff) },
    FLAT,
  );

  for (const [name, shows, change] of [
    [
      'tags-less',
      'one block tag too few, and the picture was altered',
      (tags: Uint8Array) => tags.subarray(0, -4),
    ],
    [
      'tags-more',
      'one block tag too many, and the picture was altered',
      (tags: Uint8Array) => Uint8Array.from([...tags, 1, 2, 3, 4]),
    ],
    ['tags-none', 'no block tags, and the picture was altered', (tags: Uint8Array) => tags.subarray(0, 4)],
  ] as const) {
    const made = await forgeBase({ ...FLAT_AREA, sections: content(BLOCK_TAGS, change) }, {}, FLAT);
    drafts.push(
      draft(`payload/${name}`, `the encrypted payload says: ${shows}`, made, 'damaged', inspection(made), {
        frame: scratched(made.frame),
      }),
    );
  }

  const wrongHash = await forgeBase(
    {
      ...FLAT_AREA,
      sections: content(FRAME_HASH, (hash) => hash.map((value, k) => (k === 31 ? value ^ 1 : value))),
    },
    {},
    FLAT,
  );
  drafts.push(
    draft(
      'payload/hash-wrong',
      'the encrypted payload says: another hash, although all block tags are right',
      wrongHash,
      { error: 'damaged' },
    ),
  );
  const wrongSamples = await forgeBase(
    { ...FLAT_AREA, sections: coded(({ minimum }) => ({ minimum: minimum + 1 })) },
    {},
    FLAT,
  );
  drafts.push(
    draft(
      'payload/samples-wrong',
      'the encrypted payload says: other samples than it has the hash of',
      wrongSamples,
      { error: 'damaged' },
    ),
  );
  const wrongTags = await forgeBase(
    {
      ...FLAT_AREA,
      sections: content(BLOCK_TAGS, (tags) => tags.map((value, k) => (k < 4 ? value : value ^ 1))),
    },
    {},
    FLAT,
  );
  const touched = scratched(wrongTags.frame);
  drafts.push(
    draft(
      'payload/tags-wrong',
      'the encrypted payload says: wrong block tags, and the picture was altered: every block counts as altered',
      wrongTags,
      altered(wrongTags, blocksOf(wrongTags), scratched(wrongTags.original)),
      inspection(wrongTags),
      { frame: touched },
    ),
  );

  const raw = await forgeBase(
    { ...ROOMY_AREA, sections: coded(() => ({ precision: 2, coding: 0, samples: ZEROS(ROOMY_COVERED) })) },
    {},
    ROOMY,
  );
  drafts.push(draft('payload/raw', 'samples that are not packed', raw, restored(raw)));
  const order = await forgeBase({ ...FLAT_AREA, sections: (sections) => sections.toReversed() }, {}, FLAT);
  drafts.push(draft('payload/order', 'sections in another order', order, restored(order)));
  return drafts;
}

/** Makes the last section as long as the payload. */
function withoutEnd(plain: Uint8Array): void {
  const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength);
  let offset = 0;
  while (plain[offset] !== BLOCK_TAGS) offset += 5 + view.getUint32(offset + 1);
  view.setUint32(offset + 1, plain.length - offset - 5);
}
