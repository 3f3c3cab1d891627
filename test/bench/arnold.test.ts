import { arnoldMap } from '../../bench/seeds/arnold';

const identity = (count: number): number[] => Array.from({ length: count }, (_, k) => k);

test('comes back after six rounds on 8 x 8, and not before', () => {
  for (let rounds = 1; rounds < 6; rounds++)
    expect(Array.from(arnoldMap(8, 8, rounds))).not.toEqual(identity(64));
  expect(Array.from(arnoldMap(8, 8, 6))).toEqual(identity(64));
});

test.each([
  [160, 160],
  [30, 12],
  [7, 40],
  [1, 1],
])('a %d x %d rectangle is permuted', (width, height) => {
  const targets = Array.from(arnoldMap(width, height, 3));
  expect(targets.toSorted((a, b) => a - b)).toEqual(identity(width * height));
});
