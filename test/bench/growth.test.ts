import { exponent } from '../../bench/growth';

test.each([0.5, 1, 2])('finds the power %d of measurements that follow it', (power) => {
  const points = [1, 4, 10, 300].map((size) => [size, 7 * size ** power] as const);
  expect(exponent(points)).toBeCloseTo(power, 10);
});

test('lies between the powers of measurements that scatter around one', () => {
  const points = [1, 2, 4, 8].map((size, k) => [size, size * (k % 2 ? 1.1 : 0.9)] as const);
  expect(exponent(points)).toBeGreaterThan(0.9);
  expect(exponent(points)).toBeLessThan(1.2);
});
