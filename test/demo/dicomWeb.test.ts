import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { retrieveUrl } from '../../demo/archive.mjs';
import { BRAIN, brainFile, daikonFolder, type RunningServer, readParts, startServer } from './support';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer([join(daikonFolder, 'volume'), daikonFolder]);
});
afterAll(() => server.close());

type Attributes = Record<string, { vr: string; Value: unknown[] }>;
const json = async (path: string): Promise<Attributes[]> => (await fetch(server.root + path)).json();
const instancePath = (number: number) =>
  `/studies/${BRAIN.study}/series/${BRAIN.series}/instances/${BRAIN.instance(number)}`;

describe('search (QIDO-RS)', () => {
  test('lists every study with its counts', async () => {
    const studies = await json('/studies');
    expect(studies).toHaveLength(9);
    const brain = studies.find((study) => study['0020000D']?.Value[0] === BRAIN.study);
    expect(brain?.['00201208']?.Value).toEqual([20]);
    expect(brain?.['00080061']?.Value).toEqual(['MR']);
    expect(brain?.['00081190']?.Value).toEqual([`${server.root}/studies/${BRAIN.study}`]);
  });

  test.each([
    ['a UID', `StudyInstanceUID=${BRAIN.study}`, 1],
    ['a list of UIDs', `0020000D=${BRAIN.study},999.999.2.19960619.163000`, 2],
    ['a wildcard in a name', 'PatientName=*MR2', 1],
    ['a wildcard that is a special character elsewhere', 'PatientName=(*', 0],
    ['a range of dates', 'StudyDate=20040101-20041231', 2],
    ['a date range open at its end', 'StudyDate=20040101-', 2],
    ['a modality', 'ModalitiesInStudy=XA', 1],
    ['a page', 'limit=2&offset=8', 1],
    ['a key without a value', 'PatientID=', 9],
  ])('matches %s', async (_, query, count) => {
    expect(await json(`/studies?${query}`)).toHaveLength(count);
  });

  test('descends to series and instances', async () => {
    expect(await json(`/studies/${BRAIN.study}/series`)).toHaveLength(1);
    const instances = await json(`/studies/${BRAIN.study}/series/${BRAIN.series}/instances`);
    expect(instances.map((instance) => instance['00200013']?.Value[0])).toEqual(
      Array.from({ length: 20 }, (__, index) => index + 1),
    );
  });
});

describe('retrieve (WADO-RS)', () => {
  test('an instance is the file, byte for byte', async () => {
    const [part] = await readParts(await fetch(server.root + instancePath(1)));
    expect(Buffer.compare(part!.data, await brainFile(1))).toBe(0);
    expect(part!.contentType).toBe('application/dicom; transfer-syntax=1.2.840.10008.1.2.1');
  });

  test('a study is all its files', async () => {
    expect(await readParts(await fetch(`${server.root}/studies/${BRAIN.study}`))).toHaveLength(20);
  });

  test('native frames are the cells as stored', async () => {
    const [part] = await readParts(await fetch(`${server.root}${instancePath(2)}/frames/1`));
    const file = await brainFile(2);
    expect(Buffer.compare(part!.data, file.subarray(file.length - 131072))).toBe(0);
  });

  test('the frames of a multi-frame object come one by one', async () => {
    const root = `${server.root}/studies/999.999.2.19960619.163000/series/999.999.2.19960619.163000.1/instances/999.999.2.19960619.163000.1.103`;
    const parts = await readParts(await fetch(`${root}/frames/16,2`));
    const [second] = await readParts(await fetch(`${root}/frames/2`));
    expect(parts.map((part) => part.data.length)).toEqual([65536, 65536]);
    expect(Buffer.compare(parts[1]!.data, second!.data)).toBe(0);
    expect((await fetch(`${root}/frames/17`)).status).toBe(404);
  });

  test.each([
    ['rle.dcm', '1.2.276.0.7230010.3.1.4.1787205428.2345.1071048146.1', 'image/dicom-rle'],
    ['jpeg_2000.dcm', '1.3.6.1.4.1.5962.1.1.1.1.3.20040826185059.5457', 'image/jp2'],
  ])('a compressed frame of %s is its bit stream', async (name, uid, type) => {
    const [instance] = server.archive.find({ instance: uid });
    const address = retrieveUrl(server.root, instance!);
    const [part] = await readParts(await fetch(`${address}/frames/1`));
    const file = await readFile(join(daikonFolder, name));
    expect(part!.contentType).toBe(`${type}; transfer-syntax=${instance!.transferSyntaxUID}`);
    expect(file.includes(Buffer.from(part!.data))).toBe(true);
  });

  test('a frame in several fragments comes in one piece', async () => {
    const address = retrieveUrl(
      server.root,
      server.archive.find({ instance: '1.3.6.1.4.1.5962.1.1.5.1.7.20040826185059.5457' })[0]!,
    );
    const [part] = await readParts(await fetch(`${address}/frames/1`));
    const stream = Buffer.from(part!.data);
    expect(part!.contentType).toBe('image/jls; transfer-syntax=1.2.840.10008.1.2.4.81');
    expect(stream.subarray(0, 4).toString('hex')).toBe('ffd8fff7');
    expect(stream.lastIndexOf(Buffer.from('ffd9', 'hex'))).toBeGreaterThanOrEqual(stream.length - 3);
  });

  test('all 96 frames are told apart by their fragments', async () => {
    const address = retrieveUrl(
      server.root,
      server.archive.find({ study: '1.3.12.2.1107.5.4.3.123456789012345.19950922.121803.6' })[0]!,
    );
    const frames = await readParts(await fetch(`${address}/bulkdata/7FE00010`));
    expect(frames).toHaveLength(96);
    for (const { data } of frames) expect(Buffer.from(data.subarray(0, 2)).toString('hex')).toBe('ffd8');
  });

  test('metadata carries typed values, sequences and no pixels', async () => {
    const [metadata] = await json(`${instancePath(2)}/metadata`);
    expect(metadata!['00280010']).toEqual({ vr: 'US', Value: [256] });
    expect(metadata!['00200032']?.Value).toEqual([-110.5, -79.3063, -65.7575]);
    expect(metadata!['7FE00010']).toEqual({
      vr: 'OW',
      BulkDataURI: `${server.root}${instancePath(2)}/bulkdata/7FE00010`,
    });
    // The file has a window of width 0, which would show nothing.
    expect(metadata!['00281051']).toBeUndefined();
    expect(Object.keys(metadata!).some((tag) => tag.startsWith('0002'))).toBe(false);
  });

  test('an implicit VR file has the VRs of the dictionary', async () => {
    const [metadata] = await json('/studies/1.2.840.113619.2.1.3352.2053053415.834484316/metadata');
    expect(metadata!['00080060']).toEqual({ vr: 'CS', Value: ['MR'] });
    expect(metadata!['00280030']?.vr).toBe('DS');
  });

  test.each([
    '/studies/1.2.3',
    `/studies/${BRAIN.study}/rendered`,
    '/nothing',
    `${instancePath(2)}/frames/x`,
  ])('answers no data for %s', async (path) => {
    const { status } = await fetch(server.root + path);
    expect([400, 404]).toContain(status);
  });
});

test('a file whose SOP Instance UID is known already is left out', async () => {
  // explicit_big.dcm is slice 13 of the volume in another coding.
  const found = server.archive.find({ instance: BRAIN.instance(13) });
  expect(found.map((instance) => instance.path)).toEqual([join(daikonFolder, 'volume', 'brain_013.dcm')]);
});
