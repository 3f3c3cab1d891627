import type { ErrorCode, Frame } from '../../../src/engine';
import { withSamples } from '../../../src/engine/pixels/frame';
import { onCanvas } from '../../../src/engine/pixels/geometry';
import { noticeSegments } from '../../../src/engine/qr/qrText';
import { drawSymbol } from '../../../src/engine/qr/symbol';
import { makeFrame, randomFrom } from '../../engine/frames';
import { blocksOf, FLAT, FLAT_12, FLAT_AREA, forgeBase } from './base';
import { altered, type Draft, draft, inspection, unprotected } from './draft';
import { envelopeOffsets, type Forgery, segmentByte, withVault } from './forge';

/** Pictures that were changed on their way, and pictures that hold nothing. */

type Change = (samples: Frame['samples'], at: (x: number, y: number) => number) => void;

const changed = (frame: Frame, change: Change): Frame => {
  const samples = frame.samples.slice();
  change(samples, (x, y) => (y * frame.width + x) * frame.samplesPerPixel);
  return withSamples(frame, samples);
};

const mapped = (frame: Frame, change: (cell: number, k: number) => number): Frame =>
  withSamples(frame, frame.samples.map(change));

/** One or more samples outside the covered areas, changed by flipping bits. */
async function touched(): Promise<Draft[]> {
  const drafts: Draft[] = [];
  const touch = (
    name: string,
    shows: string,
    forgery: Forgery,
    points: [number, number, number?, number?][],
  ) => {
    const flip: Change = (samples, at) => {
      for (const [x, y, bit = 1, sample = 0] of points) samples[at(x, y) + sample] ^= bit;
    };
    const hit = blocksOf(forgery).filter((block) =>
      points.some(
        ([x, y]) => x >= block.x && y >= block.y && x < block.x + block.width && y < block.y + block.height,
      ),
    );
    drafts.push(
      draft(
        `altered/${name}`,
        shows,
        forgery,
        altered(forgery, hit, changed(forgery.original, flip)),
        inspection(forgery),
        {
          frame: changed(forgery.frame, flip),
        },
      ),
    );
  };
  const base = await forgeBase();
  const [{ x, y, width, height }] = base.layout.coveredAreas;
  const { width: columns, height: rows } = base.frame;
  touch('first-sample', 'the lowest bit of the first sample', base, [[0, 0]]);
  touch('last-sample', 'the lowest bit of the last sample', base, [[columns - 1, rows - 1]]);
  touch('highest-bit', 'the highest stored bit of a sample', base, [[columns - 2, 1, 0x800]]);
  touch('left-of-area', 'the sample left of the covered area', base, [[x - 1, y + 20]]);
  touch('above-area', 'the sample above the covered area', base, [[x + 20, y - 1]]);
  touch('right-of-area', 'the sample right of the covered area', base, [[x + width, y + height - 1]]);
  touch('below-area', 'the sample below the covered area', base, [[x + width - 1, y + height]]);
  touch('two-blocks', 'a sample in each of two blocks', base, [
    [1, 40],
    [columns - 3, rows - 4],
  ]);
  const exchanged = base.frame.samples[30 * columns + 4] ^ base.frame.samples[20 * columns + 2];
  touch('exchanged', 'two samples of a block with different values, exchanged', base, [
    [4, 30, exchanged],
    [2, 20, exchanged],
  ]);
  const rgb = await forgeBase(
    { areas: [{ x: 4, y: 3, width: 43, height: 42 }] },
    {},
    { bitsAllocated: 8, bitsStored: 8, samplesPerPixel: 3, range: [0.5, 0.5], width: 58, height: 50 },
  );
  touch('rgb-blue', 'the blue sample of a pixel', rgb, [[55, 2, 1, 2]]);
  const signed = await forgeBase(FLAT_AREA, {}, { ...FLAT_12, signed: true, range: [0.4, 0.4] });
  touch('signed', 'a negative sample', signed, [[0, 49, 2]]);
  const overlay = await forgeBase(FLAT_AREA, {}, { ...FLAT_12, upperBits: 'other' });
  touch('overlay', 'a bit above Bits Stored where those hold an overlay', overlay, [[51, 0, 0x1000]]);
  const scrambled = await forgeBase({ ...FLAT_AREA, scramble: true }, {}, FLAT);
  touch('scrambled', 'a bit of the noise of a scrambled picture', scrambled, [[51, 49, 4]]);
  const large = await forgeBase(
    { areas: [{ x: 20, y: 20, width: 50, height: 50 }] },
    {},
    { ...FLAT, width: 100, height: 90 },
  );
  touch('covered-block', 'a sample behind a block that is wholly covered and has no tag', large, [[80, 40]]);
  const mono = await forgeBase(FLAT_AREA, {}, { ...FLAT, inverted: true });
  touch('monochrome1', 'a sample of a MONOCHROME1 picture', mono, [[0, 0, 8]]);
  return drafts;
}

/** Cut pictures. */
async function cut(): Promise<Draft[]> {
  const forgery = await forgeBase();
  const { frame, original } = forgery;
  const { width, height } = frame;
  const outside = (name: string, shows: string, x: number, y: number, columns: number, rows: number) => {
    const now = onCanvas(onCanvas(original, x, y, columns, rows), -x, -y, width, height);
    const blocks = blocksOf(forgery).filter(
      (block) =>
        block.x < x ||
        block.y < y ||
        block.x + block.width > x + columns ||
        block.y + block.height > y + rows,
    );
    const placement = { rotated: 0, mirrored: false, x: 0 - x, y: 0 - y } as const;
    return draft(
      `cut/${name}`,
      shows,
      forgery,
      altered(forgery, blocks, now, { placement }),
      inspection(forgery),
      {
        frame: onCanvas(frame, x, y, columns, rows),
      },
    );
  };
  const inside = (
    name: string,
    shows: string,
    x: number,
    y: number,
    columns: number,
    rows: number,
    code: ErrorCode,
  ) => draft(`cut/${name}`, shows, forgery, code, 'unsaid', { frame: onCanvas(frame, x, y, columns, rows) });
  return [
    outside('bottom', 'the last four rows are missing', 0, 0, width, height - 4),
    outside('right', 'the last column is missing', 0, 0, width - 1, height),
    outside('around', 'cut down to little more than the covered area', 4, 2, 55, 55),
    inside(
      'symbol-bottom',
      'cut through the symbol: its lower half is missing',
      0,
      0,
      width,
      30,
      'not-protected',
    ),
    inside(
      'symbol-right',
      'cut through the symbol: its right half is missing',
      0,
      0,
      32,
      height,
      'not-protected',
    ),
    {
      ...unprotected(
        'cut/cells',
        'the last row of cells is missing, although the size counts it',
        frame,
        'invalid-argument',
      ),
      frame: withSamples(frame, frame.samples.slice(0, -width)),
    },
    {
      ...unprotected('cut/no-cells', 'no cells at all', frame, 'invalid-argument'),
      frame: withSamples(frame, frame.samples.slice(0, 0)),
    },
    {
      ...unprotected('cut/more-cells', 'more cells than the size counts', frame, 'invalid-argument'),
      frame: { ...frame, height: height - 1 },
    },
    unprotected('cut/bits-17', '17 bits stored', { ...frame, bitsStored: 17 }, 'unsupported-pixels'),
    unprotected('cut/bits-1', '1 bit stored', { ...frame, bitsStored: 1 }, 'unsupported-pixels'),
  ];
}

/** Stored with loss: nothing of the vault is left, the symbol may still be seen. */
async function lossy(): Promise<Draft[]> {
  const forgery = await forgeBase();
  const { frame } = forgery;
  const double = onCanvas(frame, 0, 0, 2 * frame.width, 2 * frame.height);
  double.samples.forEach((_, k) => {
    const [x, y] = [k % double.width, Math.floor(k / double.width)];
    double.samples[k] = frame.samples[(y >> 1) * frame.width + (x >> 1)];
  });
  const half = onCanvas(frame, 0, 0, frame.width >> 1, frame.height >> 1);
  half.samples.forEach((_, k) => {
    const [x, y] = [k % half.width, Math.floor(k / half.width)];
    half.samples[k] = frame.samples[2 * y * frame.width + 2 * x];
  });
  const eightBits: Frame = {
    ...frame,
    bitsStored: 8,
    samples: Uint8Array.from(frame.samples, (cell) => cell >> 4),
  };
  const lost: [string, string, Frame, ErrorCode][] = [
    [
      'quantised',
      'every value rounded to a multiple of 16',
      mapped(frame, (cell) => Math.min(4095, 16 * Math.round(cell / 16))),
      'not-protected',
    ],
    [
      'quantised-finely',
      'every value rounded to a multiple of 2: bit 0 is gone',
      mapped(frame, (cell) => cell & ~1),
      'not-protected',
    ],
    ['doubled', 'scaled to twice the size', double, 'not-protected'],
    ['halved', 'scaled to half the size', half, 'not-protected'],
    ['8-bits', 'brought to 8 bits', eightBits, 'not-protected'],
    ['inverted', 'all values inverted', mapped(frame, (cell) => 4095 - cell), 'not-protected'],
    [
      'window-1',
      'the window shifted by 1',
      mapped(frame, (cell) => Math.min(4095, cell + 1)),
      'not-protected',
    ],
    [
      'window-100',
      'the window shifted by 100: bit 0 stays',
      mapped(frame, (cell) => Math.min(4095, cell + 100)),
      'damaged',
    ],
  ];
  const drafts = lost.map(([name, shows, picture, code]) =>
    draft(`lossy/${name}`, shows, forgery, code, 'unsaid', { frame: picture }),
  );
  const sealed = await forgeBase(
    { areas: [{ x: 2, y: 2, width: 105, height: 105 }] },
    { qr: 'sealed' },
    { ...FLAT, width: 110, height: 108 },
  );
  drafts.push(
    draft(
      'lossy/sealed-quantised',
      'every value rounded to a multiple of 4, and the QR holds a sealed report: it was protected',
      sealed,
      'stored-with-loss',
      'unsaid',
      {
        frame: mapped(sealed.frame, (cell) => cell & ~3),
      },
    ),
    draft(
      'lossy/sealed-inverted',
      'all values inverted, and the QR holds a sealed report',
      sealed,
      'stored-with-loss',
      'unsaid',
      {
        frame: mapped(sealed.frame, (cell) => 255 - cell),
      },
    ),
  );
  return drafts;
}

/** Damage under the symbol that is too large. */
async function destroyed(): Promise<Draft[]> {
  const forgery = await forgeBase();
  const { frame, segments, vault } = forgery;
  const [{ x, y, width, height }] = forgery.layout.coveredAreas;
  const random = randomFrom(5);
  const seen = inspection(forgery);
  const fill = (left: number, top: number, columns: number, rows: number, value: () => number) =>
    changed(frame, (samples, at) => {
      for (let row = top; row < top + rows; row++)
        for (let column = left; column < left + columns; column++) samples[at(column, row)] = value();
    });
  const payloadBits = (share: number) =>
    changed(frame, (samples, at) => {
      for (let row = y + Math.floor(height * (1 - share)); row < y + height; row++)
        for (let column = x; column < x + width; column++)
          samples[at(column, row)] ^= 2 * Math.floor(random() * 100);
    });
  const inVault = (change: (bytes: Uint8Array) => void) => withVault(forgery, change).frame;
  const kinds: [string, string, Frame, ErrorCode, Parameters<typeof draft>[4]][] = [
    ['half', 'half of the hidden bits are noise, the symbol is whole', payloadBits(0.5), 'damaged', 'unsaid'],
    [
      'all',
      'all of the hidden bits are noise, the symbol and its header are whole',
      payloadBits(1),
      'damaged',
      'damaged',
    ],
    [
      'band',
      'a black bar over a third of the symbol',
      fill(x, y + 20, width, 16, () => 0),
      'damaged',
      'unsaid',
    ],
    [
      'black',
      'the covered area is black',
      fill(x, y, width, height, () => 0),
      'not-protected',
      'not-protected',
    ],
    [
      'noise',
      'the covered area is noise',
      fill(x, y, width, height, () => Math.floor(random() * 4096)),
      'not-protected',
      'not-protected',
    ],
    [
      'one-segment-too-many',
      'one segment more is lost than there are parity segments',
      inVault((bytes) => {
        for (let k = 0; k <= segments.paritySegments; k++) bytes[segmentByte(forgery, k, 0)] ^= 1;
      }),
      'damaged',
      seen,
    ],
    [
      'every-segment',
      'a flipped bit in every segment',
      inVault((bytes) => {
        for (let k = 0; k < segments.dataSegments + segments.paritySegments; k++)
          bytes[segmentByte(forgery, k, 1)] ^= 1;
      }),
      'damaged',
      seen,
    ],
    [
      'envelope-copies',
      'the same bit is flipped in all copies of the list of envelopes',
      inVault((bytes) => {
        for (const offset of envelopeOffsets(forgery)) bytes[offset + 50] ^= 1;
      }),
      'damaged',
      'damaged',
    ],
    ['zeros', 'a vault of zeros', inVault((bytes) => bytes.fill(0)), 'damaged', 'damaged'],
    ['ones', 'a vault of ones', inVault((bytes) => bytes.fill(255)), 'damaged', 'damaged'],
    [
      'turned',
      'the vault backwards',
      inVault((bytes) => bytes.set(vault.toReversed())),
      'damaged',
      'damaged',
    ],
  ];
  const two = await forgeBase(
    {
      areas: [
        { x: 2, y: 2, width: 42, height: 43 },
        { x: 50, y: 3, width: 43, height: 43 },
      ],
    },
    {},
    { ...FLAT, width: 100 },
  );
  const [, second] = two.layout.coveredAreas;
  return [
    ...kinds.map(([name, shows, picture, code, inspect]) =>
      draft(`destroyed/${name}`, shows, forgery, code, inspect, { frame: picture }),
    ),
    draft('destroyed/second-area', 'the second of two covered areas is black', two, 'damaged', 'unsaid', {
      frame: changed(two.frame, (samples, at) => {
        for (let row = second.y; row < second.y + second.height; row++)
          samples.fill(0, at(second.x, row), at(second.x + second.width, row));
      }),
    }),
  ];
}

