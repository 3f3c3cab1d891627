import { askForObject, type ObjectUids, objectIn, objectPath } from '../dicom/web/wadoRs';
import { NotReadBack, ReadError } from '../viewer/port';
import type { AddedFile } from './addedFiles';
import { answered, ask, notHandedOut } from './reading';

/**
 * The Part 10 bytes of one object (WADO-RS, PS3.18, section 10.4), in the transfer syntax that it is stored in; from
 * a server that knows no such request, in the one that it gives. The buffer is the caller's own.
 * Throws {@link ReadError}.
 *
 * @param root address of the service
 * @param authorization headers that let the viewer's user in
 */
export async function retrieve(
  root: string,
  uids: ObjectUids,
  authorization: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ArrayBuffer> {
  const answer = askForObject((accept) =>
    ask(root + objectPath(uids), authorization, { headers: { Accept: accept }, signal }),
  );
  const response = await answered(answer, signal);
  if (!response.ok) throw notHandedOut('The server does not hand the object out', response);
  const contentType = response.headers.get('content-type') ?? '';
  const body = new Uint8Array(await answered(response.arrayBuffer(), signal));
  const file = objectIn(body, contentType);
  if (file === undefined) throw new ReadError('The server did not send a whole DICOM object. Try again.');
  return file === body ? body.buffer : file.slice().buffer;
}

/** What a server has of a file that it was just sent. Throws {@link NotReadBack} where it cannot be had. */
export async function readBack(
  { studyInstanceUID: study, seriesInstanceUID: series, sopInstanceUID: instance }: AddedFile,
  root: string,
  authorization: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ArrayBuffer> {
  try {
    return await retrieve(root, { study, series, instance }, authorization, signal);
  } catch (cause) {
    if (signal.aborted) throw new NotReadBack('It was accepted, and not read back any more.', { cause });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new NotReadBack(`It was accepted, but cannot be read back. ${reason}`, { cause });
  }
}
