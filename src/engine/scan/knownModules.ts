/** A module whose colour is the same in all symbols of a version: -1 light, 1 dark. */
export interface KnownModule {
  readonly column: number;
  readonly row: number;
  readonly colour: -1 | 1;
}

/** Columns and rows of the middles of alignment patterns (ISO/IEC 18004, annex E). */
function alignmentPositions(size: number): number[] {
  const version = (size - 17) / 4;
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = version === 32 ? 26 : 2 * Math.floor((4 * version + 2 * count + 1) / (2 * count - 2));
  return [6, ...Array.from({ length: count - 1 }, (_, k) => size - 7 - k * step).reverse()];
}

const memory = new Map<number, readonly KnownModule[]>();

/**
 * The modules of a symbol of `size` modules that any text leaves as they are: finder patterns with
 * their separators, timing patterns, alignment patterns (ISO/IEC 18004, section 6.3).
 */
export function knownModules(size: number): readonly KnownModule[] {
  const remembered = memory.get(size);
  if (remembered) return remembered;
  const colours = new Int8Array(size * size);
  const set = (column: number, row: number, dark: boolean) => {
    if (column >= 0 && row >= 0 && column < size && row < size) colours[row * size + column] = dark ? 1 : -1;
  };
  for (let k = 8; k < size - 8; k++) {
    set(k, 6, k % 2 === 0);
    set(6, k, k % 2 === 0);
  }
  const positions = alignmentPositions(size);
  const last = size - 7;
  for (const x of positions) {
    for (const y of positions) {
      const inFinder = (x === 6 && y === 6) || (x === 6 && y === last) || (x === last && y === 6);
      if (inFinder) continue;
      for (let dy = -2; dy <= 2; dy++) {
        for (let dx = -2; dx <= 2; dx++) set(x + dx, y + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
      }
    }
  }
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ]) {
    for (let dy = -4; dy <= 4; dy++) {
      for (let dx = -4; dx <= 4; dx++) {
        const ring = Math.max(Math.abs(dx), Math.abs(dy));
        set(x + dx, y + dy, ring !== 2 && ring !== 4);
      }
    }
  }
  const known: KnownModule[] = [];
  colours.forEach((colour, i) => {
    if (colour !== 0)
      known.push({ column: i % size, row: Math.floor(i / size), colour: colour === 1 ? 1 : -1 });
  });
  memory.set(size, known);
  return known;
}
