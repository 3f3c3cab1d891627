import type { ErrorCode } from '../../../src/engine';
import { FLAT, FLAT_12, FLAT_AREA, forgeBase, NOTICE } from './base';
import { type Draft, draft, inspection } from './draft';
import { type Forgery, type Recipe, sealChecksum, withHeader } from './forge';

/** Headers that lie, with checksums that are right unless it is said. Offsets are FORMAT.md's. */

type Change = (view: DataView, bytes: Uint8Array) => void;
type Glimpse = Parameters<typeof draft>[4];

const VERSION = 4;
const FLAGS = 5;
const BITS = 6;
const AREAS = 7;
const WIDTH = 8;
const HEIGHT = 10;
const LOWER = 12;
const UPPER = 14;
const SALT = 16;
const COMMITMENT = 32;
const ENVELOPES = 48;
const DATA = 50;
const PARITY = 51;
const AREA = 52;

/** All copies alike, with the checksum computed again. */
export const lie = (forgery: Forgery, change: Change): Forgery =>
  withHeader(forgery, (bytes) => {
    change(new DataView(bytes.buffer), bytes);
    sealChecksum(bytes);
  });

/** Changes a field of 1 or 2 bytes. */
const byte = (offset: number, change: (value: number) => number): Change => {
  return (view) => view.setUint8(offset, change(view.getUint8(offset)));
};
const word = (offset: number, change: (value: number) => number): Change => {
  return (view) => view.setUint16(offset, change(view.getUint16(offset)));
};

