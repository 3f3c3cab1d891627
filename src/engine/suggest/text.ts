import { labelComponents } from './components';
import type { Candidate } from './findings';
import type { Plane } from './plane';

/** Pixels on each side that a pixel is compared with the mean of. */
const NEIGHBOURHOOD = 12;
/** A letter stands out from that mean by at least this. */
const STANDS_OUT = 0.12;
const SMALLEST_LETTER = 5;
const LARGEST_LETTER = 64;
/** Letters of a line have the same ink, within this. */
const INK_TOLERANCE = 0.12;
/** Letters that make a line, at least. */
const SHORTEST_LINE = 4;
/** Share of a line's letters that stand on its base line, at least. */
const ON_BASE_LINE = 0.6;

interface Letter {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly height: number;
  /** Its most extreme brightness. */
  readonly ink: number;
}

/** Marks pixels brighter (`sign` 1) or darker (-1) than the mean around them. */
function markInk({ width, height, values }: Plane, sign: 1 | -1): Uint8Array {
  const stride = width + 1;
  const sums = new Float64Array(stride * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += values[y * width + x];
      sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + row;
    }
  }
  const marked = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const top = Math.max(0, y - NEIGHBOURHOOD) * stride;
    const bottomRow = Math.min(height, y + NEIGHBOURHOOD + 1);
    const bottom = bottomRow * stride;
    const rows = bottomRow - Math.max(0, y - NEIGHBOURHOOD);
    for (let x = 0; x < width; x++) {
      const left = x > NEIGHBOURHOOD ? x - NEIGHBOURHOOD : 0;
      const right = x + NEIGHBOURHOOD < width ? x + NEIGHBOURHOOD + 1 : width;
      const sum = sums[bottom + right] - sums[bottom + left] - sums[top + right] + sums[top + left];
      const mean = sum / (rows * (right - left));
      if (sign * (values[y * width + x] - mean) > STANDS_OUT) marked[y * width + x] = 1;
    }
  }
  return marked;
}

/** The marked groups that are as large and as solid as letters. */
function findLetters(plane: Plane, sign: 1 | -1): Letter[] {
  const { width, height, values } = plane;
  const { labels, components } = labelComponents(markInk(plane, sign), width, height);
  const inks = new Float32Array(components.length).fill(-1);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (label === 0) continue;
    const ink = sign === 1 ? values[i] : 1 - values[i];
    if (ink > inks[label - 1]) inks[label - 1] = ink;
  }
  const letters: Letter[] = [];
  components.forEach(({ left, top, right, bottom, pixels }, k) => {
    const letterWidth = right - left + 1;
    const letterHeight = bottom - top + 1;
    if (letterHeight < SMALLEST_LETTER || letterHeight > LARGEST_LETTER) return;
    if (letterWidth > 2.5 * letterHeight || pixels < 0.12 * letterWidth * letterHeight) return;
    letters.push({ left, top, right, bottom, height: letterHeight, ink: inks[k] });
  });
  return letters.sort((a, b) => a.left - b.left);
}

/** True where `next` can follow `letter` in a line. */
function follows(letter: Letter, next: Letter): boolean {
  const larger = Math.max(letter.height, next.height);
  const smaller = Math.min(letter.height, next.height);
  const gap = next.left - letter.right;
  const offset = Math.min(Math.abs(next.bottom - letter.bottom), Math.abs(next.top - letter.top));
  return (
    gap > -0.3 * smaller &&
    gap <= 1.2 * larger &&
    larger <= 2 * smaller &&
    offset <= 1 + 0.12 * larger &&
    Math.abs(next.ink - letter.ink) <= INK_TOLERANCE
  );
}

/** Chains letters to lines, from left to right. */
function findLines(letters: readonly Letter[]): Letter[][] {
  const lines: Letter[][] = [];
  let open: Letter[][] = [];
  for (const letter of letters) {
    open = open.filter((line) => letter.left - line[line.length - 1].right <= 2 * LARGEST_LETTER);
    const line = open.find((other) => follows(other[other.length - 1], letter));
    if (line) line.push(letter);
    else {
      const started = [letter];
      lines.push(started);
      open.push(started);
    }
  }
  return lines.filter(isLine);
}

function isLine(line: readonly Letter[]): boolean {
  if (line.length < SHORTEST_LINE) return false;
  const bottoms = line.map(({ bottom }) => bottom).sort((a, b) => a - b);
  const baseLine = bottoms[bottoms.length >> 1];
  const standing = line.filter(({ bottom, height }) => Math.abs(bottom - baseLine) <= 0.5 + 0.06 * height);
  return standing.length >= ON_BASE_LINE * line.length;
}

interface Block {
  left: number;
  top: number;
  right: number;
  bottom: number;
  letterHeight: number;
  letters: number;
}

/** Joins lines that lie as close as those of one paragraph or table. */
function joinLines(lines: readonly Letter[][]): Block[] {
  const blocks: Block[] = [];
  for (const line of lines) {
    const block: Block = {
      left: Math.min(...line.map(({ left }) => left)),
      top: Math.min(...line.map(({ top }) => top)),
      right: Math.max(...line.map(({ right }) => right)),
      bottom: Math.max(...line.map(({ bottom }) => bottom)),
      letterHeight: Math.max(...line.map(({ height }) => height)),
      letters: line.length,
    };
    for (let k = blocks.length - 1; k >= 0; k--) {
      const other = blocks[k];
      const reach = Math.max(block.letterHeight, other.letterHeight);
      const apart =
        other.left > block.right + 2 * reach ||
        block.left > other.right + 2 * reach ||
        other.top > block.bottom + reach ||
        block.top > other.bottom + reach;
      if (apart) continue;
      block.left = Math.min(block.left, other.left);
      block.top = Math.min(block.top, other.top);
      block.right = Math.max(block.right, other.right);
      block.bottom = Math.max(block.bottom, other.bottom);
      block.letterHeight = reach;
      block.letters += other.letters;
      blocks.splice(k, 1);
      k = blocks.length; // The larger block may now reach others.
    }
    blocks.push(block);
  }
  return blocks;
}

/** Finds burned-in text, light or dark, written from left to right; the score counts letters. */
export function findText(plane: Plane): Candidate[] {
  const blocks = ([1, -1] as const).flatMap((sign) => joinLines(findLines(findLetters(plane, sign))));
  return blocks
    .map(({ left, top, right, bottom, letters }) => {
      const x = Math.max(0, left - 2);
      const y = Math.max(0, top - 2);
      const width = Math.min(plane.width, right + 3) - x;
      const height = Math.min(plane.height, bottom + 3) - y;
      return { rectangle: { x, y, width, height }, score: letters };
    })
    .sort((a, b) => b.score - a.score);
}
