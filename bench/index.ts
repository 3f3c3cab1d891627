import { cpus } from 'node:os';
import { createProtectionJob } from '../src/engine';
import { measureBeside, methodsBeside } from './beside';
import { measureFolders } from './folder';
import { growthOf } from './growth';
import { imagesBeside, phantoms, realImages } from './images';
import { type Measurement, measure } from './measure';
import { measureMemory, measureOwnMemory } from './memory';
import { writeReadme } from './readme';
import type { Results } from './results';
import { REPORT } from './seeds/symbol';
import { CASES, FOLDERS, GROWTH, heading, line, MEMORY, SPEED, SUMMARY, summarise, table } from './tables';

/**
 * How long hiding and restoring take beside what no such software can do without: hashing the image
 * and coding the key area without loss; how long folders take beside copying them; and what the methods that
 * this project started from come to on the same images. Ratios, since absolute times drift from machine to machine.
 */

const SHARES = [0.05, 0.1, 0.25, 0.5, 1];
const MEMORY_SIDES = [512, 2048];

async function measureAll(projectFolder: string, show: (text: string) => void): Promise<Results> {
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${cpus().length} x ${cpus()[0].model}, Node.js ${process.version}`;
  // First, since a program's peak counts from what the one that started it took until then.
  const memory = measureMemory(MEMORY_SIDES);
  show(`${machine}, ${date}\n\n${table(MEMORY, memory)}\n${heading(SPEED)}`);
  const synthetic: Measurement[] = [];
  const real: Measurement[] = [];
  for (const [images, rows] of [
    [realImages(projectFolder), real],
    [phantoms(), synthetic],
  ] as const) {
    for (const image of images) {
      for (const row of await measure(image, SHARES)) {
        rows.push(row);
        show(line(SPEED, row));
      }
    }
  }
  const growth = growthOf(synthetic, 0.1);
  show(`\n${table(GROWTH, growth)}`);
  const folders = await measureFolders(projectFolder);
  show(`\n${table(FOLDERS, folders)}\n${heading(CASES)}`);

  const job = await createProtectionJob({ passphrase: 'benchmark', report: REPORT, workFactor: 10 });
  const { cases, largest } = await measureBeside(
    methodsBeside(job),
    imagesBeside(projectFolder),
    SHARES,
    (done) => show(line(CASES, done)),
  );
  job.dispose();
  show(`\n${table(SUMMARY, summarise(cases, largest))}`);
  return { date, machine, measurements: [...real, ...synthetic], growth, memory, folders, cases, largest };
}

async function main([first, ...options]: string[]): Promise<void> {
  if (first === 'memory') {
    process.stdout.write(JSON.stringify(await measureOwnMemory(Number(options[0]))));
    return;
  }
  const asJson = options.includes('--json');
  const results = await measureAll(first, (text) => {
    if (!asJson) process.stdout.write(text);
  });
  if (options.includes('--readme')) writeReadme(first, results);
  if (asJson) process.stdout.write(`${JSON.stringify(results, null, 1)}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