async function fields(): Promise<Draft[]> {
  const forgery = await forgeBase(FLAT_AREA, {}, FLAT_12);
  const { header, vault } = forgery;
  const seen = inspection(forgery);
  const [covered] = header.coveredAreas;
  const lies: [string, string, Change, ErrorCode, Glimpse?][] = [
    ['magic', 'the magic is KAP2', byte(3, () => 0x32), 'not-protected', 'not-protected'],
    ...[0, 2, 255].map((version): [string, string, Change, ErrorCode, Glimpse] => [
      `version-${version}`,
      `version ${version}`,
      byte(VERSION, () => version),
      'unsupported-version',
      'unsupported-version',
    ]),
    ...[0x04, 0x08, 0x10, 0x20, 0x40, 0x80].map((flag): [string, string, Change, ErrorCode, Glimpse] => [
      `flag-${flag}`,
      `flag ${flag}, which no version knows`,
      byte(FLAGS, (flags) => flags | flag),
      'unsupported-version',
      'unsupported-version',
    ]),
    [
      'scrambled',
      'the flag for scrambled, which the picture is not',
      byte(FLAGS, (flags) => flags ^ 2),
      'damaged',
      seen,
    ],
    ['bits-0', 't = 0', byte(BITS, () => 0), 'not-protected', 'not-protected'],
    ['bits-15', 't = 15', byte(BITS, () => 15), 'not-protected', 'not-protected'],
    ['bits-255', 't = 255', byte(BITS, () => 255), 'not-protected', 'not-protected'],
    ['bits-less', 't is one less', byte(BITS, (bits) => bits - 1), 'damaged', 'damaged'],
    ['areas-0', 'N = 0', byte(AREAS, () => 0), 'not-protected', 'not-protected'],
    ['areas-17', 'N = 17', byte(AREAS, () => 17), 'not-protected', 'not-protected'],
    ['areas-255', 'N = 255', byte(AREAS, () => 255), 'not-protected', 'not-protected'],
    ['areas-2', 'N = 2, but one area follows', byte(AREAS, () => 2), 'not-protected', 'not-protected'],
    [
      'areas-16',
      'N = 16, more than lie under the symbol',
      byte(AREAS, () => 16),
      'not-protected',
      'not-protected',
    ],
    ['width-more', 'one column more', word(WIDTH, (width) => width + 1), 'damaged', seen],
    ['width-less', 'one column less', word(WIDTH, (width) => width - 1), 'damaged', seen],
    ['height-more', 'one row more', word(HEIGHT, (height) => height + 1), 'damaged', seen],
    ['width-0', 'no columns', word(WIDTH, () => 0), 'not-protected', 'not-protected'],
    ['height-0', 'no rows', word(HEIGHT, () => 0), 'not-protected', 'not-protected'],
    ['width-65535', '65535 columns', word(WIDTH, () => 65535), 'not-protected', 'not-protected'],
    [
      'size-65535',
      '65535 x 65535 pixels',
      (view) => view.setUint32(WIDTH, 0xffffffff),
      'not-protected',
      'not-protected',
    ],
    [
      'lower-odd',
      'the base of the lower band is odd',
      word(LOWER, (lower) => lower + 1),
      'not-protected',
      'not-protected',
    ],
    [
      'upper-odd',
      'the base of the upper band is odd',
      word(UPPER, (upper) => upper - 1),
      'not-protected',
      'not-protected',
    ],
    [
      'lower-more',
      'the base of the lower band is 2 more',
      word(LOWER, (lower) => lower + 2),
      'damaged',
      'damaged',
    ],
    [
      'lower-less',
      'the base of the lower band is 2 less',
      word(LOWER, (lower) => lower - 2),
      'damaged',
      'damaged',
    ],
    [
      'upper-more',
      'the base of the upper band is 2 more',
      word(UPPER, (upper) => upper + 2),
      'damaged',
      'damaged',
    ],
    [
      'bands-touch',
      'the bands are 2 * 2^t apart',
      word(UPPER, () => header.bands.lower + 2 * 2 ** header.bands.bits),
      'not-protected',
      'not-protected',
    ],
    [
      'bands-equal',
      'the bands are one',
      word(UPPER, () => header.bands.lower),
      'not-protected',
      'not-protected',
    ],
    [
      'bands-exchanged',
      'the upper band lies below the lower one',
      (view) => {
        view.setUint16(LOWER, header.bands.upper);
        view.setUint16(UPPER, header.bands.lower);
      },
      'not-protected',
      'not-protected',
    ],
    [
      'upper-beyond',
      'the upper band reaches beyond Bits Stored',
      word(UPPER, () => 4096 - 2 ** header.bands.bits + 2),
      'not-protected',
      'not-protected',
    ],
    [
      'upper-65534',
      'the upper band begins at 65534',
      word(UPPER, () => 65534),
      'not-protected',
      'not-protected',
    ],
    ['salt-first-bit', 'the first bit of the salt', byte(SALT, (value) => value ^ 0x80), 'wrong-key', seen],
    ['salt-last-bit', 'the last bit of the salt', byte(SALT + 15, (value) => value ^ 1), 'wrong-key', seen],
    ['salt-zero', 'a salt of zeros', (_, bytes) => bytes.fill(0, SALT, SALT + 16), 'wrong-key', seen],
    [
      'commitment-first-bit',
      'the first bit of the commitment',
      byte(COMMITMENT, (value) => value ^ 0x80),
      'wrong-key',
      seen,
    ],
    [
      'commitment-last-bit',
      'the last bit of the commitment',
      byte(COMMITMENT + 15, (value) => value ^ 1),
      'wrong-key',
      seen,
    ],
    [
      'commitment-zero',
      'a commitment of zeros',
      (_, bytes) => bytes.fill(0, COMMITMENT, COMMITMENT + 16),
      'wrong-key',
      seen,
    ],
    ['envelopes-0', 'E = 0', word(ENVELOPES, () => 0), 'damaged', 'damaged'],
    ['envelopes-4', 'E = 4, too short for any list', word(ENVELOPES, () => 4), 'damaged', 'damaged'],
    ['envelopes-less', 'E is one less', word(ENVELOPES, (length) => length - 1), 'damaged', 'damaged'],
    ['envelopes-more', 'E is one more', word(ENVELOPES, (length) => length + 1), 'damaged', 'damaged'],
    [
      'envelopes-third',
      'the envelope lists fill the whole vault',
      word(ENVELOPES, () => Math.floor(vault.length / 3)),
      'damaged',
      'damaged',
    ],
    [
      'envelopes-beyond',
      'the envelope lists are longer than the vault',
      word(ENVELOPES, () => Math.floor(vault.length / 3) + 1),
      'damaged',
      'damaged',
    ],
    [
      'envelopes-longest',
      'E = 24587, the longest list there is',
      word(ENVELOPES, () => 24587),
      'damaged',
      'damaged',
    ],
    ['data-0', 'K = 0', byte(DATA, () => 0), 'not-protected', 'not-protected'],
    ['data-more', 'K is one more', byte(DATA, (count) => count + 1), 'damaged', 'unsaid'],
    [
      'data-255',
      'K = 255, P = 0: segments of less than a byte',
      (view) => view.setUint16(DATA, 0xff00),
      'damaged',
      'damaged',
    ],
    ['parity-0', 'P = 0', byte(PARITY, () => 0), 'damaged', 'unsaid'],
    ['parity-more', 'P is one more', byte(PARITY, (count) => count + 1), 'damaged', 'unsaid'],
    ['segments-256', 'K + P = 256', (view) => view.setUint16(DATA, 0xc838), 'not-protected', 'not-protected'],
    ['segments-510', 'K = P = 255', (view) => view.setUint16(DATA, 0xffff), 'not-protected', 'not-protected'],
    [
      'segments-exchanged',
      'one data segment less, one parity segment more',
      (view) => {
        view.setUint8(DATA, header.dataSegments - 1);
        view.setUint8(PARITY, header.paritySegments + 1);
      },
      'damaged',
      seen,
    ],
    [
      'area-shifted',
      'the covered area lies one pixel to the right',
      word(AREA, (x) => x + 1),
      'damaged',
      { ...seen, coveredAreas: [{ ...covered, x: covered.x + 1 }] },
    ],
    [
      'area-wider',
      'the covered area is one pixel wider',
      word(AREA + 4, (width) => width + 1),
      'damaged',
      'unsaid',
    ],
    [
      'area-no-width',
      'the covered area has no width',
      word(AREA + 4, () => 0),
      'not-protected',
      'not-protected',
    ],
    [
      'area-no-height',
      'the covered area has no height',
      word(AREA + 6, () => 0),
      'not-protected',
      'not-protected',
    ],
    [
      'area-one-pixel',
      'the covered area has one pixel: no symbol fits',
      (view) => view.setUint32(AREA + 4, 0x00010001),
      'not-protected',
      'not-protected',
    ],
    [
      'area-outside',
      'the covered area reaches out of the picture',
      word(AREA, () => 30),
      'not-protected',
      'not-protected',
    ],
    [
      'area-65535',
      'the covered area is 65535 x 65535 at 65535, 65535',
      (view) => view.setBigUint64(AREA, 0xffffffffffffffffn),
      'not-protected',
      'not-protected',
    ],
  ];
  return lies.map(([name, shows, change, code, inspect]) =>
    draft(`header/${name}`, `all copies of the header say: ${shows}`, lie(forgery, change), code, inspect),
  );
}

