import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { KEY_AREA_TOOL } from '../../src/ohif/keyAreaTool';
import { BLOCK, blockImage, blockOnPage, expectBlockHidden, STUDY } from './block';
import {
  demoOfFolder,
  download,
  dragOnPage,
  eventually,
  field,
  hasTool,
  openPage,
  resting,
  screenshot,
  turn,
  waitForImage,
  waitForView,
} from './harness';

/**
 * What is drawn is what is hidden: a bright block of known pixels is found on the screen by its
 * brightness alone, a rectangle is drawn along its edges with the mouse, and the pixels that the file
 * hides are those of the block, whichever way the view is turned, and though its pixels are not square.
 */

const PASSPHRASE = 'orchid lantern cobalt 7 river';

const original = blockImage();
const running = demoOfFolder((folder) => writeFile(join(folder, 'block.dcm'), original));

/** What the test uses of the globals that OHIF v3 sets. */
interface ViewerWindow {
  readonly cornerstone: {
    getRenderingEngines(): { getViewports(): Viewport[] }[];
  };
}

interface Viewport {
  setZoom(zoom: number): void;
  setPan(pan: [number, number]): void;
  render(): void;
}

function zoomAndPan(page: Page): Promise<void> {
  return page.evaluate(() => {
    const [viewport] = (window as unknown as ViewerWindow).cornerstone
      .getRenderingEngines()
      .flatMap((engine) => engine.getViewports());
    viewport!.setZoom(1.4);
    viewport!.setPan([35, -60]);
    viewport!.render();
  });
}

test.each<[name: string, prepare: (page: Page) => Promise<unknown>]>([
  ['as it opens', async () => {}],
  ['rotated by 90 degrees', (page) => turn(page, 'r')],
  [
    'rotated, flipped, zoomed and panned',
    async (page) => {
      await turn(page, 'l');
      await turn(page, 'v');
      await zoomAndPan(page);
    },
  ],
])('a block with pixels that are not square, view %s', async (name, prepare) => {
  const { page } = await openPage(
    running.browser,
    `${running.demo.origin}/key-area-protection?StudyInstanceUIDs=${STUDY}`,
    {
      workFactor: 10,
    },
  );
  await waitForImage(page);
  await waitForView(page, 'draw');
  const place = () => blockOnPage(page);
  const before = await resting(page, place);
  await prepare(page);
  // The block is not in the middle: every change of the view moves it.
  if (name !== 'as it opens') {
    await eventually(async () => JSON.stringify(await place()) !== JSON.stringify(before), true);
  }
  const block = await resting(page, place);
  await page.getByRole('button', { name: 'Draw key area' }).click();
  await eventually(() => hasTool(page, KEY_AREA_TOOL), true);
  // Just inside its edges: every pixel that is touched is one of the block's, and all of those are.
  await dragOnPage(
    page,
    { x: block.left + 1, y: block.top + 1 },
    { x: block.right - 1, y: block.bottom - 1 },
  );
  await waitForView(page, 'protect');
  await screenshot(page, `rectangle-${name.replace(/\W+/g, '-')}`);
  await page.getByText(`${BLOCK.width} × ${BLOCK.height} at ${BLOCK.x}, ${BLOCK.y}`).waitFor();

  await field(page, 'Passphrase').fill(PASSPHRASE);
  await field(page, 'Repeat it').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Protect 1 image' }).click();
  await waitForView(page, 'protected');
  const made = await download(page, () => page.getByRole('button', { name: 'Download .dcm' }).click());
  await page.close();

  await expectBlockHidden(made, original, PASSPHRASE);
});
