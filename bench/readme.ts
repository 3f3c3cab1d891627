import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plot } from './plot';
import type { Results } from './results';
import { round, SUMMARY, summarise, table } from './tables';

/** The section of README that a run writes, between two comments, and the plot that it shows. */

const BEGIN = '<!-- This section is written by npm run bench -- --readme -->\n';
const END = '<!-- End of what is written -->\n';
/** What the section stands in front of. */
const NEXT = '## Limits\n';
const PLOT = 'docs/benchmark.svg';

/** What the speed of one slice, of folders and of larger images comes to, in one paragraph. */
function speedOf({ measurements, growth, memory, folders }: Results): string {
  const slice =
    measurements.find(({ image, share }) => image === 'CT 512x512, 12 bits' && share === 0.1) ??
    measurements.find(({ image, share }) => image === 'phantom 512x512, 12 bits' && share === 0.1);
  const [image, area] = growth;
  const threads = folders
    .filter(({ workers }) => workers === 2)
    .map(({ folder, protect, protectApart }) => {
      const alone =
        folders.find((other) => other.folder === folder && other.workers === 1)?.protect ?? protect;
      return `${round(alone / protect)} (${folder}; two programs that share nothing by ${round(alone / protectApart)})`;
    });
  const share = (ratio = 1) => `${Math.round(100 / ratio)} %`;
  return `A slice (${slice?.image}), a tenth of it hidden: protected and proven in ${slice?.protect} ms, restored in
${slice?.restore} ms, where the passphrase has been turned into a key before. Hashing it three times, and coding and
decoding the covered area one and a half times, takes ${share(slice?.protectRatio)} of the first; hashing, and decoding
alone, ${share(slice?.restoreRatio)} of the second; ${slice?.protectKeys} and ${slice?.restoreKeys} ms for the frame's own keys are left out of both. Protecting
grows with the power ${round(image.protect)} of the image's pixels and ${round(area.protect)} of the covered area's, restoring
with ${round(image.restore)} and ${round(area.restore)}. An image of ${round(memory[1].image)} MB takes ${round(memory[1].peak - memory[1].imageAlone)} MB beside itself. Two
threads are faster than one by a factor of ${threads.join(' and ')}.
`;
}

/** What README says of a run. */
export function readmeSection(results: Results): string {
  const { cases, date, largest, machine } = results;
  const images = new Set(cases.map(({ image }) => image)).size;
  return `## Beside other methods

The methods that this project started from, written anew from their descriptions (\`bench/seeds\` names the sources),
on the same ${images} images, with key areas of 5, 10, 25, 50 and 100 %: ${cases.length / summarise(cases, largest).length} cases for each. Side data, PSNR, SSIM and
time are those at 5 %, of images that came back bit for bit.

${table(SUMMARY, summarise(cases, largest))}
![PSNR outside the key area, by its share of the image](${PLOT})

${speedOf(results)}
Measured on ${machine}, ${date}.

`;
}

/** README with a section: in place of the last one, or in front of the limits. */
export function placeSection(readme: string, section: string): string {
  const written = `${BEGIN}\n${section}${END}\n`;
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin >= 0 && end > begin) return readme.slice(0, begin) + written + readme.slice(end + END.length + 1);
  const next = readme.indexOf(NEXT);
  if (next < 0) throw new Error('README.md has no place for what was measured.');
  return readme.slice(0, next) + written + readme.slice(next);
}

/** Puts a run into README, and its plot beside it. */
export function writeReadme(projectFolder: string, results: Results): void {
  const path = join(projectFolder, 'README.md');
  writeFileSync(path, placeSection(readFileSync(path, 'utf8'), readmeSection(results)));
  writeFileSync(join(projectFolder, PLOT), plot(summarise(results.cases, results.largest)));
}