/** A second covered area that the picture has not. */
async function secondAreas(): Promise<Draft[]> {
  // A long notice makes the symbol large enough for a header with two areas.
  const forgery = await forgeBase(
    { areas: [{ x: 60, y: 3, width: 49, height: 50 }] },
    { notice: NOTICE.repeat(5) },
    { ...FLAT, width: 112, height: 56 },
  );
  const [covered] = forgery.header.coveredAreas;
  const kinds: [string, string, number[], ErrorCode, Glimpse][] = [
    ['zero', 'of no size', [0, 0, 0, 0], 'not-protected', 'not-protected'],
    ['outside', 'outside the picture', [0, 20, 42, 42], 'not-protected', 'not-protected'],
    [
      'same',
      'that is the first one',
      [covered.x, covered.y, covered.width, covered.height],
      'not-protected',
      'not-protected',
    ],
    [
      'overlapping',
      'that overlaps the first one by a pixel',
      [covered.x - 52, covered.y, 53, 53],
      'not-protected',
      'not-protected',
    ],
    ['small', 'too small for a symbol', [0, 0, 30, 30], 'damaged', 'damaged'],
    ['empty', 'under which no symbol lies', [0, 0, 53, 53], 'damaged', 'unsaid'],
  ];
  return kinds.map(([name, shows, area, code, inspect]) =>
    draft(
      `header/second-area-${name}`,
      `all copies of the header list a second area ${shows}`,
      withHeader(forgery, (bytes) => {
        const longer = new Uint8Array(bytes.length + 8);
        longer.set(bytes.subarray(0, -4));
        longer[AREAS] = 2;
        const view = new DataView(longer.buffer);
        area.forEach((value, k) => {
          view.setUint16(AREA + 8 + 2 * k, value);
        });
        return sealChecksum(longer);
      }),
      code,
      inspect,
    ),
  );
}

