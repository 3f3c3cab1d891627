import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readMultipart, writeMultipart } from '../demo/multipart.mjs';
import { answers, freePort } from './localServer';

/**
 * Orthanc, a PACS that others wrote, as Debian packages it (`orthanc`, `orthanc-dicomweb`): started for
 * a test on a free port of this machine, with an empty store that goes when it stops.
 */
const PROGRAM = ['/usr/sbin/Orthanc', '/usr/local/sbin/Orthanc', '/usr/bin/Orthanc'].find(existsSync);
const DICOM_WEB_PLUGIN = [
  '/usr/share/orthanc/plugins/libOrthancDicomWeb.so',
  '/usr/local/share/orthanc/plugins/libOrthancDicomWeb.so',
].find(existsSync);
const STARTS = 5;

function hasOrthanc(): boolean {
  const found = PROGRAM !== undefined && DICOM_WEB_PLUGIN !== undefined;
  if (!found && process.env.KEY_AREA_REQUIRE_READERS)
    throw new Error('Orthanc with its DICOMweb plugin is required here and not installed');
  return found;
}

/** `describe` where Orthanc is there, else `describe.skip`; a failure where readers are required. */
export const describeWithOrthanc: jest.Describe = hasOrthanc() ? describe : describe.skip;

/** An object's DICOM JSON (PS3.18, annex F), by tag. */
export type JsonObject = Record<string, { vr: string; Value?: unknown[] }>;

export interface Orthanc {
  /** The address of its own service (REST), without a closing slash. */
  readonly origin: string;
  /** The address of its DICOMweb service, without a closing slash. */
  readonly root: string;
  /** Stores Part 10 files (STOW-RS); throws unless every one was stored. */
  store(files: readonly Uint8Array[]): Promise<void>;
  /** Searches (QIDO-RS), such as `/studies` or `/studies/1.2/instances?includefield=00080005`. */
  search(path: string): Promise<JsonObject[]>;
  /**
   * The files of a study, series or instance (WADO-RS), `/studies/1.2/series/...`: as they are stored, or
   * in the transfer syntax asked for.
   */
  retrieve(path: string, transferSyntax?: string): Promise<Buffer[]>;
  /** Removes everything stored. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts an Orthanc with an empty store, and with `settings` of its configuration. */
export async function startOrthanc(settings: Readonly<Record<string, unknown>> = {}): Promise<Orthanc> {
  for (let attempt = 1; ; attempt++) {
    const folder = await mkdtemp(join(tmpdir(), 'orthanc-'));
    // Another process may take the port before Orthanc does: then it ends, and another one is tried.
    const port = await freePort();
    const child = await launch(folder, port, settings);
    const origin = `http://127.0.0.1:${port}`;
    if (await answers(child, `${origin}/system`, basename(folder))) return orthanc(child, origin, folder);
    const log = await readFile(join(folder, 'log.txt'), 'utf8').catch(() => '');
    await rm(folder, { recursive: true, force: true });
    if (attempt === STARTS) throw new Error(`Orthanc does not start:\n${log.slice(-2000)}`);
  }
}

async function launch(folder: string, port: number, settings: object): Promise<ChildProcess> {
  const configuration = {
    Name: basename(folder),
    StorageDirectory: join(folder, 'storage'),
    IndexDirectory: join(folder, 'storage'),
    HttpPort: port,
    DicomServerEnabled: false,
    RemoteAccessAllowed: false,
    // A connection that is kept may be closed just when the next request is sent.
    KeepAlive: false,
    AuthenticationEnabled: false,
    Plugins: [DICOM_WEB_PLUGIN],
    DicomWeb: { Enable: true, Root: '/dicom-web/', EnableWado: false },
    ...settings,
  };
  const path = join(folder, 'orthanc.json');
  await writeFile(path, JSON.stringify(configuration));
  const child = spawn(PROGRAM ?? '', [`--logfile=${join(folder, 'log.txt')}`, path], { stdio: 'ignore' });
  child.on('error', () => {});
  return child;
}

function orthanc(child: ChildProcess, origin: string, folder: string): Orthanc {
  const root = `${origin}/dicom-web`;
  return {
    origin,
    root,
    async store(files) {
      const body = writeMultipart(
        files.map((data) => ({ contentType: 'application/dicom', data })),
        'application/dicom',
      );
      const response = await fetch(`${root}/studies`, {
        method: 'POST',
        headers: { 'Content-Type': body.contentType, Accept: 'application/dicom+json' },
        body: Buffer.concat(body.chunks),
      });
      const answer = (await response.json()) as JsonObject;
      const [stored, failed] = ['00081199', '00081198'].map((tag) => answer[tag]?.Value?.length ?? 0);
      if (!response.ok || failed !== 0 || stored !== files.length)
        throw new Error(`Orthanc stored ${stored} of ${files.length}: ${response.status}`);
    },
    async search(path) {
      const response = await fetch(root + path, { headers: { Accept: 'application/dicom+json' } });
      if (!response.ok) throw new Error(`Orthanc answered ${response.status} to ${path}`);
      return (await response.json()) as JsonObject[];
    },
    async retrieve(path, transferSyntax = '*') {
      const accept = `multipart/related; type="application/dicom"; transfer-syntax=${transferSyntax}`;
      const response = await fetch(root + path, { headers: { Accept: accept } });
      const body = Buffer.from(await response.arrayBuffer());
      if (!response.ok) throw new Error(`Orthanc answered ${response.status} to ${path}`);
      const parts = readMultipart(body, response.headers.get('content-type') ?? '');
      return parts.map(({ data }) => Buffer.from(data));
    },
    async clear() {
      const patients = (await (await fetch(`${origin}/patients`)).json()) as string[];
      for (const id of patients) await fetch(`${origin}/patients/${id}`, { method: 'DELETE' });
    },
    async stop() {
      const ended = once(child, 'exit');
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
