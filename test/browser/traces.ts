import type { Browser, Page } from 'playwright-core';
import { field, openPage, type WatchedPage } from './harness';
import { type Memory, type Sought, searchMemory } from './memory';

/** Where a page with a viewer could leave what it was told: what it says, shows, keeps, and holds in memory. */

/** A page that is listened to from its start. */
export interface Overheard extends WatchedPage {
  /** All that the page said to its console and sent anywhere. */
  readonly said: string[];
}

/** Opens a viewer with the cheapest key derivation, and listens. */
export async function overhear(browser: Browser, address: string): Promise<Overheard> {
  const watched = await openPage(browser, address, { workFactor: 10 });
  const { page } = watched;
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error.stack)));
  page.on('request', (request) => {
    said.push(request.url(), JSON.stringify(request.headers()));
    said.push(request.postDataBuffer()?.toString('latin1') ?? '');
  });
  await page.evaluate(() => {
    const { createObjectURL } = URL;
    const addresses: string[] = [];
    Object.assign(window, { addresses });
    URL.createObjectURL = (object) => {
      const address = createObjectURL(object);
      // But for the mouse cursors, which the viewer draws.
      if (object instanceof Blob && object.type !== 'image/svg+xml') addresses.push(address);
      return address;
    };
  });
  return { ...watched, said };
}

/** Types by keyboard, as a user does: what tests fill in otherwise stays in memory. */
export async function typeInto(page: Page, label: string, text: string): Promise<void> {
  await field(page, label).focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}

/** Globals through which a viewer's services, images, metadata and settings are reached. */
const ROOTS = [
  'services',
  'config',
  'extensionManager',
  'commandsManager',
  'cornerstone',
  'cornerstoneTools',
  'cornerstoneWADOImageLoader',
];

/**
 * What the page shows, keeps and lets others read: markup without what text areas show, address, title,
 * history, every kind of storage, and all text in the viewer's services, images, metadata and settings.
 */
async function tracesOf(page: Page): Promise<string> {
  const stored = await page.context().storageState({ indexedDB: true });
  const inPage = await page.evaluate(async (roots) => {
    const markup = document.documentElement.cloneNode(true) as HTMLElement;
    for (const text of markup.querySelectorAll('textarea')) text.textContent = '';
    const cached = await Promise.all(
      (await caches.keys()).map(async (name) => (await caches.open(name)).keys()),
    );
    const texts = new Set<string>();
    const seen = new Set<unknown>();
    const globals = window as unknown as Record<string, unknown>;
    const { store } = globals as { store?: { getState(): unknown } };
    const waiting = [store?.getState(), ...roots.map((name) => globals[name])];
    for (const value of waiting) {
      if (typeof value === 'string') texts.add(value);
      if (typeof value !== 'object' || value === null || seen.has(value)) continue;
      if (value instanceof Node || value === window || ArrayBuffer.isView(value)) continue;
      seen.add(value);
      if (value instanceof Map) waiting.push(...value.keys());
      if (value instanceof Map || value instanceof Set) waiting.push(...value.values());
      for (const { value: part } of Object.values(Object.getOwnPropertyDescriptors(value)))
        waiting.push(part);
    }
    const { href } = location;
    const { title, cookie } = document;
    const kept = [href, title, cookie, JSON.stringify(history.state), JSON.stringify({ ...sessionStorage })];
    const requests = cached.flat().map(({ url }) => url);
    return [markup.outerHTML, ...kept, ...requests, ...texts].join('\n');
  }, ROOTS);
  return JSON.stringify(stored) + inPage;
}

/** Nothing of what is sought is in what the page said, nor in what it shows and keeps; `sure` is what it does keep. */
export async function expectNoTraces(
  { page, said }: Overheard,
  { texts }: Sought,
  sure: readonly string[],
): Promise<void> {
  const traces = await tracesOf(page);
  for (const text of sure) expect(traces).toContain(text);
  for (const text of [traces, ...said])
    expect(Object.keys(texts).filter((name) => text.includes(texts[name]!))).toEqual([]);
}

/** Addresses of blobs that can be read. */
export const readable = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const { addresses } = window as unknown as { addresses: string[] };
    const read = (address: string) =>
      fetch(address)
        .then(() => [address])
        .catch(() => []);
    return (await Promise.all(addresses.map(read))).flat();
  });

/**
 * A thumbnail's element, which was removed from the page, as the viewer's lists are. Browsers keep some that
 * ARIA attributes referred to.
 */
const isRemovedElement = ({ name, holder }: Memory['found'][number]): boolean =>
  name === 'thumbnail' && holder.endsWith(' > native');

/** Array buffers that cannot be looked into and are large enough for an image of `bytes`; tables have entries of 32 bits. */
const imagesIn = ({ closed }: Memory, bytes: number) =>
  closed.filter(({ size, holder }) => size >= bytes && !holder.includes('Uint32Array.buffer'));

/** No worker and no address, no trace, and nothing in memory, images of `bytes` included. */
export async function expectNothingLeft(
  overheard: Overheard,
  sought: Sought,
  sure: readonly string[],
  bytes: number,
): Promise<void> {
  const { page } = overheard;
  expect(await readable(page)).toEqual([]);
  expect(page.workers().filter((worker) => /key-area-protection|ohif2/.test(worker.url()))).toEqual([]);
  expect(await page.locator('iframe').count()).toBe(0);
  await expectNoTraces(overheard, sought, sure);
  const memory = await searchMemory(page, sought);
  expect(memory.found.filter((found) => !isRemovedElement(found))).toEqual([]);
  expect(imagesIn(memory, bytes)).toEqual([]);
}
