import type { Page } from 'playwright-core';
import {
  demoAndBrowser,
  eventually,
  field,
  openPage,
  SERIES,
  STUDY,
  screenshot,
  waitForView,
} from './harness';
import { drawKeyArea, openPanel, waitForImage } from './harnessV2';

/** OHIF v2, unmodified: what is restored is seen beside the protected series, in the layout that the user has. */

const PASSPHRASE = 'orchid lantern cobalt 7 river';
/** Patient ID of the study, as the study list has it. */
const PATIENT = '123565';

const running = demoAndBrowser('--viewer', 'v2');

/** How an image lies in its viewport, and what of its values is seen. */
interface View {
  rotation: number;
  scale: number;
  translation: { x: number; y: number };
  invert: boolean;
  hflip: boolean;
  voi: { windowWidth: number; windowCenter: number };
}

/** What the tests use of the globals that OHIF v2 sets. */
interface ViewerWindow {
  readonly store: {
    getState(): {
      readonly viewports: {
        readonly activeViewportIndex: number;
        readonly layout: { readonly viewports: readonly unknown[] };
        readonly viewportSpecificData: Record<number, { readonly SeriesDescription?: string } | undefined>;
      };
    };
  };
  readonly cornerstone: {
    getEnabledElements(): {
      readonly element: HTMLElement;
      readonly image?: { readonly imageId: string };
      readonly viewport?: View;
    }[];
    getViewport(element: HTMLElement): View;
    setViewport(element: HTMLElement, view: View): void;
  };
  readonly cornerstoneTools: {
    getToolState(element: HTMLElement, name: 'stack'): { readonly data: [{ readonly imageIds: string[] }] };
    import(name: 'util/scrollToIndex'): (element: HTMLElement, index: number) => void;
  };
}

/** Of each viewport: the end of its series' description, the image from 1, how that is seen. */
const panes = (page: Page) =>
  page.evaluate(() => {
    const { store, cornerstone, cornerstoneTools } = window as unknown as ViewerWindow;
    const { layout, viewportSpecificData } = store.getState().viewports;
    return layout.viewports.map((_, index) => {
      const shown = cornerstone
        .getEnabledElements()
        .find(({ element }) => element.closest(`[data-cy="viewport-container-${index}"]`));
      const stack = shown && cornerstoneTools.getToolState(shown.element, 'stack').data[0];
      const { rotation, scale, translation, invert, hflip, voi } = shown?.viewport ?? ({} as Partial<View>);
      const name = viewportSpecificData[index]?.SeriesDescription?.replace(
        /^FSE PD AXIAL OBL( - )?/,
        '',
      ).trim();
      const position = (stack?.imageIds.indexOf(shown?.image?.imageId ?? '') ?? -1) + 1;
      return { shows: `${name}:${position}`, view: { rotation, scale, translation, invert, hflip, voi } };
    });
  });

/** The viewer's own words that reach below the upper edge of a viewport's badge. */
const wordsUnderBadges = (page: Page) =>
  page.evaluate(() =>
    Array.from(document.querySelectorAll('[data-cy^="viewport-container-"]')).flatMap((viewport) => {
      const badge = getComputedStyle(viewport, '::after');
      if (!badge.content.startsWith('"')) return ['a viewport without a badge'];
      const top = viewport.getBoundingClientRect().top + viewport.clientTop + Number.parseFloat(badge.top);
      return Array.from(viewport.querySelectorAll('.overlay-element'))
        .filter((words) => words.getBoundingClientRect().bottom > top)
        .map(({ textContent }) => textContent);
    }),
  );

const shown = async (page: Page) => (await panes(page)).map(({ shows }) => shows);

/** The image in each viewport, from 1, once the viewer has taken note of it: it does 300 ms later. */
async function settled(page: Page): Promise<number[]> {
  await page.waitForTimeout(1000);
  return (await shown(page)).map((shows) => Number(shows.split(':').at(-1)));
}

async function scrollTo(page: Page, position: number): Promise<void> {
  await page.evaluate((index) => {
    const { cornerstone, cornerstoneTools } = window as unknown as ViewerWindow;
    cornerstoneTools.import('util/scrollToIndex')(cornerstone.getEnabledElements()[0]!.element, index);
  }, position - 1);
  expect(await settled(page)).toEqual([position]);
}

const active = (page: Page) =>
  page.evaluate(() => (window as unknown as ViewerWindow).store.getState().viewports.activeViewportIndex);

async function restore(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Restore it here' }).click();
  await waitForView(page, 'restore');
  await field(page, 'Passphrase').fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Restore', exact: true }).click();
  await waitForView(page, 'restored');
}

/** The study with a key area on the image that is displayed first. */
async function openAndDraw() {
  const watched = await openPage(running.browser, `${running.demo.origin}/viewer/${STUDY}`, {
    workFactor: 10,
  });
  const { page } = watched;
  await waitForImage(page, SERIES);
  await openPanel(page);
  await waitForView(page, 'draw');
  await drawKeyArea(page, { x: 100, y: 110 }, { x: 150, y: 150 });
  return watched;
}

