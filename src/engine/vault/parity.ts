import { kernels, place, workspace } from '../kernels/memory';

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

/** For each number 0 to 15 divided by it, and 0, 16, ... 240: what the quotients of all bytes are the sums of. */
const QUOTIENTS = Uint8Array.from({ length: 256 * 32 }, (_, k) => {
  const divisor = k >> 5;
  const dividend = k & 16 ? (k & 15) << 4 : k & 15;
  return divisor === 0 ? 0 : multiply(dividend, invert(divisor));
});

/** Bytes of each shard that are worked on together: those of all shards stay near the processor. */
const TOGETHER = 512;

/** Computes `parityCount` parity shards of `data`, all of one length. */
export function computeParity(data: readonly Uint8Array[], parityCount: number): Uint8Array[] {
  const { length } = data[0];
  const parity = Array.from({ length: parityCount }, () => new Uint8Array(length));
  const shards = place(QUOTIENTS, 0);
  for (let start = 0; start < length; start += TOGETHER) {
    let end = shards;
    for (const shard of data) end = place(shard.subarray(start, start + TOGETHER), end);
    const stride = (end - shards) / data.length;
    const space = workspace(end + parityCount * stride).fill(0, end, end + parityCount * stride);
    kernels().addParity(end, parityCount, shards, data.length, stride, 0);
    for (const [i, shard] of parity.entries()) {
      const part = shard.subarray(start, start + TOGETHER);
      part.set(space.subarray(end + i * stride, end + i * stride + part.length));
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
