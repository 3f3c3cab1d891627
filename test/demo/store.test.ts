import {
  BRAIN,
  brainFile,
  type RunningServer,
  readParts,
  type StoreAnswer,
  startServer,
  storeFiles,
  withOtherPixel,
} from './support';

let server: RunningServer;
beforeEach(async () => {
  server = await startServer([], { maximumBodyBytes: 1_000_000 });
});
afterEach(() => server.close());

const DUPLICATE = 0x0111;
const NOT_UNDERSTOOD = 0xc000;
const failureReasons = (answer: StoreAnswer) =>
  answer['00081198']?.Value.map((item) => item['00081197']?.Value[0]);

test('what was stored is answered by reference and comes back byte for byte', async () => {
  const file = await brainFile(2);
  const { status, answer } = await storeFiles(server.root, [file]);
  const address = `${server.root}/studies/${BRAIN.study}/series/${BRAIN.series}/instances/${BRAIN.instance(2)}`;
  expect(status).toBe(200);
  expect(answer['00081199']?.Value).toEqual([
    {
      '00081150': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.4'] },
      '00081155': { vr: 'UI', Value: [BRAIN.instance(2)] },
      '00081190': { vr: 'UR', Value: [address] },
    },
  ]);
  const [part] = await readParts(await fetch(address));
  expect(Buffer.compare(part!.data, file)).toBe(0);
});

test('the same bytes again are stored already', async () => {
  const file = await brainFile(2);
  await storeFiles(server.root, [file]);
  expect((await storeFiles(server.root, [file])).status).toBe(200);
  expect(server.archive.find()).toHaveLength(1);
});

test('other bytes under a known SOP Instance UID are refused and the first ones stay', async () => {
  const file = await brainFile(2);
  await storeFiles(server.root, [file]);
  const { status, answer } = await storeFiles(server.root, [withOtherPixel(file)]);
  expect(status).toBe(409);
  expect(failureReasons(answer)).toEqual([DUPLICATE]);
  expect(answer['00081199']).toBeUndefined();
  const [part] = await readParts(await fetch(`${server.root}/studies/${BRAIN.study}`));
  expect(Buffer.compare(part!.data, file)).toBe(0);
});

test('two byte streams with one UID at the same time: one is stored, one refused', async () => {
  const file = await brainFile(2);
  const answers = await Promise.all([
    storeFiles(server.root, [file]),
    storeFiles(server.root, [withOtherPixel(file)]),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
});

test('each instance has its own outcome', async () => {
  const { status, answer } = await storeFiles(server.root, [await brainFile(2), Buffer.from('no image')]);
  expect(status).toBe(202);
  expect(answer['00081199']?.Value).toHaveLength(1);
  expect(failureReasons(answer)).toEqual([NOT_UNDERSTOOD]);
});

test('an instance of another study than the one addressed is refused', async () => {
  const { status } = await storeFiles(server.root, [await brainFile(2)], '/studies/1.2.3');
  expect(status).toBe(409);
  expect(server.archive.find()).toHaveLength(0);
});

test.each([
  ['is no multipart', 'application/dicom', 415],
  ['is broken multipart', 'multipart/related; boundary=x', 400],
])('a body that %s is refused', async (_, contentType, status) => {
  const response = await fetch(`${server.root}/studies`, {
    method: 'POST',
    headers: { 'Content-Type': contentType },
    body: 'body',
  });
  expect(response.status).toBe(status);
});

test('a body beyond the limit is refused', async () => {
  const response = await fetch(`${server.root}/studies`, {
    method: 'POST',
    headers: { 'Content-Type': 'multipart/related; boundary=x' },
    body: Buffer.alloc(1_000_001),
  }).catch(() => undefined);
  // The server may close the connection before it has taken the whole body.
  expect([413, undefined]).toContain(response?.status);
  expect(server.archive.find()).toHaveLength(0);
});
