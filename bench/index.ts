import { cpus } from 'node:os';
import { benchImages } from './images';
import { type Measurement, measure } from './measure';

/**
 * How long hiding and restoring take beside what no such software can do without: hashing the image
 * and coding the key area without loss. Ratios, since absolute times drift from machine to machine.
 */

const SHARES = [0.05, 0.1, 0.25, 0.5, 1];

const COLUMNS: [string, (row: Measurement) => unknown][] = [
  ['image', ({ image }) => image],
  ['area', ({ share }) => `${100 * share} %`],
  ['covered', ({ coveredShare }) => (coveredShare === undefined ? '' : `${round(100 * coveredShare)} %`)],
  ['protect ms', ({ protect, refused }) => protect ?? refused],
  ['restore ms', ({ restore }) => restore],
  ['SHA-256 ms', ({ sha256 }) => sha256],
  ['JPEG-LS ms', ({ encode, decode }) => encode && `${encode} + ${decode}`],
  ['protect ratio', ({ protectRatio }) => protectRatio],
  ['restore ratio', ({ restoreRatio }) => restoreRatio],
];

const round = (value: number): number => Number(value.toPrecision(3));

async function main(projectFolder: string, json: boolean): Promise<void> {
  const machine = `${cpus().length} x ${cpus()[0].model}, Node ${process.version}`;
  if (!json)
    process.stdout.write(
      `${machine}\n\n| ${COLUMNS.map(([name]) => name).join(' | ')} |\n|${'---|'.repeat(COLUMNS.length)}\n`,
    );
  const measurements: Measurement[] = [];
  for (const image of benchImages(projectFolder)) {
    for (const row of await measure(image, SHARES)) {
      measurements.push(row);
      if (!json) process.stdout.write(`| ${COLUMNS.map(([, value]) => value(row) ?? '').join(' | ')} |\n`);
    }
  }
  if (json) {
    const date = new Date().toISOString().slice(0, 10);
    process.stdout.write(`${JSON.stringify({ date, machine, measurements }, null, 1)}\n`);
  }
}

main(process.argv[2], process.argv.includes('--json')).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
