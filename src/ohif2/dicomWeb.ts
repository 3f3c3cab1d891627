import { writeFilePart } from '../dicom/web/multipart';
import { refusalIn } from '../dicom/web/stowRs';
import { unlessAborted } from '../hosts/abort';
import type { AddedFile } from '../hosts/addedFiles';
import { addressIn, isOfPage, isUnder } from '../hosts/addresses';
import { answered, ask, readAddress } from '../hosts/reading';
import { readBack, retrieve } from '../hosts/wadoRs';
import { type StoredFile, StoreError } from '../viewer/port';
import type { AppState, DicomWebServer, InstanceMetadata, WadoImageLoader } from './host';

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

/** That header for an address; none for one that the viewer is not configured with. */
function authorizationAt(address: string, state: AppState): Record<string, string> {
  const server = state.servers?.servers.find(
    ({ wadoRoot, wadoUriRoot = wadoRoot }) => isUnder(address, wadoRoot) || isUnder(address, wadoUriRoot),
  );
  return server === undefined && !isOfPage(address) ? {} : authorizationHeader(server, state);
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
  if (imageId.startsWith('wadors:') && wadoRoot !== undefined) {
    const { StudyInstanceUID: study, SeriesInstanceUID: series, SOPInstanceUID: instance } = metadata;
    return retrieve(wadoRoot, { study, series, instance }, authorizationAt(wadoRoot, state), signal);
  }
  const address = addressIn(imageId);
  return readAddress(address, authorizationAt(address, state), signal);
}

/** Stores one file (STOW-RS, PS3.18, section 10.5), reads the server's answer about it, then reads it back. */
export async function storeFile(
  file: AddedFile,
  server: DicomWebServer,
  state: AppState,
  signal: AbortSignal,
): Promise<StoredFile> {
  const authorization = authorizationHeader(server, state);
  const sent = await file.blob.arrayBuffer();
  const { contentType, body } = writeFilePart(new Uint8Array(sent));
  const sending = ask(`${server.wadoRoot}/studies`, authorization, {
    method: 'POST',
    headers: { 'Content-Type': contentType, Accept: 'application/dicom+json' },
    body,
    signal,
  });
  const response = await answered(
    sending,
    signal,
    (cause) => new StoreError('It was refused (no answer).', { cause }),
  );
  const text = await answered(
    response.text(),
    signal,
    (cause) =>
      new StoreError('The server broke off while it answered: it may have been accepted.', { cause }),
  );
  const refusal = refusalIn(text);
  if (refusal !== undefined) throw new StoreError(refusal);
  if (!response.ok) throw new StoreError(`It was refused (HTTP ${response.status}).`);
  return { sent, stored: await readBack(file, server.wadoRoot, authorization, signal) };
}
