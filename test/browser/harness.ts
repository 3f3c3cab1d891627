import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { readMultipart } from '../../demo/multipart.mjs';
import { isRoot } from '../../scripts/lib/browser.mjs';
import { artifactsFolder, projectFolder } from '../../scripts/lib/project.mjs';
import { KEY_AREA_TOOL } from '../../src/ohif/keyAreaTool';

/** The MR study that the demo opens with, and its series of 20 images. */
export const STUDY = '0.0.0.0.2.8811.20010413115754.12432';
export const SERIES = '0.0.0.0.3.8811.2.20010413115754.12432';

/** Software rendering, which works on any machine, and nothing that reaches for the network. */
const BROWSER_ARGUMENTS = [
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What a page is waited for at most, in milliseconds: a machine may be slow, or busy with other things. */
export const PATIENCE = 90_000;

/** What a demo takes at most until it runs, in milliseconds: it may have to build, and to fetch a viewer. */
const STARTING = 600_000;

/** A demo that was started as a user starts it. */
export interface Demo {
  /** The viewer's page as `npm start` prints it. */
  readonly address: string;
  readonly origin: string;
  /** All that it printed so far. */
  output(): string;
  stop(): Promise<void>;
}

/** Runs `npm start -- ...options` on a free port and waits for its address. */
export async function startDemo(...options: string[]): Promise<Demo> {
  const child = spawn(process.execPath, ['scripts/start.mjs', '--port', '0', ...options], {
    cwd: projectFolder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const address = await new Promise<string>((resolve, reject) => {
    child.on('exit', (code) => reject(new Error(`npm start ended with exit code ${code}:\n${output}`)));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const printed = /^(http:\S+)\r?\n/m.exec(output)?.[1];
        if (printed !== undefined) resolve(printed);
      });
    }
  });
  return { address, origin: new URL(address).origin, output: () => output, stop: () => stop(child) };
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.removeAllListeners('exit').on('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

/** The browser that the test script found. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.KEY_AREA_BROWSER;
  if (executablePath === undefined)
    throw new Error('Run the browser tests through npm test, or set KEY_AREA_BROWSER.');
  return chromium.launch({ executablePath, args: BROWSER_ARGUMENTS, chromiumSandbox: !isRoot });
}

interface Running {
  readonly demo: Demo;
  readonly browser: Browser;
}

/** A demo and a browser for the tests of a file: started before the first, ended after the last. */
export function demoAndBrowser(...options: string[]): Running {
  return runWith(() => startDemo(...options));
}

/** The same, with a demo that shows the files that `fill` writes to a folder. */
export function demoOfFolder(fill: (folder: string) => Promise<void>, ...options: string[]): Running {
  let folder: string | undefined;
  const running = runWith(async () => {
    folder = await mkdtemp(join(tmpdir(), 'key-area-demo-'));
    await fill(folder);
    return startDemo('--data', folder, ...options);
  });
  afterAll(() => folder && rm(folder, { recursive: true, force: true }));
  return running;
}

function runWith(start: () => Promise<Demo>): Running {
  let demo: Demo | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    demo = await start();
    browser = await launchBrowser();
  }, STARTING);
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });
  return {
    get demo() {
      return demo!;
    },
    get browser() {
      return browser!;
    },
  };
}

/** A page, and what went wrong in it: errors, breaches of the content security policy, failed requests. */
export interface WatchedPage {
  readonly page: Page;
  readonly faults: string[];
}

/**
 * Opens an address of the demo. `settings` go where a site puts its own: under `keyAreaProtection` of
 * app-config.js; a low `workFactor` keeps a test fast.
 */
