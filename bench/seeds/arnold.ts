/**
 * Arnold's map, (x, y) -> (x + y, x + 2 y) modulo the side of a square, on which it is a permutation that
 * comes back to the picture it began with after some number of rounds (6 on 8 x 8). What is no square
 * is cut into squares: as many of its shorter side as there are, then what is left over.
 */

/** Calls `visit` for each square of a rectangle. */
function forEachSquare(
  width: number,
  height: number,
  visit: (x: number, y: number, side: number) => void,
  x = 0,
  y = 0,
): void {
  const side = Math.min(width, height);
  if (side === 0) return;
  visit(x, y, side);
  if (width > height) forEachSquare(width - side, height, visit, x + side, y);
  else forEachSquare(width, height - side, visit, x, y + side);
}

/** For each pixel of a rectangle where it goes after `rounds` rounds of the map. */
export function arnoldMap(width: number, height: number, rounds: number): Uint32Array {
  const targets = new Uint32Array(width * height);
  forEachSquare(width, height, (left, top, side) => {
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        let [x, y] = [column, row];
        for (let round = 0; round < rounds; round++) [x, y] = [(x + y) % side, (x + 2 * y) % side];
        targets[(top + row) * width + left + column] = (top + y) * width + left + x;
      }
    }
  });
  return targets;
}
