import { generateHybridIdentity, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { emptyDraft } from '../../../src/panel/protect/draft';
import { mixesKinds, readersOf, readRecipients, recipientsOf } from '../../../src/panel/protect/recipients';
import { panelSettings } from '../settings';

let one: string;
let two: string;
beforeAll(async () => {
  [one, two] = await Promise.all(
    [await generateX25519Identity(), await generateX25519Identity()].map(identityToRecipient),
  );
});

test('keys are read from lines and lists, each once, comments left out', () => {
  const text = `# public key of the board\n${one}\n${two}, ${one}\n`;
  expect(readRecipients(text)).toEqual({ keys: [one, two], wrong: [], hasSecret: false });
});

test('what is no whole key is named, but not in full', () => {
  const cut = one.slice(0, -1);
  expect(readRecipients(`${cut} bob`)).toEqual({
    keys: [],
    wrong: [`${cut.slice(0, 16)}…`, 'bob'],
    hasSecret: false,
  });
});

test('a secret key is told as what it is, and nothing of it', () => {
  expect(readRecipients('age-secret-key-1qqqsyqcyq5rqwzqfpg')).toEqual({
    keys: [],
    wrong: ['age-secret-key-1…'],
    hasSecret: true,
  });
});

test('keys of the directory and pasted ones are named once', () => {
  const draft = { ...emptyDraft(panelSettings), chosenRecipients: [one], pastedRecipients: `${one} ${two}` };
  expect(recipientsOf(draft)).toEqual([one, two]);
  expect(readersOf(draft, { recipients: [{ name: 'Tumour board', key: one }] })).toEqual([
    'Tumour board',
    `${two.slice(0, 16)}…`,
  ]);
});

test('post-quantum keys and others do not mix', async () => {
  const quantum = await identityToRecipient(await generateHybridIdentity());
  expect(mixesKinds([one, quantum])).toBe(true);
  expect(mixesKinds([one, two])).toBe(false);
  expect(mixesKinds([quantum])).toBe(false);
});
