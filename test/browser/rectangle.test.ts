import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { KEY_AREA_TOOL } from '../../src/ohif/keyAreaTool';
import { BLOCK, blockImage, blockOnPage, expectBlockHidden, STUDY } from './block';
import {
  demoOfFolder,
  download,
  eventually,
  field,
  hasTool,
  openPage,
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
  const before = await blockOnPage(page);
  await prepare(page);
  // The block is not in the middle: every change of the view moves it. The view has come to rest when it
  // is where it was a moment before.
  let block = before;
  for (let last = before; ; last = block) {
    await page.waitForTimeout(200);
    block = await blockOnPage(page);
    const moved = JSON.stringify(block) !== JSON.stringify(before);
    if ((moved || name === 'as it opens') && JSON.stringify(block) === JSON.stringify(last)) break;
  }
  await page.getByRole('button', { name: 'Draw key area' }).click();
  await eventually(() => hasTool(page, KEY_AREA_TOOL), true);
  // Just inside its edges: every pixel that is touched is one of the block's, and all of those are.
  await page.mouse.move(block.left + 1, block.top + 1);
  await page.mouse.down();
  await page.mouse.move((block.left + block.right) / 2, (block.top + block.bottom) / 2, { steps: 4 });
  await page.mouse.move(block.right - 1, block.bottom - 1, { steps: 4 });
  await page.mouse.up();
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
