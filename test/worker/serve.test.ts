import { compressFile } from '../../src/dicom/compress';
import { readFile } from '../../src/dicom/dataset/reader';
import type { Answer, Channel, Request } from '../../src/worker/protocol';
import { serve } from '../../src/worker/serve';
import { buildImage } from '../dicom/builder';

/** A worker without client: what it is asked, and what it answers. */
function startWorker() {
  let ask: (event: MessageEvent<Request>) => void = () => {};
  const waiting = new Map<number, (answer: Answer) => void>();
  serve({
    addEventListener: (_: string, listener: typeof ask) => {
      ask = listener;
    },
    postMessage: (answer: Answer) => waiting.get(answer.request)?.(answer),
  } as unknown as Channel);
  return (request: Request) =>
    new Promise<Answer>((resolve) => {
      waiting.set(request.request, resolve);
      ask({ data: request } as MessageEvent<Request>);
    });
}

test('proposing key areas is given up while frames are unpacked', async () => {
  const frames = buildImage({ width: 64, height: 64, bitsStored: 12, frames: 400 });
  const { buffer } = await compressFile(readFile(frames), undefined);
  const request = startWorker();
  const opened = await request({ request: 1, command: 'open-file', file: buffer });
  if (opened.kind !== 'result') throw new Error(JSON.stringify(opened));
  const proposed = request({ request: 2, command: 'suggest', file: Number(opened.result), frame: 1 });
  void request({ request: 3, command: 'cancel', target: 2 });
  expect(await proposed).toMatchObject({ kind: 'error', code: 'cancelled' });
});

test('a file that is closed while it is planned is planned whole, and wiped then', async () => {
  const file = buildImage({ width: 256, height: 256, bitsStored: 12 });
  const buffer = new Uint8Array(file).buffer;
  const request = startWorker();
  const opened = await request({ request: 1, command: 'open-file', file: buffer });
  if (opened.kind !== 'result') throw new Error(JSON.stringify(opened));
  const number = Number(opened.result);
  const areas = [{ rectangle: { x: 90, y: 100, width: 80, height: 80 } }];
  const options = { report: '', areas, frame: 1, count: 1 };
  const planned = request({ request: 2, command: 'plan', file: number, options });
  await request({ request: 3, command: 'close-file', file: number });
  expect(new Uint8Array(buffer)).toEqual(new Uint8Array(file));
  expect(await planned).toMatchObject({ kind: 'result', result: { coveredAreas: [areas[0]!.rectangle] } });
  expect(new Uint8Array(buffer).some((byte) => byte !== 0)).toBe(false);
  const late = await request({ request: 4, command: 'plan', file: number, options });
  expect(late).toMatchObject({ kind: 'error', code: 'invalid-argument' });
});
