import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plot } from './plot';
import type { Results } from './results';
import { round, SUMMARY, summarise, table } from './tables';

/** The part of README that a run writes, between two comments, and the plot that it shows. */

const BEGIN = '<!-- written by npm run bench -- --readme -->\n';
const END = '<!-- end of what is written -->\n';
const PLOT = 'docs/benchmark.svg';

/** What the speed of one slice, of folders and of larger images comes to, in one paragraph. */
function speedOf({ measurements, growth, memory, folders }: Results): string {
  const slice =
    measurements.find(({ image, share }) => image === 'CT 512x512, 12 bits' && share === 0.1) ??
    measurements.find(({ image, share }) => image === 'phantom 512x512, 12 bits' && share === 0.1);
  const [image, area] = growth;
  const threads = folders
    .filter(({ workers }) => workers === 2)
    .map(({ folder, protect }) => {
      const alone = folders.find((other) => other.folder === folder && other.workers === 1);
      return `${round((alone?.protect ?? protect) / protect)} (${folder})`;
    });
  return `A slice (${slice?.image}), a tenth of it hidden: protected and proven in ${slice?.protect} ms, restored in
${slice?.restore} ms, without deriving a key. Hashing it three times, and coding and decoding the covered area one and a half
times, takes 1/${slice?.protectRatio} of the first; hashing and decoding alone 1/${slice?.restoreRatio} of the second. Protecting
grows with the power ${round(image.protect)} of the image's pixels and ${round(area.protect)} of the covered area's, restoring
with ${round(image.restore)} and ${round(area.restore)}. An image of ${round(memory[1].image)} MB takes ${round(memory[1].peak - memory[1].imageAlone)} MB beside itself. Two
threads are faster than one by a factor of ${threads.join(' and ')}.
`;
}

/** What README shows of a run. */
export function readmeSection(results: Results): string {
  const { cases, date, largest, machine } = results;
  const images = new Set(cases.map(({ image }) => image)).size;
  return `Key areas of 5, 10, 25, 50 and 100 % of ${images} images, ${images * 5} cases. Side data, PSNR, SSIM and time are
of 5 %, where the image came back; "least to most", the time in the middle.

${table(SUMMARY, summarise(cases, largest))}
![PSNR outside the key area, by its share of the image](${PLOT})

${speedOf(results)}
${machine}, ${date}.
`;
}

/** Puts a run into README, and its plot beside it. Throws where README does not have its place for it. */
export function writeReadme(projectFolder: string, results: Results): void {
  const path = join(projectFolder, 'README.md');
  const [before, rest] = readFileSync(path, 'utf8').split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error('README.md has no place for what was measured.');
  writeFileSync(path, `${before}${BEGIN}\n${readmeSection(results)}\n${END}${after}`);
  writeFileSync(join(projectFolder, PLOT), plot(summarise(results.cases, results.largest)));
}