export async function openPage(
  browser: Browser,
  address: string,
  settings: object = {},
): Promise<WatchedPage> {
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 }, acceptDownloads: true });
  page.setDefaultTimeout(PATIENCE);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) faults.push(message.text());
  });
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`);
  });
  await page.route('**/app-config.js', async (route) => {
    const response = await route.fetch();
    const more = `window.config.keyAreaProtection = ${JSON.stringify(settings)};\n`;
    await route.fulfill({ response, body: (await response.text()) + more });
  });
  await page.goto(address);
  return { page, faults };
}

/** What the tests use of the globals that OHIF v3 sets. */
interface ViewerWindow {
  readonly cornerstone?: { getRenderingEngines(): { getViewports(): ViewportHandle[] }[] | undefined };
  readonly services?: {
    readonly displaySetService: {
      getActiveDisplaySets(): { displaySetInstanceUID: string; SeriesInstanceUID: string }[];
    };
    readonly viewportGridService: { getActiveViewportId(): string | null };
    readonly toolGroupService: {
      getToolGroupForViewport(id: string | null): { getActivePrimaryMouseButtonTool(): string } | undefined;
    };
  };
}

interface ViewportHandle {
  readonly viewportStatus: string;
  readonly canvas: HTMLCanvasElement;
  getCurrentImageId?(): string | undefined;
  getImageData(): { readonly imageData: { indexToWorld(point: number[]): number[] } } | undefined;
  worldToCanvas(point: number[]): [number, number];
  getCamera(): { readonly viewUp: number[]; readonly viewPlaneNormal: number[] };
}

/**
 * Waits until a viewport shows an image whose id contains `part`, such as a SOP Instance UID; any image
 * if left out.
 */
export async function waitForImage(page: Page, part = ''): Promise<void> {
  await page.waitForFunction((wanted) => {
    const { cornerstone } = window as unknown as ViewerWindow;
    const viewports = cornerstone?.getRenderingEngines()?.flatMap((engine) => engine.getViewports()) ?? [];
    return viewports.some(
      (viewport) =>
        viewport.viewportStatus === 'rendered' && viewport.getCurrentImageId?.()?.includes(wanted),
    );
  }, part);
}

export interface Pixel {
  /** Column and row of the image, from 0. */
  readonly x: number;
  readonly y: number;
}

/**
 * Where the centre of a pixel lies on the page, in the viewport whose image id contains `part`. A viewport has
 * no image for a moment while the viewer sets it up anew.
 */
export async function pixelOnPage(page: Page, pixel: Pixel, part = ''): Promise<Pixel> {
  const place = await page.waitForFunction(
    ({ x, y, wanted }) => {
      const { cornerstone } = window as unknown as ViewerWindow;
      const viewports = cornerstone?.getRenderingEngines()?.flatMap((engine) => engine.getViewports()) ?? [];
      const viewport = viewports.find((candidate) => candidate.getCurrentImageId?.()?.includes(wanted));
      const imageData = viewport?.getImageData()?.imageData;
      if (!viewport || !imageData) return undefined;
      const world = imageData.indexToWorld([x, y, 0]);
      const [left, top] = viewport.worldToCanvas(world);
      const canvas = viewport.canvas.getBoundingClientRect();
      return { x: canvas.left + left, y: canvas.top + top };
    },
    { ...pixel, wanted: part },
  );
  return (await place.jsonValue())!;
}

/** Where something lies on the page, once the picture rests: a panel that opens moves it. */
export async function resting<T>(page: Page, read: () => Promise<T>): Promise<T> {
  for (let last = ''; ; await page.waitForTimeout(300)) {
    // The viewer draws anew some time after the element has another size.
    await page.waitForFunction(() =>
      Array.from(document.querySelectorAll<HTMLCanvasElement>('.cornerstone-canvas')).every(
        ({ width, clientWidth, parentElement }) =>
          Math.abs(width - clientWidth * devicePixelRatio) <= 1 &&
          Math.abs(clientWidth - parentElement!.clientWidth) <= 1,
      ),
    );
    const place = await read();
    if (JSON.stringify(place) === last) return place;
    last = JSON.stringify(place);
  }
}

/** Where pixels lie on the page, in the viewer's own words. */
type PlaceOf = (page: Page, pixel: Pixel) => Promise<Pixel>;

/** Drags with the mouse from one pixel to another, once the picture rests. */
export async function dragBetween(page: Page, from: Pixel, to: Pixel, placeOf: PlaceOf): Promise<void> {
  const [start, end] = await resting(page, () =>
    Promise.all([from, to].map((pixel) => placeOf(page, pixel))),
  );
  await dragOnPage(page, start!, end!);
}

/** Drags with the mouse from one point of the page to another. */
export async function dragOnPage(
  page: Page,
  from: Pixel,
  to: Pixel,
  button: 'left' | 'middle' = 'left',
): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down({ button });
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 5 });
  await page.mouse.move(to.x, to.y, { steps: 5 });
  await page.mouse.up({ button });
}

/** Runs in the page: true where the left mouse button has a tool in the active viewport. */
function isTool(tool: string): boolean {
  const { services } = window as unknown as ViewerWindow;
  const id = services?.viewportGridService.getActiveViewportId() ?? null;
  return services?.toolGroupService.getToolGroupForViewport(id)?.getActivePrimaryMouseButtonTool() === tool;
}

/** True where the left mouse button has a tool in the active viewport. */
export const hasTool = (page: Page, tool: string): Promise<boolean> => page.evaluate(isTool, tool);

/** Draws with the mouse, which has the key area tool or another one, from one pixel of the displayed image to another. */
export async function drag(page: Page, from: Pixel, to: Pixel, tool = KEY_AREA_TOOL): Promise<void> {
  // It takes a moment after its button was clicked.
  await page.waitForFunction(isTool, tool);
  await dragBetween(page, from, to, pixelOnPage);
}

/** Asks until the answer is the one expected; where patience ends, the difference is told. */
export async function eventually<T>(ask: () => Promise<T>, expected: T): Promise<void> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const answer = await ask();
    if (isDeepStrictEqual(answer, expected) || Date.now() > end) {
      expect(answer).toEqual(expected);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Presses a hotkey until it did what it is for: the viewer takes a moment to listen to it. */
export async function pressUntil(page: Page, key: string, done: () => Promise<boolean>): Promise<void> {
  for (let pressed = 0; pressed < 100; pressed++) {
    await page.keyboard.press(key);
    if (await done()) return;
    await page.waitForTimeout(300);
  }
  throw new Error(`The key ${key} does nothing`);
}

/** Turns or flips the first picture with a hotkey. */
export async function turn(page: Page, key: string): Promise<void> {
  const facing = () =>
    page.evaluate(() => {
      const { cornerstone } = window as unknown as ViewerWindow;
      const [viewport] = cornerstone?.getRenderingEngines()?.flatMap((engine) => engine.getViewports()) ?? [];
      const { viewUp, viewPlaneNormal } = viewport!.getCamera();
      return JSON.stringify([viewUp, viewPlaneNormal]);
    });
  const before = await facing();
  await pressUntil(page, key, async () => (await facing()) !== before);
}

/** The thumbnail of a series, by its Series Instance UID. */
export async function thumbnailOf(page: Page, seriesUID: string): Promise<Locator> {
  const id = await page.waitForFunction((uid) => {
    const { services } = window as unknown as ViewerWindow;
    const displaySets = services?.displaySetService.getActiveDisplaySets() ?? [];
    return displaySets.find(({ SeriesInstanceUID }) => SeriesInstanceUID === uid)?.displaySetInstanceUID;
  }, seriesUID);
  return page.locator(`[id="thumbnail-${await id.jsonValue()}"]`);
}

/** How many series the study browser lists. */
export const thumbnails = (page: Page): Promise<number> =>
  page.locator('[data-cy="study-browser-thumbnail"]').count();

/** Leaves a picture of the page in `artifacts/`. */
export async function screenshot(page: Page, name: string): Promise<void> {
  await mkdir(artifactsFolder, { recursive: true });
  await page.screenshot({ path: join(artifactsFolder, `${name}.png`) });
}

/** The bytes of the file that `action` makes the page download. */
export async function download(page: Page, action: () => Promise<void>): Promise<Buffer> {
  const [file] = await Promise.all([page.waitForEvent('download'), action()]);
  return readFile(await file.path());
}

/**
 * Holds back the files that the page reads after the first `count`, so that what works on them waits half-way.
 * Returns what lets them through.
 */
export async function holdFiles(page: Page, count: number): Promise<() => Promise<void>> {
  let letThrough = () => {};
  const opened = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  const files = /\/dicomweb\/studies\/[^/]+\/series\/[^/]+\/instances\/[^/]+$/;
  let asked = 0;
  await page.route(files, async (route) => {
    if (++asked > count) await opened;
    // What was cancelled meanwhile needs no answer.
    await route.continue().catch(() => {});
  });
  return async () => {
    letThrough();
    await page.unroute(files);
  };
}

/** An instance as the demo's DICOMweb service hands it out. */
export async function retrieveInstance(
  demo: Demo,
  study: string,
  series: string,
  instance: string,
): Promise<Buffer> {
  const path = `/dicomweb/studies/${study}/series/${series}/instances/${instance}`;
  const response = await fetch(demo.origin + path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  const body = Buffer.from(await response.arrayBuffer());
  const [part] = readMultipart(body, response.headers.get('content-type') ?? '');
  return Buffer.from(part!.data);
}

/** Waits until the panel shows a view, named as `viewOf` names it. */
export async function waitForView(page: Page, view: string): Promise<void> {
  await page.locator(`[data-kap-view="${view}"]`).waitFor();
}

/** A text field of the panel by its label. */
export const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });
