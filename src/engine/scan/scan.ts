import { KeyAreaError } from '../errors';
import { MIN_MODULES } from '../qr/symbol';
import { decodeModules } from './decodeModules';
import { readModules } from './equaliser';
import { findFinderCandidates } from './finderPatterns';
import { type GrayPicture, grayOf, halve, type Picture } from './grayPicture';
import { guessSymbols, type PicturedSymbol, refineSymbol } from './picturedSymbol';

/** Symbols read from one picture, at most. */
const MAX_SYMBOLS = 16;
/** Work at each scale of a picture, at most: symbols refined, readings decoded. */
const MAX_REFINEMENTS = 24;
const MAX_READINGS = 12;
/** A symbol that matches less is not worth reading. */
const LEAST_MATCH = 0.45;
function checkPicture({ width, height, data }: Picture): void {
  const isDimension = (n: number) => Number.isInteger(n) && n >= 1;
  if (!isDimension(width) || !isDimension(height) || data.length !== 4 * width * height) {
    throw new KeyAreaError('invalid-argument', 'The picture has not as many values as its size says.');
  }
}

/** The middle of a placed symbol and its half diagonal, in pixels of the given picture. */
function extentOf({ corners }: PicturedSymbol, { step }: GrayPicture) {
  const { topRight, bottomLeft } = corners;
  return {
    x: ((topRight.x + bottomLeft.x) / 2) * step,
    y: ((topRight.y + bottomLeft.y) / 2) * step,
    reach: (Math.hypot(topRight.x - bottomLeft.x, topRight.y - bottomLeft.y) / 2) * step,
  };
}

/** The picture, and at half, a quarter ... of its size, the smallest first. */
function levelsOf(picture: Picture): GrayPicture[] {
  const levels: GrayPicture[] = [];
  let level = grayOf(picture);
  while (Math.min(level.width, level.height) >= MIN_MODULES) {
    levels.unshift(level);
    level = halve(level);
  }
  return levels;
}

/**
 * Reads the texts of the QR codes in a screenshot or a photo of a protected picture: scaled,
 * windowed, blurred a little, coded as JPEG, tilted, turned, mirrored or inverted. Each symbol's text
 * comes once, exactly as it was drawn. `openQrText` reads the report from a sealed one.
 *
 * The work is bounded by the number of pixels, whatever the picture shows. The list is empty where
 * no QR code can be read. Throws `invalid-argument` where the data do not fit the size.
 */
export function scanPicture(picture: Picture): string[] {
  checkPicture(picture);
  const texts: string[] = [];
  const done: ReturnType<typeof extentOf>[] = [];
  // Coarse pictures first: they are fast, and large modules read best where they are few pixels.
  for (const level of levelsOf(picture)) {
    const [dark, light] = findFinderCandidates(level);
    const guesses = [...guessSymbols(level, dark, false), ...guessSymbols(level, light, true)];
    let refinements = 0;
    let readings = 0;
    for (const guess of guesses.sort((a, b) => b.match - a.match)) {
      const extent = extentOf(guess, level);
      const isDone = done.some(
        ({ x, y, reach }) => Math.hypot(extent.x - x, extent.y - y) < Math.max(extent.reach, reach) / 2,
      );
      if (isDone) continue;
      if (++refinements > MAX_REFINEMENTS || readings >= MAX_READINGS) break;
      const symbol = refineSymbol(level, guess);
      if (symbol.match < LEAST_MATCH) continue;
      for (const modules of readModules(level, symbol)) {
        readings++;
        const text = decodeModules(modules, symbol.size);
        if (text === undefined) continue;
        texts.push(text);
        if (texts.length === MAX_SYMBOLS) return texts;
        done.push(extent);
        break;
      }
    }
  }
  return texts;
}
