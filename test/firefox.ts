import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Browser, launch } from 'puppeteer-core';

/**
 * Firefox as users have it, driven by the protocol that it speaks of itself, WebDriver BiDi. Without a screen it has
 * no WebGL, which the viewer draws with: on Linux it gets a screen in memory.
 */
const onPath = (names: readonly string[]): string | undefined =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(existsSync);

const MAC_APPLICATION = '/Applications/Firefox.app/Contents/MacOS/firefox';
const PROGRAM = onPath(['firefox', 'firefox-esr']) ?? [MAC_APPLICATION].find(existsSync);
const SCREEN = onPath(['Xvfb']);
const needsScreen = process.platform === 'linux';

const VIEWPORT = { width: 1600, height: 1000 };

function hasFirefox(): boolean {
  const found = PROGRAM !== undefined && (SCREEN !== undefined || !needsScreen);
  if (!found && process.env.KEY_AREA_REQUIRE_READERS) {
    throw new Error('Firefox and Xvfb are required here and not installed');
  }
  return found;
}

/** `describe` where Firefox is there, else `describe.skip`; a failure where readers are required. */
export const describeWithFirefox: jest.Describe = hasFirefox() ? describe : describe.skip;

export interface Firefox {
  readonly browser: Browser;
  /** The next file that the browser has downloaded since the last call. */
  download(): Promise<Buffer>;
  stop(): Promise<void>;
}

/** A screen in memory, larger than the page; its name is what the server writes to the descriptor. */
async function startScreen(): Promise<{ display: string; child: ChildProcess }> {
  const size = `${VIEWPORT.width + 200}x${VIEWPORT.height + 200}x24`;
  const child = spawn(SCREEN!, ['-displayfd', '3', '-screen', '0', size, '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [written] = (await once(child.stdio[3]!, 'data')) as [Buffer];
  return { display: `:${written.toString().trim()}`, child };
}

export async function startFirefox(): Promise<Firefox> {
  const folder = await mkdtemp(join(tmpdir(), 'firefox-'));
  const screen = needsScreen ? await startScreen() : undefined;
  const browser = await launch({
    browser: 'firefox',
    executablePath: PROGRAM!,
    headless: screen === undefined,
    defaultViewport: VIEWPORT,
    env: screen ? { ...process.env, DISPLAY: screen.display, LIBGL_ALWAYS_SOFTWARE: '1' } : process.env,
    extraPrefsFirefox: {
      'browser.download.dir': folder,
      'browser.download.folderList': 2,
      'browser.download.always_ask_before_handling_new_types': false,
      'webgl.force-enabled': true,
    },
  });
  const taken = new Set<string>();
  return {
    browser,
    async download() {
      for (;;) {
        const names = await readdir(folder);
        const name = names.find((other) => !taken.has(other) && !other.endsWith('.part'));
        // What is still written has a second file beside it, and may be empty.
        const bytes =
          name === undefined || names.includes(`${name}.part`)
            ? undefined
            : await readFile(join(folder, name));
        if (name !== undefined && bytes?.length) {
          taken.add(name);
          return bytes;
        }
        await wait(100);
      }
    },
    async stop() {
      await browser.close();
      screen?.child.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
