import { crc32 } from '../../src/engine/bytes';
import { decodeBase45, encodeBase45 } from '../../src/engine/qr/base45';
import { join, latin1 } from '../dicom/builder';
import type { Draw } from './draw';
import type { Fixtures } from './fixtures';
import { bomb, hostileEnvelopes } from './hostileContent';
import { edge, mutate, mutateHead } from './mutate';

/** Whatever else comes from outside: archives, texts and pictures of QR codes, settings. */

const EMPTY_ZIP_NAME = 'a';

/** An archive whose directory lists one file's bytes many times, or lies about lengths. */
export function hostileArchive(draw: Draw, { archive }: Fixtures): Uint8Array {
  if (draw.chance(0.6)) return mutate(draw.chance(0.5) ? archive.subarray(-400) : archive, draw);
  const content = draw.chance(0.5) ? bomb(draw.pick([1, 8] as const)) : draw.bytes(2 ** draw.between(4, 16));
  const method = draw.pick([0, 8, 8, 99]);
  const claimed = draw.chance(0.5) ? edge(draw, 4) : draw.pick([0, content.length, 2 ** 20]);
  const local = zipHeader(0x04034b50, method, content.length, claimed);
  const entries = draw.pick([1, 2, 100, 5000, 6000]);
  const entry = zipEntry(method, content.length, claimed);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(entries, 8);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(entry.length * entries, 12);
  end.writeUInt32LE(local.length + content.length, 16);
  return join([local, content, ...Array<Uint8Array>(entries).fill(entry), end]);
}

function zipHeader(signature: number, method: number, size: number, claimed: number): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(signature);
  header.writeUInt16LE(method, 8);
  header.writeUInt32LE(size, 18);
  header.writeUInt32LE(claimed, 22);
  header.writeUInt16LE(EMPTY_ZIP_NAME.length, 26);
  return Buffer.concat([header, latin1(EMPTY_ZIP_NAME)]);
}

function zipEntry(method: number, size: number, claimed: number): Buffer {
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50);
  entry.writeUInt16LE(method, 10);
  entry.writeUInt32LE(size, 20);
  entry.writeUInt32LE(claimed, 24);
  entry.writeUInt16LE(EMPTY_ZIP_NAME.length, 28);
  return Buffer.concat([entry, latin1(EMPTY_ZIP_NAME)]);
}

/** A sealed text, changed as it is read, or inside its coding. */
export function hostileQrText(draw: Draw, { qrText }: Fixtures): Uint8Array {
  const mark = qrText.lastIndexOf('KAP1:') + 5;
  if (draw.chance(0.3)) return mutate(latin1(qrText), draw);
  const bytes = decodeBase45(qrText.slice(mark));
  const listLength = bytes[1] * 256 + bytes[2];
  const list = bytes.subarray(3, 3 + listLength);
  const changed = draw.chance(0.5)
    ? mutate(bytes, draw)
    : withList(hostileEnvelopes(draw, list), bytes.subarray(3 + listLength));
  return latin1(qrText.slice(0, mark) + encodeBase45(changed));
}

const withList = (list: Uint8Array, rest: Uint8Array): Uint8Array =>
  join([Uint8Array.of(1, list.length >> 8, list.length), list, rest]);

/** A picture file; the checksums of a PNG's chunks are made true again. */
export function hostilePicture(draw: Draw, { pictures }: Fixtures): Uint8Array {
  const [png, jpeg] = pictures;
  if (draw.chance(0.4)) return draw.chance(0.5) ? mutateHead(jpeg, draw) : mutate(jpeg, draw);
  if (draw.chance(0.3)) return mutate(png, draw);
  return resumPng(mutateHead(png, draw));
}

function resumPng(bytes: Uint8Array): Uint8Array {
  const png = Buffer.from(bytes);
  for (let at = 8; at + 12 <= png.length; ) {
    const end = at + 8 + png.readUInt32BE(at);
    if (end + 4 > png.length) break;
    png.writeUInt32BE(crc32(png.subarray(at + 4, end)), end);
    at = end + 4;
  }
  return new Uint8Array(png);
}

/** Anything that JSON can say, most of it under names that settings have. */
export function anySettings(draw: Draw, depth = 0): unknown {
  const names = [
    'notice',
    'contact',
    'recipients',
    'recoveryRecipients',
    'workFactor',
    'scope',
    'carrier',
    'qr',
  ];
  const leaves: (() => unknown)[] = [
    () => null,
    () => draw.chance(0.5),
    () => draw.pick([0, -1, 1.5, 18, 19, 1e308, 2 ** 53]),
    () => draw.pick(['', ' ', 'series', 'x'.repeat(600), 'age1', 'AGE-SECRET-KEY-1', '\u0000', '__proto__']),
    () => ({ name: 'A', key: draw.pick(['age1qqq', 'age1pq1qqq', 5]) }),
  ];
  if (depth > 4 || draw.chance(0.3)) return draw.pick(leaves)();
  if (draw.chance(0.4)) return Array.from({ length: draw.below(5) }, () => anySettings(draw, depth + 1));
  const given = Array.from({ length: draw.below(6) }, () => [
    draw.pick([...names, 'name', 'key', '__proto__', 'constructor', 'toString']),
    anySettings(draw, depth + 1),
  ]);
  return Object.fromEntries(given);
}

/** A picture of noise, bars or squares as raw values, at times of another size than it says. */
export function anyPicture(draw: Draw): Uint8Array {
  const [width, height] = [draw.between(1, 120), draw.between(1, 120)];
  const period = draw.between(1, 40);
  const noise = draw.chance(0.4);
  const data = new Uint8Array(4 * width * height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const at = (pixel % width) * 7 + (draw.chance(0.01) ? 3 : 0);
    const dark = noise ? draw.chance(0.5) : [0, 2, 3, 4, 6].includes(Math.floor(at / period) % 7);
    data.fill(dark ? 0 : 255, 4 * pixel, 4 * pixel + 4);
  }
  const sizes = Uint8Array.of(width, 0, height, 0);
  const bytes = join([sizes, data]);
  return draw.chance(0.2) ? mutate(bytes, draw) : bytes;
}
