import { spawnSync } from 'node:child_process';
import { createProtectionJob, keyringForJob, protectFrame, restoreFrame } from '../src/engine';
import { middleArea } from './area';
import { phantom } from './images';

/** Megabytes of memory of a program that protects and restores one image: with the image alone, and at most. */
export interface MemoryMeasurement {
  readonly side: number;
  readonly image: number;
  readonly imageAlone: number;
  readonly peak: number;
}

const SHARE = 0.1;

/** What the operating system says that this program took at most, in megabytes. */
const peakMemory = (): number => process.resourceUsage().maxRSS / 1024;

/** Measures this very program; to be run in one of its own. */
export async function measureOwnMemory(side: number): Promise<MemoryMeasurement> {
  const frame = phantom(side);
  const imageAlone = peakMemory();
  const job = await createProtectionJob({ passphrase: 'benchmark', report: '', workFactor: 10 });
  const { frame: marked } = await protectFrame(frame, job, { areas: [middleArea(frame, SHARE)] });
  await restoreFrame(marked, keyringForJob(job));
  return { side, image: frame.samples.byteLength / 1e6, imageAlone, peak: peakMemory() };
}

/** Measures images of some sides, each in a program of its own. */
export function measureMemory(sides: readonly number[]): MemoryMeasurement[] {
  return sides.map((side) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [process.argv[1], 'memory', `${side}`], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`measuring memory ended with ${status}: ${stderr}`);
    return JSON.parse(stdout);
  });
}