/** Sixteen areas, and a canvas as large as is tried. */
async function costly(): Promise<Draft[]> {
  const forgery = await forgeBase(
    { areas: [{ x: 5, y: 5, width: 90, height: 88 }] },
    {},
    { ...FLAT, width: 800, height: 784 },
  );
  const sixteen = withHeader(forgery, (bytes) => {
    const longer = new Uint8Array(52 + 8 * 16 + 4);
    longer.set(bytes.subarray(0, 52));
    const view = new DataView(longer.buffer);
    view.setUint16(WIDTH, 3200);
    view.setUint16(HEIGHT, 3136);
    longer[AREAS] = 16;
    for (let k = 0; k < 16; k++)
      [(k % 4) * 98, Math.floor(k / 4) * 98, 90, 88].forEach((value, i) => {
        view.setUint16(AREA + 8 * k + 2 * i, value);
      });
    return sealChecksum(longer);
  });
  return [
    draft(
      'header/canvas-16-areas',
      'all copies of the header say that the picture is a part of one 16 times as large, with 16 areas',
      sixteen,
      'damaged',
      'damaged',
    ),
  ];
}

/** Wrong in all copies without a right checksum. */
async function unsealed(): Promise<Draft[]> {
  const forgery = await forgeBase(FLAT_AREA, {}, FLAT);
  const offsets: [string, number][] = [
    ['version', VERSION],
    ['flags', FLAGS],
    ['bits', BITS],
    ['size', WIDTH],
    ['bands', UPPER],
    ['salt', SALT + 3],
    ['commitment', COMMITMENT + 5],
    ['envelopes', ENVELOPES + 1],
    ['segments', PARITY],
    ['area', AREA + 1],
    ['checksum', AREA + 8],
  ];
  return [
    ...offsets.map(([name, offset]) =>
      draft(
        `header/unsealed-${name}`,
        `the same bit is flipped in all copies of the header (${name}), the checksum is as it was`,
        withHeader(forgery, (bytes) => {
          bytes[offset] ^= 4;
        }),
        'not-protected',
        'not-protected',
      ),
    ),
    draft(
      'header/majority-wrong',
      'two copies of the header have the same flipped bit, the third has another one',
      withHeader(forgery, (bytes, copy) => {
        bytes[copy === 1 ? 40 : 20] ^= 4;
      }),
      'not-protected',
      'not-protected',
    ),
    draft(
      'header/zero',
      'bit 0 of every header sample is 0',
      withHeader(forgery, (bytes) => {
        bytes.fill(0);
      }),
      'not-protected',
      'not-protected',
    ),
  ];
}

/** Headers that lie before the payload is sealed with them: everything else agrees with the lie. */
async function consistent(): Promise<Draft[]> {
  const kinds: [string, string, Partial<Recipe>, ErrorCode][] = [
    [
      'version-2',
      'version 2',
      { headerBytes: (bytes) => bytes.fill(2, VERSION, VERSION + 1) },
      'unsupported-version',
    ],
    [
      'flag-16',
      'an unknown flag',
      { headerBytes: (bytes) => bytes.fill(16, FLAGS, FLAGS + 1) },
      'unsupported-version',
    ],
    [
      'bands-touch',
      'bands that are 2 * 2^t apart',
      { bands: ({ lower, bits }) => ({ lower, upper: lower + 2 * 2 ** bits, bits }) },
      'not-protected',
    ],
    [
      'reserved-envelopes',
      'E = 24588, one more than any list has',
      { headerBytes: (bytes) => new DataView(bytes.buffer).setUint16(ENVELOPES, 24588) },
      'not-protected',
    ],
  ];
  const drafts: Draft[] = [];
  for (const [name, shows, recipe, code] of kinds) {
    const forgery = await forgeBase({ ...FLAT_AREA, ...recipe }, {}, FLAT);
    drafts.push(
      draft(
        `header/sealed-${name}`,
        `a whole and otherwise consistent picture whose author wrote: ${shows}`,
        forgery,
        code,
        code,
      ),
    );
  }
  return drafts;
}

export const headerVectors = async (): Promise<Draft[]> =>
  (await Promise.all([fields(), secondAreas(), costly(), unsealed(), consistent()])).flat();
