import { protectFile, restoreFile } from '../../src/dicom/index';
import { readFile } from '../../src/dicom/reader';
import { splice } from '../../src/dicom/splice';
import { keyringForJob } from '../../src/engine/index';
import { buildImage } from './builder';
import { makeKeys } from './support';

/** Content Sequence in Content Sequence, each with one item, in Explicit VR Little Endian. */
function nested(depth: number): Uint8Array {
  const STEP = 20;
  const bytes = Buffer.alloc(STEP * depth);
  for (let start = 0; start < bytes.length; start += STEP) {
    bytes.set([0x40, 0x00, 0x30, 0xa7, 0x53, 0x51, 0, 0], start);
    bytes.writeUInt32LE(bytes.length - start - 12, start + 8);
    bytes.set([0xfe, 0xff, 0x00, 0xe0], start + 12);
    bytes.writeUInt32LE(bytes.length - start - STEP, start + 16);
  }
  return bytes;
}

test('what others added is named, however deep they nested it', async () => {
  const { job } = await makeKeys();
  const areas = [{ rectangle: { x: 9, y: 9, width: 50, height: 50 } }];
  const { file } = await protectFile(buildImage(), job, { areas });
  for (const depth of [1, 16, 17, 20_000]) {
    const edited = splice(readFile(file), [{ tag: 0x0040a730, bytes: nested(depth) }]);
    const { changedSince } = await restoreFile(edited, keyringForJob(job));
    expect([depth, changedSince]).toEqual([depth, ['(0040,A730)']]);
  }
});
