import { generatePassphrase, isShort, MINIMUM_LENGTH } from '../../src/panel/passphrase';

test('a generated passphrase has 100 random bits, in groups that can be read aloud', () => {
  const generated = Array.from({ length: 200 }, generatePassphrase);
  for (const passphrase of generated)
    expect(passphrase).toMatch(/^([a-km-np-z2-9]{5}-){3}[a-km-np-z2-9]{5}$/);
  expect(new Set(generated).size).toBe(200);
  expect(new Set(generated.join('').replaceAll('-', '')).size).toBe(32);
  expect(isShort(generated[0]!)).toBe(false);
});

test('what is accepted may still be called short', () => {
  expect(isShort('x'.repeat(MINIMUM_LENGTH))).toBe(true);
});
