import { generateHybridIdentity, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { type Frame, rankPalette } from '../../../src/engine';
import { withSamples } from '../../../src/engine/pixels/frame';
import { onCanvas, turnBack } from '../../../src/engine/pixels/geometry';
import { type FrameRecipe, makeFrame, randomFrom } from '../../engine/frames';
import { AREA, FLAT, FLAT_12, FLAT_AREA, forgeBase, makeJob } from './base';
import { type Draft, draft, inspection, PASSPHRASE, restored, withoutText } from './draft';
import {
  envelopeOffsets,
  type Forgery,
  forge,
  type Recipe,
  segmentByte,
  withHeader,
  withVault,
} from './forge';

/** Pictures that restore bit for bit. */

const pixelKinds: [string, string, Partial<FrameRecipe>, Partial<Recipe>?][] = [
  ['12-bits', '12 bits in 16, MONOCHROME2', {}],
  ['8-bits', '8 bits in 8', { bitsAllocated: 8, bitsStored: 8 }],
  ['8-bits-signed', '8 bits in 8, signed', { bitsAllocated: 8, bitsStored: 8, signed: true }],
  ['10-bits', '10 bits in 16', { bitsStored: 10 }],
  ['16-bits', '16 bits in 16', { bitsStored: 16 }],
  ['16-bits-signed', '16 bits, signed, with negative values', { bitsStored: 16, signed: true }],
  [
    '12-bits-signed',
    '12 bits signed in 16-bit cells, all sign-extended, with negative values: upper bits `sign`',
    { signed: true },
  ],
  [
    '12-bits-signed-zero',
    '12 bits signed in 16-bit cells whose upper bits are all zero although values are negative',
    { signed: true, upperBits: 'zero' },
  ],
  ['12-bits-overlay', 'an overlay in bit 12: upper bits `other`', { upperBits: 'other', width: 70 }],
  [
    '12-bits-signed-overlay',
    'an overlay in bit 12 of a signed picture: upper bits `other`',
    { upperBits: 'other', signed: true, width: 70 },
  ],
  [
    '3-bits',
    '3 bits in 8: one payload bit per sample',
    { bitsAllocated: 8, bitsStored: 3, width: 130, height: 130 },
  ],
  ['rgb', 'RGB, 8 bits', { bitsAllocated: 8, bitsStored: 8, samplesPerPixel: 3 }],
  ['monochrome1', 'MONOCHROME1: dark modules lie in the upper band', { inverted: true }],
  [
    'constant',
    'all samples alike: the bands need values that the picture does not use',
    { range: [0.5, 0.5], noise: 0 },
  ],
  [
    'saturated',
    'only the smallest and the largest value',
    { noise: 9000, range: [0, 1], width: 72, height: 66 },
  ],
];

async function pixels(): Promise<Draft[]> {
  const drafts: Draft[] = [];
  for (const [name, shows, picture] of pixelKinds) {
    const forgery = await forgeBase({}, {}, picture);
    drafts.push(draft(`pixels/${name}`, shows, forgery, restored(forgery)));
  }
  return drafts;
}

/** A picture whose lower left corner is padding. */
async function padded(): Promise<Draft[]> {
  const padding = { minimum: -2048, maximum: -2048 };
  const picture = makeFrame({
    width: 64,
    height: 60,
    bitsStored: 12,
    noise: 0.002,
    signed: true,
    range: [0.3, 0.8],
  });
  picture.samples.forEach((_, k) => {
    if (k % 64 < k / 64 - 20) picture.samples[k] = 0xf800;
  });
  const original = { ...picture, padding };
  const forgery = await forge(original, await makeJob(), { passphrase: PASSPHRASE }, { areas: [AREA] });
  const { padding: _, ...unknown } = forgery.frame;
  return [
    draft('pixels/padding', 'Pixel Padding Value -2048, which no band may use', forgery, restored(forgery)),
    draft(
      'pixels/padding-unknown',
      'the same picture whose Pixel Padding Value was dropped on the way',
      forgery,
      restored(forgery),
      inspection(forgery),
      { frame: unknown },
    ),
  ];
}

async function palettes(): Promise<Draft[]> {
  const ramp = (entries: number, step: number, mask: number) =>
    Array.from({ length: entries }, (_, k) => (k * step) & mask);
  const kinds = [
    {
      name: '8-bits',
      bitsStored: 8,
      red: ramp(256, 77, 255),
      green: ramp(256, 77, 255),
      blue: ramp(256, 77, 255),
    },
    // Half of the entries are alike.
    {
      name: 'equal-entries',
      bitsStored: 8,
      red: ramp(256, 6, 127),
      green: ramp(256, 2, 255),
      blue: ramp(256, 34, 255),
    },
  ];
  const drafts: Draft[] = [];
  for (const { name, bitsStored, ...palette } of kinds) {
    const { red, green, blue } = palette;
    const paletteRanks = rankPalette(Uint16Array.from(red), Uint16Array.from(green), Uint16Array.from(blue));
    const entries = new Uint8Array(256);
    paletteRanks.forEach((rank, entry) => {
      entries[rank] = entry;
    });
    const ranks = makeFrame({ width: 90, height: 88, bitsAllocated: 8, bitsStored, noise: 0.002 });
    const original = {
      ...withSamples(
        ranks,
        ranks.samples.map((rank) => entries[rank]),
      ),
      paletteRanks,
    };
    const forgery = await forge(original, await makeJob(), { passphrase: PASSPHRASE }, { areas: [AREA] });
    drafts.push(
      draft(
        `pixels/palette-${name}`,
        'PALETTE COLOR: worked on in ranks by luminance, equal ones by their number',
        forgery,
        restored(forgery),
        inspection(forgery),
        { palette },
      ),
    );
  }
  return drafts;
}

async function areas(): Promise<Draft[]> {
  const kinds: [string, string, Partial<FrameRecipe>, Partial<Recipe>][] = [
    [
      'whole',
      'the key area is the whole picture',
      { width: 48, height: 48, noise: 0 },
      { areas: [{ x: 0, y: 0, width: 48, height: 48 }] },
    ],
    [
      'tiny',
      'a key area of one pixel in the corner',
      { width: 50, height: 50 },
      { areas: [{ x: 49, y: 49, width: 1, height: 1 }] },
    ],
    [
      'three',
      'three key areas; one symbol has modules of 2 pixels',
      { bitsAllocated: 8, bitsStored: 8, range: [0.5, 0.5], width: 150, height: 104 },
      {
        areas: [
          { x: 2, y: 1, width: 45, height: 45 },
          { x: 51, y: 3, width: 96, height: 98 },
          { x: 1, y: 50, width: 47, height: 52 },
        ],
      },
    ],
    [
      'odd-shape',
      'a wide covered area: the symbol lies in its middle',
      { width: 110 },
      { areas: [{ x: 3, y: 5, width: 103, height: 46 }] },
    ],
    [
      'index',
      'frame 3 of a job of 7, with an attachment',
      {},
      { index: 3, count: 7, attachment: Uint8Array.of(0, 1, 254, 255) },
    ],
    [
      'attachment-4-mib',
      'an attachment of 4 MiB of zeros, the longest',
      { width: 86, height: 84, bitsStored: 16, range: [0.5, 0.5] },
      { attachment: new Uint8Array(4 * 1024 * 1024), areas: [{ x: 4, y: 4, width: 80, height: 72 }] },
    ],
    ['scrambled', 'scrambled', {}, { scramble: true }],
    [
      'scrambled-signed',
      'scrambled, 12 bits signed in 16',
      { signed: true, width: 52, height: 50 },
      { scramble: true, areas: [{ x: 3, y: 4, width: 44, height: 44 }] },
    ],
    [
      'scrambled-rgb',
      'scrambled, RGB',
      { bitsAllocated: 8, bitsStored: 8, samplesPerPixel: 3, width: 50, height: 48 },
      { scramble: true, areas: [{ x: 3, y: 2, width: 45, height: 45 }] },
    ],
    [
      'scrambled-overlay',
      'scrambled, an overlay above Bits Stored stays as it is',
      { upperBits: 'other', width: 80 },
      { scramble: true, areas: [{ x: 3, y: 4, width: 70, height: 50 }] },
    ],
  ];
  const drafts: Draft[] = [];
  for (const [name, shows, picture, recipe] of kinds) {
    const forgery = await forgeBase(recipe, {}, picture);
    drafts.push(draft(`areas/${name}`, shows, forgery, restored(forgery)));
  }
  return drafts;
}

async function texts(): Promise<Draft[]> {
  const large: Partial<FrameRecipe> = { width: 110, height: 108, bitsStored: 10, noise: 0 };
  const area = { areas: [{ x: 2, y: 2, width: 105, height: 105 }] };
  const kinds: [string, string, Parameters<typeof makeJob>[0], Partial<FrameRecipe>?, Partial<Recipe>?][] = [
    ['report-empty', 'no report', { report: '' }],
    ['report-64-kib', 'a report of 65,536 bytes, the longest', { report: `${'Nil. '.repeat(13107)}.` }],
    [
      'report-scripts',
      'a report in several scripts',
      { report: 'Überprüft. 所見なし。 لا شيء. 🩻', notice: 'キー 🔑' },
    ],
    [
      'report-byte-order-mark',
      'a report that begins with U+FEFF, which belongs to the text',
      { report: '\ufeffFindings' },
    ],
    ['qr-open', 'a QR with the report in clear', { qr: 'open' }],
    ['qr-sealed', 'a QR with the report sealed', { qr: 'sealed' }, large, area],
  ];
  const drafts: Draft[] = [];
  for (const [name, shows, options, picture, recipe] of kinds) {
    const forgery = await forgeBase(recipe ?? FLAT_AREA, options, picture ?? FLAT_12);
    drafts.push(draft(`texts/${name}`, shows, forgery, restored(forgery)));
  }
  return drafts;
}

async function keys(): Promise<Draft[]> {
  const drafts: Draft[] = [];
  const [mine, theirs, recovery] = await Promise.all([1, 2, 3].map(() => generateX25519Identity()));
  const [myName, theirName, recoveryName] = await Promise.all(
    [mine, theirs, recovery].map(identityToRecipient),
  );
  const large: Partial<FrameRecipe> = { bitsStored: 16, width: 62, height: 60, range: [0.5, 0.5] };
  const area = { areas: [{ x: 4, y: 4, width: 50, height: 50 }] };

  const two = await forgeBase(
    area,
    { recipients: [myName, theirName], recoveryRecipients: [recoveryName] },
    large,
  );
  for (const [name, identity] of [
    ['first', mine],
    ['recovery', recovery],
  ])
    drafts.push(
      draft(
        `keys/recipient-${name}`,
        `two recipients and a recovery recipient: the ${name} one's identity`,
        two,
        restored(two),
        inspection(two),
        { secret: { identities: [identity] } },
      ),
    );
  const mixed = await forgeBase(area, { recoveryRecipients: [recoveryName] }, large);
  drafts.push(
    draft(
      'keys/passphrase-and-recovery',
      'a passphrase and a recovery recipient: the passphrase',
      mixed,
      restored(mixed),
    ),
    draft(
      'keys/recovery-of-passphrase',
      'the same picture, opened by the recovery identity',
      mixed,
      restored(mixed),
      inspection(mixed),
      { secret: { identities: [recovery] } },
    ),
  );

  const hybrid = await generateHybridIdentity();
  const quantum = await forgeBase(
    { areas: [{ x: 2, y: 2, width: 90, height: 88 }] },
    { recipients: [await identityToRecipient(hybrid)] },
    { bitsStored: 16, width: 96, height: 94, range: [0.5, 0.5] },
  );
  drafts.push(
    draft('keys/hybrid', 'a post-quantum recipient', quantum, restored(quantum), inspection(quantum), {
      secret: { identities: [hybrid] },
    }),
  );

  const composed = 'Schlüssel für Zoë';
  for (const [name, given, used] of [
    ['nfc', composed, composed],
    ['nfd', composed, composed.normalize('NFD')],
  ]) {
    const forgery = await forgeBase(FLAT_AREA, { passphrase: given }, FLAT);
    drafts.push(
      draft(
        `keys/passphrase-${name}`,
        'a passphrase with letters that Unicode writes in two ways (composed, decomposed): both open it',
        forgery,
        restored(forgery),
        inspection(forgery),
        { secret: { passphrase: used } },
      ),
    );
  }
  return drafts;
}

/** Turned, mirrored, padded. */
async function placed(): Promise<Draft[]> {
  const drafts: Draft[] = [];
  const forgery = await forgeBase(
    { areas: [{ x: 2, y: 3, width: 49, height: 48 }] },
    {},
    { width: 64, height: 58 },
  );
  for (const mirrored of [false, true]) {
    for (const rotated of [0, 90, 180, 270] as const) {
      if (rotated === 0 && !mirrored) continue;
      // `turnBack` undoes a turn; these two are each other's inverse.
      const inverse = mirrored ? rotated : (((360 - rotated) % 360) as typeof rotated);
      const frame = turnBack(forgery.frame, { rotated: inverse, mirrored });
      drafts.push(
        draft(
          `placed/${mirrored ? 'mirrored' : 'rotated'}-${rotated}`,
          `${mirrored ? 'mirrored left to right, then ' : ''}rotated clockwise by ${rotated} degrees`,
          forgery,
          restored(forgery, { placement: { rotated, mirrored, x: 0, y: 0 } }),
          inspection(forgery),
          { frame },
        ),
      );
    }
  }
  drafts.push(
    draft(
      'placed/padded',
      'laid on a larger canvas',
      forgery,
      restored(forgery, { placement: { rotated: 0, mirrored: false, x: 7, y: 11 } }),
      inspection(forgery),
      {
        frame: onCanvas(forgery.frame, -7, -11, 80, 76),
      },
    ),
    draft(
      'placed/inverted-display',
      'marked MONOCHROME1 although it was protected as MONOCHROME2; the cells are the same',
      forgery,
      restored(forgery),
      inspection(forgery),
      {
        frame: { ...forgery.frame, inverted: true },
      },
    ),
  );
  return drafts;
}

/** Sets every sample of a rectangle. */
export function blot(
  forgery: Forgery,
  x: number,
  y: number,
  width: number,
  height: number,
  cell: number,
): Frame {
  const { frame } = forgery;
  const samples = frame.samples.slice();
  for (let row = y; row < y + height; row++)
    samples.fill(cell, row * frame.width + x, row * frame.width + x + width);
  return withSamples(frame, samples);
}

async function repaired(): Promise<Draft[]> {
  const forgery = await forgeBase(
    { areas: [{ x: 5, y: 4, width: 84, height: 80 }] },
    {},
    { width: 100, height: 90, range: [0, 1] },
  );
  const { x, y } = forgery.layout.coveredAreas[0];
  const { segments } = forgery;
  const mended = restored(forgery, { repaired: true });
  const whole = restored(forgery);
  const random = randomFrom(7);
  const noText = withoutText(forgery);
  const [place] = forgery.places;
  const [firstX, firstY] = [place.x + 4 * place.modulePixels, place.y + 4 * place.modulePixels];
  const lastY = firstY + (place.size - 7) * place.modulePixels;
  let gradient = forgery.frame;
  for (let k = 0; k < 25; k++) {
    const [column, row] = [x + 40 + (k % 5), y + 38 + Math.floor(k / 5)];
    gradient = blot({ ...forgery, frame: gradient }, column, row, 1, 1, 4095 - 30 * k);
  }
  const cases: [string, string, Forgery, Draft['expect'], Draft['inspect']][] = [
    [
      'mark-burned-in',
      'a mark burned into the covered area',
      { ...forgery, frame: blot(forgery, x + 40, y + 38, 5, 3, 4095) },
      mended,
      noText,
    ],
    [
      'finder-destroyed',
      'one finder pattern of the symbol is gone',
      { ...forgery, frame: blot(forgery, forgery.places[0].x + 4, forgery.places[0].y + 4, 7, 7, 0) },
      mended,
      noText,
    ],
    [
      'finders-destroyed',
      'two of the three finder patterns of the symbol are gone',
      {
        ...forgery,
        frame: blot(
          { ...forgery, frame: blot(forgery, firstX + 2, firstY + 2, 3, 3, 0) },
          firstX + 2,
          lastY + 2,
          3,
          3,
          0,
        ),
      },
      mended,
      noText,
    ],
    [
      'column-drawn-over',
      'a line of two pixels, as high as the covered area',
      { ...forgery, frame: blot(forgery, x + 40, y, 2, 80, 4095) },
      mended,
      noText,
    ],
    [
      'mark-of-many-values',
      'a mark of many values that are above all others of the picture',
      { ...forgery, frame: gradient },
      mended,
      noText,
    ],
    [
      'parity-used-up',
      'as many segments are lost as there are parity segments',
      withVault(forgery, (vault) => {
        for (let k = 0; k < segments.paritySegments; k++) vault[segmentByte(forgery, k, 3)] ^= 1;
      }),
      mended,
      inspection(forgery),
    ],
    [
      'segments-swapped',
      'two segments swapped, checksums and all: their numbers are in the checksums',
      withVault(forgery, (vault) => {
        for (let k = 0; k < segments.segmentLength + 4; k++) {
          const [a, b] = [segmentByte(forgery, 0, k), segmentByte(forgery, 1, k)];
          [vault[a], vault[b]] = [vault[b], vault[a]];
        }
      }),
      mended,
      inspection(forgery),
    ],
    [
      'envelope-copies-lost',
      'two of the three copies of the envelope list are noise',
      withVault(forgery, (vault) => {
        for (const offset of envelopeOffsets(forgery).slice(0, 2))
          for (let k = 0; k < forgery.envelopesLength; k++) vault[offset + k] = Math.floor(random() * 256);
      }),
      whole,
      inspection(forgery),
    ],
    [
      'envelope-majority',
      'each copy of the envelope list has another flipped bit: the majority is right',
      withVault(forgery, (vault) => {
        envelopeOffsets(forgery).forEach((offset, copy) => {
          vault[offset + 20 + copy] ^= 0x10;
        });
      }),
      whole,
      inspection(forgery),
    ],
    [
      'header-copies-lost',
      'two of the three copies of the header are zeros',
      withHeader(forgery, (bytes, copy) => {
        if (copy !== 1) bytes.fill(0);
      }),
      whole,
      inspection(forgery),
    ],
    [
      'header-majority',
      'each copy of the header has another flipped bit: the majority is right',
      withHeader(forgery, (bytes, copy) => {
        bytes[[4, 17, 40][copy]] ^= 8;
      }),
      whole,
      inspection(forgery),
    ],
    [
      'header-copy-0',
      'the first copy of the header has flipped bits in every field, its checksum is wrong',
      withHeader(forgery, (bytes, copy) => {
        if (copy === 0) for (let k = 0; k < bytes.length; k++) bytes[k] ^= 1 << (k & 7);
      }),
      whole,
      inspection(forgery),
    ],
  ];
  return cases.map(([name, shows, marked, expect, inspect]) =>
    draft(`repaired/${name}`, shows, marked, expect, inspect),
  );
}

export const soundVectors = async (): Promise<Draft[]> =>
  (
    await Promise.all([pixels(), padded(), palettes(), areas(), texts(), keys(), placed(), repaired()])
  ).flat();
