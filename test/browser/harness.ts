import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { readMultipart } from '../../demo/multipart.mjs';
import { isRoot } from '../../scripts/lib/browser.mjs';
import { artifactsFolder, projectFolder } from '../../scripts/lib/project.mjs';

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

/** A demo and a browser for the tests of a file: started before the first, ended after the last. */
export function demoAndBrowser(...options: string[]): { readonly demo: Demo; readonly browser: Browser } {
  let demo: Demo | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    demo = await startDemo(...options);
    browser = await launchBrowser();
  });
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
}

interface ViewportHandle {
  readonly viewportStatus: string;
  readonly canvas: HTMLCanvasElement;
  getCurrentImageId?(): string | undefined;
  getImageData(): { readonly imageData: { indexToWorld(point: number[]): number[] } };
  worldToCanvas(point: number[]): [number, number];
}

/**
 * Waits until a viewport shows an image whose id contains `part`, such as a SOP Instance UID; any image
 * if left out.
 */
export async function waitForImage(page: Page, part = ''): Promise<void> {
  await page.waitForFunction(
    (wanted) => {
      const { cornerstone } = window as unknown as ViewerWindow;
      const viewports = cornerstone?.getRenderingEngines()?.flatMap((engine) => engine.getViewports()) ?? [];
      return viewports.some(
        (viewport) =>
          viewport.viewportStatus === 'rendered' && viewport.getCurrentImageId?.()?.includes(wanted),
      );
    },
    part,
    { timeout: 60_000 },
  );
}

export interface Pixel {
  /** Column and row of the image, from 0. */
  readonly x: number;
  readonly y: number;
}

/** Where the centre of a pixel lies on the page, in the viewport whose image id contains `part`. */
export function pixelOnPage(page: Page, pixel: Pixel, part = ''): Promise<Pixel> {
  return page.evaluate(
    ({ x, y, wanted }) => {
      const { cornerstone } = window as unknown as ViewerWindow;
      const viewports = cornerstone?.getRenderingEngines()?.flatMap((engine) => engine.getViewports()) ?? [];
      const viewport = viewports.find((candidate) => candidate.getCurrentImageId?.()?.includes(wanted));
      if (!viewport) throw new Error(`No viewport shows ${wanted || 'an image'}`);
      const world = viewport.getImageData().imageData.indexToWorld([x, y, 0]);
      const [left, top] = viewport.worldToCanvas(world);
      const canvas = viewport.canvas.getBoundingClientRect();
      return { x: canvas.left + left, y: canvas.top + top };
    },
    { ...pixel, wanted: part },
  );
}

/** Draws with the mouse from one pixel of the displayed image to another. */
export async function drag(
  page: Page,
  from: { x: number; y: number },
  to: { x: number; y: number },
): Promise<void> {
  const start = await pixelOnPage(page, from);
  const end = await pixelOnPage(page, to);
  // A tool takes a moment to become active after its button was clicked.
  await page.waitForTimeout(300);
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 5 });
  await page.mouse.move(end.x, end.y, { steps: 5 });
  await page.mouse.up();
}

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
  await page.waitForSelector(`[data-kap-view="${view}"]`, { timeout: 60_000 });
}

/** A text field of the panel by its label. */
export const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });
