import { readFirstPart, writeFilePart } from '../dicom/multipart';
import { unlessAborted } from '../hosts/abort';
import type { AddedFile } from '../hosts/addedFiles';
import { refusalIn, sameDataSet } from '../hosts/storeAnswer';
import { StoreError } from '../viewer/port';
import type { AppState, DicomWebServer, InstanceMetadata, WadoImageLoader } from './host';

/** What names an object on a server. */
interface ObjectUids {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
}

/** The DICOMweb server that an image came from; undefined for files and lists of addresses. */
export function serverOf(image: InstanceMetadata, { servers }: AppState): DicomWebServer | undefined {
  const { wadoRoot } = image.getData();
  return wadoRoot === undefined ? undefined : servers?.servers.find((server) => server.wadoRoot === wadoRoot);
}

/** The header that lets the viewer's user in, as the viewer makes it. */
export function authorizationHeader(
  server: DicomWebServer | undefined,
  { oidc }: AppState,
): Record<string, string> {
  const { requestOptions } = server ?? {};
  const { auth } = requestOptions ?? {};
  if (typeof auth === 'function') return { Authorization: auth(requestOptions) };
  if (auth !== undefined) return { Authorization: `Basic ${btoa(auth)}` };
  const token = oidc?.user?.access_token;
  return token === undefined ? {} : { Authorization: `Bearer ${token}` };
}

/**
 * The exact Part 10 bytes of an object, from where the viewer has it: the DICOMweb server, a URL, or a
 * file that was dropped on it. Never from the image cache: pixels there are scaled.
 *
 * Returns a buffer of the caller's own, which may be transferred.
 */
export async function readInstance(
  image: InstanceMetadata,
  state: AppState,
  { wadouri }: WadoImageLoader,
  signal: AbortSignal,
): Promise<ArrayBuffer> {
  const imageId = image.getImageId();
  if (imageId.startsWith('dicomfile:')) return unlessAborted(wadouri.loadFileRequest(imageId), signal);
  const { wadoRoot, metadata } = image.getData();
  const headers = authorizationHeader(serverOf(image, state), state);
  if (imageId.startsWith('wadors:') && wadoRoot !== undefined) {
    const { StudyInstanceUID: study, SeriesInstanceUID: series, SOPInstanceUID: instance } = metadata;
    return retrieve(wadoRoot, { study, series, instance }, headers, signal);
  }
  // `dicomweb:https://server/file.dcm?frame=2` -> `https://server/file.dcm`
  const url = imageId.slice(imageId.indexOf(':') + 1).replace(/[?&]frame=\d+$/, '');
  const response = await fetch(url, { headers, signal });
  if (!response.ok) throw new Error(`The file cannot be read (HTTP ${response.status}).`);
  return response.arrayBuffer();
}

/** Retrieves one object (WADO-RS, PS3.18, section 10.4). */
async function retrieve(
  root: string,
  { study, series, instance }: ObjectUids,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<ArrayBuffer> {
  const response = await fetch(`${root}/studies/${study}/series/${series}/instances/${instance}`, {
    headers: { ...headers, Accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' },
    signal,
  });
  if (!response.ok) throw new Error(`The server does not hand the object out (HTTP ${response.status}).`);
  const contentType = response.headers.get('content-type') ?? '';
  const body = new Uint8Array(await response.arrayBuffer());
  if (/^application\/dicom\s*(;|$)/i.test(contentType)) return body.buffer;
  const file = readFirstPart(body, contentType);
  if (file === undefined) throw new Error('The server did not send a whole DICOM object. Try again.');
  return file.slice().buffer as ArrayBuffer;
}

/**
 * Stores one file (STOW-RS, PS3.18, section 10.5), reads the server's answer about it, then reads it
 * back and compares: some servers answer with success and keep what they had.
 */
export async function storeFile(
  file: AddedFile,
  server: DicomWebServer,
  state: AppState,
  signal: AbortSignal,
): Promise<void> {
  const headers = authorizationHeader(server, state);
  const bytes = await file.blob.arrayBuffer();
  const { contentType, body } = writeFilePart(new Uint8Array(bytes));
  const response = await fetch(`${server.wadoRoot}/studies`, {
    method: 'POST',
    headers: { ...headers, 'Content-Type': contentType, Accept: 'application/dicom+json' },
    body,
    signal,
  }).catch((error) => {
    signal.throwIfAborted();
    throw new StoreError('It was refused (no answer).', { cause: error });
  });
  const refusal = refusalIn(await response.text());
  if (refusal !== undefined) throw new StoreError(refusal);
  if (!response.ok) throw new StoreError(`It was refused (HTTP ${response.status}).`);
  const { studyInstanceUID: study, seriesInstanceUID: series, sopInstanceUID: instance } = file;
  const stored = await retrieve(server.wadoRoot, { study, series, instance }, headers, signal).catch(
    (error) => {
      signal.throwIfAborted();
      throw new StoreError('It was accepted, but cannot be read back.', { cause: error });
    },
  );
  if (!sameDataSet(bytes, stored)) {
    throw new StoreError('It was accepted, but what comes back is not what was sent.');
  }
}
