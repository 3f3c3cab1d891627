import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { ensureBuilt } from '../../scripts/lib/build.mjs';
import { distFolder, projectFolder } from '../../scripts/lib/project.mjs';
import { launchBrowser } from './harness';

/**
 * The bundle for the way that OHIF 3.14 announces for its plugins, on a page that provides the globals
 * that the viewer is to provide: no released viewer loads it yet.
 */

const ORIGIN = 'http://127.0.0.1:9';
const folder = join(distFolder, 'ohif-umd');
const reactFolder = (name: string) =>
  join(projectFolder, 'node_modules', name, 'umd', `${name}.production.min.js`);

/** The viewer's own React under the names of the packages, as the announcement says. */
const PAGE = `<!doctype html><title>Viewer</title><script src="/react.js"></script><script src="/react-dom.js"></script>
<script>window['react'] = React; window['react-dom'] = ReactDOM;</script><body style="background:#090c29"><div id="panel"></div>`;

const TYPES: Record<string, string> = {
  js: 'text/javascript',
  wasm: 'application/wasm',
  json: 'application/json',
};

let browser: Browser;
let page: Page;
const faults: string[] = [];
beforeAll(async () => {
  await ensureBuilt();
  browser = await launchBrowser();
  page = await browser.newPage();
  page.on('pageerror', (error) => faults.push(error.message));
  await page.route(`${ORIGIN}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/') return route.fulfill({ body: PAGE, contentType: 'text/html' });
    const name = pathname.split('/').at(-1)!;
    const path = /^react/.test(name) ? reactFolder(name.replace('.js', '')) : join(folder, name);
    const contentType = TYPES[name.split('.').at(-1)!] ?? 'text/plain';
    return route.fulfill({ body: readFileSync(path), contentType });
  });
  await page.goto(`${ORIGIN}/`);
});
afterAll(() => browser?.close());

interface Descriptor {
  readonly packageName: string;
  readonly importPath: string;
  readonly globalName: string;
  readonly integrity: string;
}

const descriptor = (): Descriptor => JSON.parse(readFileSync(join(folder, 'extension.json'), 'utf8'));

test('loads as its descriptor says, its digest checked by the browser, and defines the extension', async () => {
  const found = await page.evaluate(async ({ importPath, integrity, globalName }: Descriptor) => {
    const script = document.createElement('script');
    Object.assign(script, { src: importPath, integrity, crossOrigin: 'anonymous' });
    await new Promise((resolve, reject) => {
      script.onload = resolve;
      script.onerror = () => reject(new Error('The script was not accepted'));
      document.head.append(script);
    });
    const extension = (window as unknown as Record<string, Record<string, unknown>>)[globalName]!;
    return { id: extension.id, members: Object.keys(extension) };
  }, descriptor());
  expect(found.id).toBe(descriptor().packageName);
  expect(found.members).toEqual(
    expect.arrayContaining(['preRegistration', 'getCommandsModule', 'getPanelModule', 'getToolbarModule']),
  );
});

test('its panel is a component of the viewer’s own React, and mounts there', async () => {
  const shared = await page.evaluate(({ globalName }: Descriptor) => {
    const globals = window as unknown as Record<string, never>;
    const extension = globals[globalName] as { getPanelModule(): { component: typeof Component }[] };
    class Component {}
    const [{ component }] = extension.getPanelModule() as [{ component: typeof Component }];
    const react = globals.react as { Component: typeof Component; createElement(type: unknown): unknown };
    const dom = globals['react-dom'] as {
      createRoot(element: Element): { render(what: unknown): void };
    };
    dom.createRoot(document.getElementById('panel')!).render(react.createElement(component));
    return component.prototype instanceof react.Component;
  }, descriptor());
  expect(shared).toBe(true);
  await page.waitForSelector('#panel .kap-root', { state: 'attached' });
  expect(faults).toEqual([]);
});

test('its worker starts as a script beside it, and reads files', async () => {
  const answer = await page.evaluate(
    async (address) => {
      const worker = new Worker(address);
      const answered = new Promise<unknown>((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = () => reject(new Error('The worker does not start'));
      });
      worker.postMessage({ request: 1, command: 'inspect', file: new ArrayBuffer(200) });
      return answered;
    },
    descriptor().importPath.replace('.js', '.worker.js'),
  );
  expect(answer).toMatchObject({ request: 1, kind: 'error', code: 'not-dicom' });
});
