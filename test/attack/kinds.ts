import { readFile } from '../../src/dicom/dataset/reader';
import { pixelLayout, readFrame, writeFrame } from '../../src/dicom/image/pixels';
import { latin1 } from '../dicom/builder';
import type { Draw } from './draw';
import type { Fixtures, ProtectedFixture } from './fixtures';
import { hostileEnvelopes, hostilePayload, lyingHeader } from './hostileContent';
import { deflatedBomb, lyingImage, nestedSequences, spoiltStream } from './hostileFiles';
import { anyPicture, anySettings, hostileArchive, hostilePicture, hostileQrText } from './hostileMessages';
import { lieAboutLength, mutate, mutateHead, spliceTogether } from './mutate';
import { openToReseal, type Resealable } from './reseal';
import type { Input, TargetName } from './targets';

/** The kinds of hostile input, and how many of every thousand are of each. */
export interface Kind {
  readonly name: string;
  readonly share: number;
  make(draw: Draw, fixtures: Fixtures): Promise<Input> | Input;
}

/** The compressed images before those of many pixels, which make every input slow. */
const SMALL_IMAGES = 5;

const READERS: readonly TargetName[] = [
  'restore',
  'restore or say why not',
  'verify',
  'inspect',
  'restore with another key',
];
const PLAIN: readonly TargetName[] = [
  'inspect',
  'inspect',
  'restore',
  'restore',
  'suggest',
  'plan',
  'protect',
];

function protectedFile(
  draw: Draw,
  { protectedFiles }: Fixtures,
  change: (file: Uint8Array) => Uint8Array,
): Input {
  const { original, file } = draw.pick(protectedFiles);
  return { target: draw.pick(READERS), bytes: change(file), original };
}

/** The first frame of a protected file with other cells. */
function withCells(
  draw: Draw,
  { protectedFiles }: Fixtures,
  change: (cells: Uint8Array, layout: { width: number; height: number }) => void,
): Input {
  const { original, file } = draw.pick(protectedFiles.slice(0, -1));
  const layout = pixelLayout(readFile(file));
  const bytes = file.slice();
  change(bytes.subarray(layout.start, layout.start + layout.frameLength), layout);
  return { target: draw.pick(READERS), bytes, original };
}

/** Fixtures that lie under symbols, natively, and were opened once. */
const opened = new WeakMap<ProtectedFixture, Promise<Resealable>>();
const UNDER_SYMBOLS = 6;

async function resealed(
  draw: Draw,
  { protectedFiles, job }: Fixtures,
  change: (content: Resealable) => Parameters<Resealable['reseal']>[0],
): Promise<Input> {
  const fixture = draw.pick(protectedFiles.slice(0, UNDER_SYMBOLS));
  const file = readFile(fixture.file);
  const layout = pixelLayout(file);
  let opening = opened.get(fixture);
  if (opening === undefined) {
    opening = openToReseal(readFrame(file.bytes, layout, 1), job);
    opened.set(fixture, opening);
  }
  const content = await opening;
  const bytes = fixture.file.slice();
  writeFrame(bytes, layout, 1, await content.reseal(change(content)));
  const target = draw.pick(['restore', 'restore or say why not', 'verify', 'inspect'] as const);
  return { target, bytes, original: fixture.original };
}

/** Cells of a stretch of the picture, changed. */
function spoilCells(cells: Uint8Array, draw: Draw): void {
  const ways: (() => unknown)[] = [
    () => {
      cells[draw.below(cells.length)] ^= 1 << draw.below(8);
    },
    () => {
      for (let count = draw.between(2, 400); count > 0; count--)
        cells[draw.below(cells.length)] ^= 1 << draw.below(8);
    },
    () => cells.fill(draw.below(256), draw.below(cells.length), draw.below(cells.length)),
    () => cells.copyWithin(draw.below(cells.length), draw.below(cells.length), draw.below(cells.length)),
    () => cells.set(draw.bytes(Math.min(cells.length, draw.between(16, 2000)))),
    () => cells.reverse(),
  ];
  draw.pick(ways)();
}

export const KINDS: readonly Kind[] = [
  {
    name: 'protected file, bytes',
    share: 140,
    make: (d, f) => protectedFile(d, f, (file) => (d.chance(0.6) ? mutateHead(file, d) : mutate(file, d))),
  },
  {
    name: 'protected file, lengths',
    share: 60,
    make: (d, f) => protectedFile(d, f, (file) => lieAboutLength(file, d)),
  },
  {
    name: 'protected file, pixels',
    share: 130,
    make: (d, f) => withCells(d, f, (cells) => spoilCells(cells, d)),
  },
  {
    name: 'two protected files spliced',
    share: 30,
    make: (d, f) => protectedFile(d, f, (file) => spliceTogether(file, d.pick(f.protectedFiles).file, d)),
  },
  {
    name: 'header, checksum true',
    share: 80,
    make: (d, f) => resealed(d, f, ({ header }) => ({ header: lyingHeader(header, d) })),
  },
  {
    name: 'envelopes, checksum true',
    share: 70,
    make: (d, f) =>
      resealed(d, f, ({ envelopeList }) => {
        const list = hostileEnvelopes(d, envelopeList);
        return { envelopeList: list, header: { envelopesLength: list.length } };
      }),
  },
  {
    name: 'payload, sealed with the key',
    share: 150,
    make: (d, f) => resealed(d, f, ({ plain }) => ({ plain: hostilePayload(plain, d) })),
  },
  {
    name: 'vault, segments',
    share: 30,
    make: (d, f) =>
      resealed(d, f, () => ({
        spoil: (vault) => spoilCells(vault, d),
      })),
  },
  {
    name: 'plain file, bytes',
    share: 60,
    make: (d, { plain }) => {
      const file = d.pick(plain);
      return { target: d.pick(PLAIN), bytes: d.chance(0.7) ? mutateHead(file, d) : mutate(file, d) };
    },
  },
  {
    name: 'plain file, lengths',
    share: 30,
    make: (d, { plain }) => ({ target: d.pick(PLAIN), bytes: lieAboutLength(d.pick(plain), d) }),
  },
  {
    name: 'image that lies about itself',
    share: 60,
    make: (d) => ({ target: d.pick(PLAIN), bytes: lyingImage(d) }),
  },
  {
    name: 'nested sequences',
    share: 20,
    make: (d) => ({ target: d.pick(PLAIN), bytes: nestedSequences(d) }),
  },
  {
    name: 'compressed image',
    share: 50,
    make: (d, { compressed }) => {
      const large = d.chance(0.1);
      const image = d.pick(large ? compressed.slice(SMALL_IMAGES) : compressed.slice(0, SMALL_IMAGES));
      const target = large ? 'inspect' : d.pick(['inspect', 'suggest', 'restore'] as const);
      return { target, bytes: spoiltStream(image, d) };
    },
  },
  { name: 'deflated data set', share: 5, make: (d) => ({ target: d.pick(PLAIN), bytes: deflatedBomb(d) }) },
  { name: 'archive', share: 20, make: (d, f) => ({ target: 'unzip', bytes: hostileArchive(d, f) }) },
  { name: 'QR text', share: 25, make: (d, f) => ({ target: 'qr text', bytes: hostileQrText(d, f) }) },
  { name: 'picture file', share: 10, make: (d, f) => ({ target: 'picture', bytes: hostilePicture(d, f) }) },
  { name: 'picture', share: 10, make: (d) => ({ target: 'scan', bytes: anyPicture(d) }) },
  {
    name: 'settings',
    share: 10,
    make: (d) => ({ target: 'settings', bytes: latin1(JSON.stringify(anySettings(d))) }),
  },
  {
    name: 'multipart body',
    share: 10,
    make: (d, { multipart }) => ({
      target: 'multipart',
      bytes: d.chance(0.5) ? mutateHead(multipart, d) : mutate(multipart, d),
    }),
  },
];
