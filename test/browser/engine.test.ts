import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from '../../scripts/lib/build.mjs';
import { distFolder } from '../../scripts/lib/project.mjs';
import { engineExample } from '../engineExample';
import { launchBrowser, PATIENCE } from './harness';

/** The engine's own module on a page that has nothing else: neither a viewer nor a bundler. */

const ORIGIN = 'https://engine.test';
const MODULE = 'ohif-extension-key-area-protection/engine';
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";

test('the example of README runs in a browser under a strict policy, and fetches nothing else', async () => {
  await ensureBuilt();
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    const { code, prints } = engineExample();
    const scripts: Record<string, string> = {
      '/engine.js': readFileSync(join(distFolder, 'engine', 'engine.js'), 'utf8'),
      '/example.js': code.replace(MODULE, './engine.js'),
    };
    const fetched: string[] = [];
    await page.route(`${ORIGIN}/**`, (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/') {
        const body = '<!doctype html><title>Engine</title><script type="module" src="/example.js"></script>';
        const headers = { 'Content-Security-Policy': POLICY };
        return route.fulfill({ body, headers, contentType: 'text/html' });
      }
      fetched.push(pathname);
      return route.fulfill({ body: scripts[pathname] ?? '', contentType: 'text/javascript' });
    });
    const printed = page.waitForEvent('console');
    await page.goto(`${ORIGIN}/`);
    expect((await printed).text()).toBe(prints);
    expect(fetched.filter((path) => path !== '/favicon.ico').sort()).toEqual(['/engine.js', '/example.js']);
  } finally {
    await browser.close();
  }
});
