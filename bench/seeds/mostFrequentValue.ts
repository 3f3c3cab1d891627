import { ByteReader, ByteWriter } from '../../src/engine/bytes';
import { indicesInside, readArea, readCodes, withCodes, writeArea } from './codes';
import type { Method } from './method';
import { coverWithReport } from './symbol';

/**
 * The student project "Medical Images Key Area Protection using Pixel Manipulation"
 * (github.com/dosa15/Medical-Key-Area-Protection, its final folder): a QR code of the report is pasted on
 * the key area; the key area goes, piece by piece, into the samples that have the image's most frequent
 * value, then into those of the second most frequent; a key file lists where.
 *
 * In its favour: a sample of the key area takes one place (the project writes it as text, one place for
 * each character, and leaves out what finds none; so the QR code's own samples are room enough); a place takes four bytes
 * of the key file; places are undone last first (the project goes forwards, and loses what was written over);
 * the marked image is kept without loss (the project restores to JPEG), and the area is restored from the
 * image (the project takes it from a copy in clear).
 */
export const mostFrequentValue: Method = {
  name: 'most frequent value, key file',

  async hide(frame, area) {
    const hidden = readCodes(frame);
    const codes = readCodes(coverWithReport(frame, area));
    const counts = new Uint32Array(65536);
    for (const code of codes) counts[code]++;
    const byCount = Array.from(counts.keys()).sort((a, b) => counts[b] - counts[a]);
    const keyFile = writeArea(new ByteWriter(), area);
    const pieces = indicesInside(frame, area);
    let next = 0;
    for (const frequent of byCount.slice(0, 2)) {
      const places: number[] = [];
      for (let i = 0; i < codes.length && next < pieces.length; i++) {
        if (codes[i] !== frequent) continue;
        codes[i] = hidden[pieces[next++]];
        places.push(i);
      }
      keyFile.uint16(frequent).uint32(places.length);
      for (const place of places) keyFile.uint32(place);
    }
    return { marked: withCodes(frame, codes), sideData: keyFile.finish(), coveredArea: area };
  },

  async restore(marked, keyFile) {
    if (keyFile.length === 0) return marked;
    const codes = readCodes(marked);
    const reader = new ByteReader(keyFile);
    const pieces = indicesInside(marked, readArea(reader));
    const places: (readonly [place: number, frequent: number])[] = [];
    while (reader.remaining > 0) {
      const frequent = reader.uint16();
      for (let left = reader.uint32(); left > 0; left--) places.push([reader.uint32(), frequent]);
    }
    const found: number[] = [];
    for (const [place, frequent] of places.reverse()) {
      found.push(codes[place]);
      codes[place] = frequent;
    }
    found.reverse().forEach((code, k) => {
      codes[pieces[k]] = code;
    });
    return withCodes(marked, codes);
  },
};
