import { createKeyring, createProtectionJob, protectFrame, restoreFrame } from '../../src/engine';
import { concatBytes } from '../../src/engine/bytes';
import { openToReseal } from '../attack/reseal';
import { makeFrame } from './frames';

/** The sections of a payload (FORMAT.md, section 6), sealed anew with a valid tag. */

const passphrase = 'way';
const area = { x: 40, y: 40, width: 100, height: 90 };

test('a section that is not known is no section to pass over', async () => {
  const job = await createProtectionJob({ passphrase, report: 'A report.', workFactor: 8 });
  const frame = makeFrame({ width: 200, height: 180, bitsStored: 12 });
  const { plain, reseal } = await openToReseal(
    (await protectFrame(frame, job, { areas: [area] })).frame,
    job,
  );
  const restore = async (...before: number[]) =>
    restoreFrame(
      await reseal({ plain: concatBytes([Uint8Array.from(before), plain]) }),
      createKeyring({ passphrase }),
    );
  expect((await restore()).report).toBe('A report.');
  await expect(restore(10, 0, 0, 0, 2, 7, 7)).rejects.toMatchObject({ code: 'damaged' });
});
