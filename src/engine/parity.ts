/**
 * Erasure coding of equally long shards: a systematic Reed-Solomon code over GF(2^8) with a Cauchy
 * matrix (Bloemer et al., "An XOR-Based Erasure-Resilient Coding Scheme", ICSI TR-95-048, 1995).
 * Any `K` of the `K + P` shards give all `K` data shards back; `K + P <= 256`.
 *
 * Parity shard i is the sum over the data shards j of data[j] / (x_i + y_j), with x_i = K + i and
 * y_j = j, in the field defined by the polynomial 0x11d.
 */

const EXP = new Uint8Array(510);
const LOG = new Uint8Array(256);
for (let power = 0, value = 1; power < 255; power++) {
  EXP[power] = value;
  EXP[power + 255] = value;
  LOG[value] = power;
  value = (value << 1) ^ (value & 0x80 ? 0x11d : 0);
}

const multiply = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : EXP[LOG[a] + LOG[b]]);
const invert = (a: number): number => EXP[255 - LOG[a]];

/** Row `factor` holds the products of `factor` and every byte. */
const PRODUCTS = Array.from({ length: 256 }, (_, factor) =>
  Uint8Array.from({ length: 256 }, (_, value) => multiply(factor, value)),
);

/** The matrix entry of parity shard `i` and data shard `j`. */
const coefficient = (dataCount: number, i: number, j: number): number => invert((dataCount + i) ^ j);

/** Adds `factor * source` to `target`. */
function addScaled(target: Uint8Array, source: Uint8Array, factor: number): void {
  const products = PRODUCTS[factor];
  for (let k = 0; k < target.length; k++) target[k] ^= products[source[k]];
}

/** Parity shards that are computed in one go: as many as a word has bytes. */
const TOGETHER = 4;

/** For each number what a byte gives divided by it, and by it with bit 0, bit 1 and both flipped: a byte of a word each. */
const quotients: Uint32Array[] = [];

function quotientsBy(divisor: number): Uint32Array {
  quotients[divisor] ??= Uint32Array.from({ length: 256 }, (_, value) => {
    const quotient = (k: number): number => PRODUCTS[invert(divisor ^ k)][value] << (8 * k);
    return quotient(0) | quotient(1) | quotient(2) | quotient(3);
  });
  return quotients[divisor];
}

/** Computes `parityCount` parity shards of `data`, all of one length. */
export function computeParity(data: readonly Uint8Array[], parityCount: number): Uint8Array[] {
  const { length } = data[0];
  const parity = Array.from({ length: parityCount }, () => new Uint8Array(length));
  const sums = new Uint32Array(length);
  // From a multiple of four on, x_i is `first` with its lowest bits flipped.
  for (let first = data.length & ~3; first < data.length + parityCount; first += TOGETHER) {
    sums.fill(0);
    data.forEach((source, j) => {
      const table = quotientsBy(first ^ j);
      for (let k = 0; k < length; k++) sums[k] ^= table[source[k]];
    });
    for (let lane = 0; lane < TOGETHER; lane++) {
      const shard = parity[first + lane - data.length];
      // In front of the first parity shard and behind the last there is none.
      if (shard) for (let k = 0; k < length; k++) shard[k] = sums[k] >>> (8 * lane);
    }
  }
  return parity;
}

/** Solves `matrix * x = right` in place over GF(2^8), rows of `right` being shards; returns `right`. */
function solve(matrix: Uint8Array[], right: Uint8Array[]): Uint8Array[] {
  const size = matrix.length;
  for (let column = 0; column < size; column++) {
    // Every square submatrix of a Cauchy matrix is regular, so a pivot is always there.
    const pivot = matrix.findIndex((row, r) => r >= column && row[column] !== 0);
    [matrix[column], matrix[pivot]] = [matrix[pivot], matrix[column]];
    [right[column], right[pivot]] = [right[pivot], right[column]];
    const scale = invert(matrix[column][column]);
    matrix[column] = matrix[column].map((value) => PRODUCTS[scale][value]);
    right[column] = right[column].map((value) => PRODUCTS[scale][value]);
    for (let r = 0; r < size; r++) {
      const factor = matrix[r][column];
      if (r === column || factor === 0) continue;
      addScaled(matrix[r], matrix[column], factor);
      addScaled(right[r], right[column], factor);
    }
  }
  return right;
}

/**
 * Gives the data shards back from what is left. `shards` holds `dataCount` data shards and then the
 * parity shards, undefined where lost. Returns undefined where fewer than `dataCount` are left.
 */
export function recoverData(
  shards: readonly (Uint8Array | undefined)[],
  dataCount: number,
): Uint8Array[] | undefined {
  const data = shards.slice(0, dataCount);
  const lost = data.flatMap((shard, j) => (shard === undefined ? [j] : []));
  const parity = shards
    .slice(dataCount)
    .flatMap((shard, i) => (shard === undefined ? [] : [{ shard, i }]))
    .slice(0, lost.length);
  if (parity.length < lost.length) return undefined;

  const sums = parity.map(({ shard, i }) => {
    const sum = shard.slice();
    data.forEach((source, j) => {
      if (source) addScaled(sum, source, coefficient(dataCount, i, j));
    });
    return sum;
  });
  const matrix = parity.map(({ i }) => Uint8Array.from(lost, (j) => coefficient(dataCount, i, j)));
  solve(matrix, sums).forEach((shard, k) => {
    data[lost[k]] = shard;
  });
  return data as Uint8Array[];
}
