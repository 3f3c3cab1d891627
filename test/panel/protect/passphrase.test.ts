import { wordlist } from '@scure/bip39/wordlists/english.js';
import { estimateStrength, generatePassphrase } from '../../../src/panel/protect/passphrase';

test('a generated passphrase has 7 words of 2048, which are 77 random bits', async () => {
  expect(new Set(wordlist).size).toBe(2048);
  const generated = await Promise.all(Array.from({ length: 300 }, generatePassphrase));
  expect(new Set(generated).size).toBe(300);
  const words = generated.map((passphrase) => passphrase.split('-'));
  for (const list of words) {
    expect(list).toHaveLength(7);
    expect(list.every((word) => wordlist.includes(word))).toBe(true);
  }
  // 2100 draws of 2048: about 1310 different ones are expected.
  expect(new Set(words.flat()).size).toBeGreaterThan(1100);
});

test('what is easily guessed is called weak, what was generated is called strong', async () => {
  for (const weak of ['password', 'Password123!', 'qwertyuiop', 'aaaaaaaaaaaa', '20011303'])
    expect(await estimateStrength(weak)).toBe('weak');
  expect(await estimateStrength(await generatePassphrase())).toBe('strong');
  expect(await estimateStrength('x'.repeat(10_000))).toBeDefined();
});
