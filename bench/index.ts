import { cpus } from 'node:os';
import { type FolderMeasurement, measureFolders } from './folder';
import { benchImages } from './images';
import { type Measurement, measure } from './measure';

/**
 * How long hiding and restoring take beside what no such software can do without: hashing the image
 * and coding the key area without loss; and how long folders take beside copying them. Ratios, since absolute times drift from machine to machine.
 */

const SHARES = [0.05, 0.1, 0.25, 0.5, 1];

const COLUMNS: [string, (row: Measurement) => unknown][] = [
  ['image', ({ image }) => image],
  ['area', ({ share }) => `${100 * share} %`],
  ['covered', ({ coveredShare }) => (coveredShare === undefined ? '' : `${round(100 * coveredShare)} %`)],
  ['protect ms', ({ protect, refused }) => protect ?? refused],
  ['restore ms', ({ restore }) => restore],
  ['suggest ms', ({ suggest }) => suggest],
  ['SHA-256 ms', ({ sha256 }) => sha256],
  ['JPEG-LS ms', ({ encode, decode }) => encode && `${encode} + ${decode}`],
  ['protect ratio', ({ protectRatio }) => protectRatio],
  ['restore ratio', ({ restoreRatio }) => restoreRatio],
];

const FOLDER_COLUMNS: [string, (row: FolderMeasurement) => unknown][] = [
  ['folder', ({ folder, files, megabytes }) => `${files} x ${folder}, ${megabytes} MB`],
  ['threads', ({ workers }) => workers],
  ['copy s', ({ copy }) => round(copy)],
  ['protect s', ({ protect }) => round(protect)],
  ['files/s', ({ files, protect }) => round(files / protect)],
  ['MB/s', ({ megabytes, protect }) => round(megabytes / protect)],
  ['over copying', ({ copy, protect }) => round(protect / copy)],
  ['restore s', ({ restore }) => round(restore)],
  ['files/s', ({ files, restore }) => round(files / restore)],
  ['MB/s', ({ megabytes, restore }) => round(megabytes / restore)],
  ['over copying', ({ copy, restore }) => round(restore / copy)],
];

const round = (value: number): number => Number(value.toPrecision(3));

const heading = <Row>(columns: [string, (row: Row) => unknown][]): string =>
  `| ${columns.map(([name]) => name).join(' | ')} |\n|${'---|'.repeat(columns.length)}\n`;
const line = <Row>(columns: [string, (row: Row) => unknown][], row: Row): string =>
  `| ${columns.map(([, value]) => value(row) ?? '').join(' | ')} |\n`;

async function main(projectFolder: string, json: boolean): Promise<void> {
  const machine = `${cpus().length} x ${cpus()[0].model}, Node ${process.version}`;
  if (!json) process.stdout.write(`${machine}\n\n${heading(COLUMNS)}`);
  const measurements: Measurement[] = [];
  for (const image of benchImages(projectFolder)) {
    for (const row of await measure(image, SHARES)) {
      measurements.push(row);
      if (!json) process.stdout.write(line(COLUMNS, row));
    }
  }
  const folders = measureFolders(projectFolder);
  if (!json) {
    process.stdout.write(`\n${heading(FOLDER_COLUMNS)}`);
    for (const row of folders) process.stdout.write(line(FOLDER_COLUMNS, row));
  }
  if (json) {
    const date = new Date().toISOString().slice(0, 10);
    process.stdout.write(`${JSON.stringify({ date, machine, measurements, folders }, null, 1)}\n`);
  }
}

main(process.argv[2], process.argv.includes('--json')).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
