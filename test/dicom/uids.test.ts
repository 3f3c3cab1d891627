import { deriveUid, uidOf } from '../../src/dicom/dataset/uids';

const envelope = Uint8Array.of(1, 2, 3);

test('128 bits become a UID below 2.25', () => {
  expect(uidOf(new Uint8Array(16))).toBe('2.25.0');
  expect(uidOf(Uint8Array.from({ length: 16 }, (_, index) => (index === 15 ? 10 : 0)))).toBe('2.25.10');
  expect(uidOf(new Uint8Array(16).fill(255))).toBe('2.25.340282366920938463463374607431768211455');
  expect(uidOf(new Uint8Array(16).fill(255))).toHaveLength(44);
});

test('a derived UID is a UUID of version 8', async () => {
  for (let n = 0; n < 50; n++) {
    const bits = await deriveUid('SOP Instance UID', `1.2.${n}`, envelope);
    expect(bits).toHaveLength(16);
    expect(bits[6] >> 4).toBe(8);
    expect(bits[8] >> 6).toBe(2);
  }
});

test('a derived UID depends on kind, original and envelope, and on nothing else', async () => {
  const uid = async (...args: Parameters<typeof deriveUid>) => uidOf(await deriveUid(...args));
  const first = await uid('SOP Instance UID', '1.2.3', envelope);
  expect(await uid('SOP Instance UID', '1.2.3', envelope.slice())).toBe(first);
  const others = [
    await uid('Series Instance UID', '1.2.3', envelope),
    await uid('SOP Instance UID', '1.2.4', envelope),
    await uid('SOP Instance UID', '1.2.3', Uint8Array.of(1, 2)),
    await uid('SOP Instance UID', '1.2.3\x01', Uint8Array.of(2, 3)),
  ];
  expect(new Set([first, ...others]).size).toBe(5);
});