test('a restored series is seen as the protected one is, beside it, and gives its viewport back', async () => {
  const { page, faults } = await openAndDraw();
  await page.getByRole('radio', { name: 'Range' }).check();
  await page.getByRole('spinbutton', { name: 'to' }).fill('4');
  await field(page, 'Passphrase').fill(PASSPHRASE);
  await field(page, 'Repeat it').fill(PASSPHRASE);
  await page.locator('[data-cy=kap-protect]').click();
  await waitForView(page, 'protected');
  await waitForImage(page, 'blob:');

  await page.evaluate(() => {
    const { cornerstone, cornerstoneTools } = window as unknown as ViewerWindow;
    const { element } = cornerstone.getEnabledElements()[0]!;
    cornerstoneTools.import('util/scrollToIndex')(element, 2);
    const view = cornerstone.getViewport(element);
    Object.assign(view, { rotation: 90, hflip: true, invert: true, scale: 2 * view.scale });
    Object.assign(view, {
      translation: { x: 10, y: -6 },
      voi: { windowWidth: 500, windowCenter: 300 },
    });
    cornerstone.setViewport(element, view);
  });
  await eventually(() => shown(page), ['key area hidden:3']);
  const turned = { rotation: 90, hflip: true, invert: true, translation: { x: 10, y: -6 } };
  const seen = { ...turned, voi: { windowWidth: 500, windowCenter: 300 }, scale: expect.any(Number) };

  await restore(page);
  await eventually(() => shown(page), ['key area hidden:3', '(restored):3']);
  await eventually(async () => {
    const [left, right] = (await panes(page)).map(({ view }) => JSON.stringify(view));
    return left === right;
  }, true);
  expect((await panes(page))[1]!.view).toEqual(seen);
  await screenshot(page, 'ohif2-9-beside');
  expect(await wordsUnderBadges(page)).toEqual([]);

  // Both scroll, and the viewport that the user scrolls stays the active one.
  await page.locator('[data-cy="viewport-container-1"] canvas').hover();
  await page.mouse.wheel(0, 100);
  await eventually(() => shown(page), ['key area hidden:4', '(restored):4']);
  expect(await active(page)).toBe(1);
  await waitForView(page, 'restored');

  await page.getByRole('button', { name: 'Remove it now' }).click();
  await waitForView(page, 'protected');
  await eventually(() => shown(page), ['key area hidden:4']);
  expect((await panes(page))[0]!.view).toEqual(seen);

  await page.locator('[data-cy="layout"]').click();
  await page.locator('.layoutChooser td').nth(4).click();
  await eventually(async () => (await shown(page)).filter((shows) => !shows.endsWith(':0')).length, 4);
  const before = await shown(page);
  await restore(page);
  await eventually(() => shown(page), [before[0], '(restored):4', ...before.slice(2)]);
  await eventually(async () => (await panes(page))[1]!.view.rotation, 90);
  await screenshot(page, 'ohif2-10-grid');
  await page.getByRole('button', { name: 'Remove it now' }).click();
  await waitForView(page, 'protected');
  await eventually(() => shown(page), before);
  expect(await active(page)).toBe(0);
  expect(faults).toEqual([]);
  await page.close();
});

test('of a multi-frame object the frame on display stays: protected, restored, and in the original', async () => {
  const { page, faults } = await openPage(
    running.browser,
    `${running.demo.origin}/viewer/999.999.2.19960619.163000`,
    { workFactor: 10 },
  );
  await waitForImage(page, '/frames/1');
  await openPanel(page);
  await waitForView(page, 'draw');
  await scrollTo(page, 5);
  await drawKeyArea(page, { x: 90, y: 90 }, { x: 140, y: 140 });
  await field(page, 'Passphrase').fill(PASSPHRASE);
  await field(page, 'Repeat it').fill(PASSPHRASE);
  await page.locator('[data-cy=kap-protect]').click();
  await waitForView(page, 'protected');
  await waitForImage(page, 'blob:');
  expect(await settled(page)).toEqual([5]);
  await scrollTo(page, 7);
  await restore(page);
  expect(await settled(page)).toEqual([7, 7]);
  await screenshot(page, 'ohif2-11-frames');
  await page.getByRole('button', { name: 'Show it' }).click();
  expect(await settled(page)).toEqual([7, 7]);
  expect(faults).toEqual([]);
  await page.close();
});

test('a study that is left and opened again lists its own series alone', async () => {
  const { page, faults } = await openAndDraw();
  await field(page, 'Passphrase').fill(PASSPHRASE);
  await field(page, 'Repeat it').fill(PASSPHRASE);
  await page.locator('[data-cy=kap-protect]').click();
  await waitForView(page, 'protected');
  await waitForImage(page, 'blob:');
  await restore(page);
  const listed = () => page.locator('.thumbnail-container .series-description').allTextContents();
  await eventually(async () => (await listed()).length, 3);

  await page.getByText('Study List', { exact: true }).click();
  await page.locator('tr', { hasText: PATIENT }).click();
  await waitForImage(page, SERIES);
  await eventually(listed, ['FSE PD AXIAL OBL']);
  await openPanel(page);
  await waitForView(page, 'draw');
  expect(faults).toEqual([]);
  await page.close();
});
