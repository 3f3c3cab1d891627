import { handOver } from '../../src/viewer/handOver';

test('a file that is handed over is whole, and the bytes given are zeros', async () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const file = handOver(bytes.buffer);
  expect(new Uint8Array(await file.arrayBuffer())).toEqual(Uint8Array.of(1, 2, 3));
  expect(bytes).toEqual(Uint8Array.of(0, 0, 0));
});