/** Nothing is hidden here. */
function nothing(): Draft[] {
  const plain = makeFrame({ width: 80, height: 72, bitsStored: 12, noise: 0 });
  const random = randomFrom(3);
  const noise = mapped(onCanvas(plain, 0, 0, 48, 48), () => Math.floor(random() * 4096));
  const symbol = drawSymbol(noticeSegments('https://example.com/'), 'M', 1, 40);
  if (symbol === undefined) throw new Error('no symbol');
  const withQr = (modulePixels: number, dark: number, light: number): Frame => {
    const size = (symbol.size + 8) * modulePixels;
    return changed(plain, (samples, at) => {
      for (let y = 0; y < size; y++)
        for (let x = 0; x < size; x++) {
          const [column, row] = [Math.floor(x / modulePixels) - 4, Math.floor(y / modulePixels) - 4];
          const inside = column >= 0 && row >= 0 && column < symbol.size && row < symbol.size;
          samples[at(x + 3, y + 2)] = inside && symbol.modules[row * symbol.size + column] ? dark : light;
        }
    });
  };
  const finder = ['1111111', '1000001', '1011101', '1011101', '1011101', '1000001', '1111111'];
  const finders = makeFrame({ width: 110, height: 110, bitsAllocated: 8, noise: 0, range: [0, 0] });
  finders.samples.forEach((_, k) => {
    const [x, y] = [k % 110, Math.floor(k / 110)];
    finders.samples[k] = finder[y % 8]?.[x % 8] === '1' ? 0 : 255;
  });
  return [
    unprotected('nothing/plain', 'a picture that was never protected', plain),
    unprotected(
      'nothing/constant',
      'a picture of one value',
      mapped(plain, () => 7),
    ),
    unprotected('nothing/noise', 'noise', noise),
    unprotected('nothing/one-pixel', 'a picture of one pixel', onCanvas(plain, 0, 0, 1, 1)),
    unprotected('nothing/one-row', 'a picture of one row', onCanvas(plain, 0, 20, 80, 1)),
    unprotected('nothing/foreign-qr', 'a QR code that is not ours', withQr(1, 20, 3000)),
    unprotected('nothing/foreign-qr-2', 'a QR code that is not ours, 2 pixels a module', withQr(2, 20, 3000)),
    unprotected(
      'nothing/foreign-qr-inverted',
      'a QR code that is not ours, light on dark',
      withQr(2, 3000, 20),
    ),
    unprotected('nothing/finders', 'finder patterns everywhere', finders),
  ];
}

export const pictureVectors = async (): Promise<Draft[]> => [
  ...(await touched()),
  ...(await cut()),
  ...(await lossy()),
  ...(await destroyed()),
  ...nothing(),
];
