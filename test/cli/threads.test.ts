import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Task } from '../../src/cli/work/task';
import { localExecutor, poolOf, serve, type Thread } from '../../src/cli/work/threads';
import { KeyAreaError } from '../../src/engine/index';
import { buildImage } from '../dicom/builder';
import { expectSameBytes } from '../dicom/support';

/** Threads that live in this one: the messages cross a real channel, structured clone and all. */
let ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports) port.close();
  ports = [];
});

function startThread(): Thread {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  serve(port2);
  return Object.assign(port1, {
    terminate: async () => {
      port1.close();
      return 0;
    },
  }) as unknown as Thread;
}

const openJob: Task<'open-job'> = {
  task: 'open-job',
  options: { passphrase: 'right words', report: 'None.', workFactor: 10 },
};
const areas = [{ rectangle: { x: 20, y: 20, width: 60, height: 60 } }];

test('one thread derives the key; all of them use it, and hand the files over', async () => {
  const pool = poolOf(2, startThread);
  const job = await pool.perform(openJob);
  const files = [1, 2, 3, 4].map((seed) => buildImage({ seed, bitsStored: 12 }));
  const sent = await Promise.all(
    files.map((original, index) => {
      const file = original.slice();
      const result = pool.perform({ task: 'protect', file, job, options: { areas, index, count: 4 } });
      return result.then((made) => ({ made, handedOver: file.byteLength }));
    }),
  );
  expect(ports).toHaveLength(4);
  expect(sent.map(({ handedOver }) => handedOver)).toEqual([0, 0, 0, 0]);
  expect(new Set(sent.map(({ made }) => made.seriesInstanceUID)).size).toBe(1);

  const keys = { series: '0', secret: { passphrase: 'right words' }, opened: [] };
  const [first, ...others] = sent.map(({ made }) => made.file);
  const altered = first!.slice();
  altered[altered.length - 2] ^= 1;
  const { opened, file } = await pool.perform({ task: 'restore', file: first!, keys, options: {} });
  expectSameBytes(file, files[0]!);
  // What the first one opened opens the others; the secret alone would not.
  const handedOn = { series: '1', secret: { passphrase: 'other words' }, opened };
  for (const [index, other] of others.entries()) {
    const restored = await pool.perform({ task: 'restore', file: other, keys: handedOn, options: {} });
    expectSameBytes(restored.file, files[index + 1]!);
  }
  const refused = pool.perform({ task: 'restore', file: altered, keys: handedOn, options: {} });
  await expect(refused).rejects.toMatchObject({ code: 'altered', acceptable: true });
  await pool.dispose();
});

test('a failure keeps its code, and the thread goes on', async () => {
  const pool = poolOf(1, startThread);
  const file = () => Buffer.from('no DICOM');
  await expect(pool.perform({ task: 'inspect', file: file() })).rejects.toMatchObject({ code: 'not-dicom' });
  await expect(pool.perform({ task: 'inspect', file: buildImage() })).rejects.toBeInstanceOf(KeyAreaError);
  await pool.dispose();
});

test('progress is told in frames', async () => {
  const pool = poolOf(1, startThread);
  const job = await pool.perform(openJob);
  const seen: number[][] = [];
  const file = buildImage({ frames: 3, bitsStored: 12 });
  await pool.perform({ task: 'protect', file, job, options: { areas } }, (...done) => seen.push(done));
  expect(seen).toEqual([
    [1, 3],
    [2, 3],
    [3, 3],
  ]);
  await pool.dispose();
});

test('disposing of the pool cancels what waits and what runs', async () => {
  const pool = poolOf(1, startThread);
  const running = [buildImage(), buildImage()].map((file) => pool.perform({ task: 'inspect', file }));
  await Promise.all([
    ...running.map((work) => expect(work).rejects.toMatchObject({ code: 'cancelled' })),
    pool.dispose(),
  ]);
  await expect(pool.perform({ task: 'inspect', file: buildImage() })).rejects.toMatchObject({
    code: 'cancelled',
  });
});

test('a thread that breaks fails its work alone; another one takes its place', async () => {
  let started = 0;
  const broken = (): Thread => {
    const thread = Object.assign(new EventEmitter(), {
      postMessage: () => void setImmediate(() => thread.emit('error', new Error('out of memory'))),
      terminate: async () => 1,
    });
    return thread as unknown as Thread;
  };
  const pool = poolOf(1, () => (started++ === 0 ? broken() : startThread()));
  const [first, second] = [buildImage(), Buffer.from('no DICOM')].map((file) =>
    pool.perform({ task: 'inspect', file }),
  );
  await expect(first).rejects.toThrow('A thread stopped working: out of memory');
  await expect(second).rejects.toMatchObject({ code: 'not-dicom' });
  await pool.dispose();
});

test('a thread that breaks while it has nothing to do gets no work any more', async () => {
  const broken = Object.assign(new EventEmitter(), {
    postMessage: ({ request }: { request: number }) =>
      void setImmediate(() =>
        broken.emit('message', { request, kind: 'error', code: 'damaged', message: 'x' }),
      ),
    terminate: async () => 1,
  });
  let started = 0;
  const pool = poolOf(1, () => (started++ === 0 ? (broken as unknown as Thread) : startThread()));
  await expect(pool.perform({ task: 'inspect', file: buildImage() })).rejects.toMatchObject({
    code: 'damaged',
  });
  broken.emit('error', new Error('out of memory'));
  await expect(pool.perform({ task: 'inspect', file: Buffer.from('no DICOM') })).rejects.toMatchObject({
    code: 'not-dicom',
  });
  await pool.dispose();
});

describe('in this thread, once it is disposed of', () => {
  test('no job is opened any more, nor one that was under way handed out', async () => {
    const executor = localExecutor();
    const opening = executor.perform(openJob);
    await executor.dispose();
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
    await expect(executor.perform(openJob)).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('nothing is proposed', async () => {
    const executor = localExecutor();
    const proposing = executor.perform({ task: 'suggest', file: buildImage(), frame: 1 });
    await executor.dispose();
    await expect(proposing).rejects.toMatchObject({ code: 'cancelled' });
  });
});
