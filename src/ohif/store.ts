import { refusalIn } from '../dicom/web/stowRs';
import type { AddedFile } from '../hosts/addedFiles';
import { readBack } from '../hosts/wadoRs';
import { type Destination, type StoredFile, StoreError } from '../viewer/port';
import type { DicomWebClient, ExtensionManager } from './host';
import { activeDataSource } from './libraries';

/** Where the viewer's data source stores; undefined for sources that read only, as files and JSON do. */
export function storeDestination(extensionManager: ExtensionManager): Destination | undefined {
  const source = extensionManager.getActiveDataSource()?.[0];
  const { wadoRoot, supportsStow } = source?.getConfig?.() ?? {};
  if (source?.retrieve.getWadoDicomWebClient?.() === undefined || wadoRoot === undefined) return undefined;
  if (supportsStow === false) return undefined;
  const { sourceName, configuration } = extensionManager.getActiveDataSourceDefinition();
  return { name: configuration?.friendlyName ?? sourceName };
}

/** Stores one file (STOW-RS, PS3.18, section 10.5), reads the server's answer about it, then reads it back. */
export async function storeFile(
  file: AddedFile,
  authorization: Record<string, string> | undefined,
  extensionManager: ExtensionManager,
  signal: AbortSignal,
): Promise<StoredFile> {
  const source = activeDataSource(extensionManager);
  const client = source.retrieve.getWadoDicomWebClient?.();
  const root = source.getConfig?.()?.wadoRoot;
  if (client === undefined || root === undefined)
    throw new StoreError('The data source of this viewer does not store.');
  client.headers = { ...authorization };
  const sent = await file.blob.arrayBuffer();
  await send(client, sent, signal);
  return { sent, stored: await readBack(file, root, authorization ?? {}, signal) };
}

async function send(client: DicomWebClient, bytes: ArrayBuffer, signal: AbortSignal): Promise<void> {
  const request = new XMLHttpRequest();
  const abort = () => request.abort();
  // A signal that is aborted already tells no listener.
  signal.throwIfAborted();
  signal.addEventListener('abort', abort);
  try {
    const answer = await client.storeInstances({ datasets: [bytes], request });
    const refusal = refusalIn(answer);
    if (refusal !== undefined) throw new StoreError(refusal);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const refusal = refusalIn((error as { response?: unknown }).response);
    throw new StoreError(refusal ?? `It was refused (${httpStatus(error)}).`);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function httpStatus(error: unknown): string {
  const { status } = error as { status?: number };
  return status ? `HTTP ${status}` : 'no answer';
}
