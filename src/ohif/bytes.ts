import { unlessAborted } from '../hosts/abort';
import { retrieve } from '../hosts/wadoRs';
import type { DisplaySet, ExtensionManager, Instance, Services } from './host';
import { activeDataSource, type Libraries } from './libraries';

/**
 * The exact Part 10 bytes of an object, from where the viewer has it: the DICOMweb server, a URL, or a
 * file that was dropped on it. Never from the image cache: pixels there are scaled.
 *
 * Returns a buffer of the caller's own, which may be transferred.
 */
export async function readInstance(
  displaySet: DisplaySet,
  instance: Instance,
  services: Services,
  libraries: Libraries,
  extensionManager: ExtensionManager,
  signal: AbortSignal,
): Promise<ArrayBuffer> {
  const imageId = instance.imageId ?? instance.url ?? '';
  const scheme = imageId.slice(0, imageId.indexOf(':'));
  const { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = instance;
  const headers = services.userAuthenticationService.getAuthorizationHeader();
  const root = scheme === 'wadors' ? rootOf(imageId) : undefined;
  if (root !== undefined) {
    const uids = { study: StudyInstanceUID, series: SeriesInstanceUID, instance: SOPInstanceUID };
    return retrieve(root, uids, headers ?? {}, signal);
  }
  const dataset = {
    displaySetInstanceUID: displaySet.displaySetInstanceUID,
    StudyInstanceUID,
    SeriesInstanceUID,
    SOPInstanceUID,
    instance,
    wadoRoot: scheme === 'wadors' ? activeDataSource(extensionManager).getConfig?.()?.wadoRoot : undefined,
    wadoUri: scheme === 'dicomweb' || scheme === 'wadouri' ? withoutFrame(imageId) : undefined,
  };
  const finding = libraries.dicomLoaderService.findDicomDataPromise(dataset, [], headers);
  const found = await unlessAborted(finding, signal);
  const bytes = found instanceof Uint8Array ? found : new Uint8Array(found);
  // The loader may hand out a view of what it keeps.
  return bytes.slice().buffer;
}

/** `wadors:https://server/rs/studies/1.2/...` -> `https://server/rs` */
function rootOf(imageId: string): string | undefined {
  const end = imageId.lastIndexOf('/studies/');
  return end === -1 ? undefined : imageId.slice(imageId.indexOf(':') + 1, end);
}

/** `wadouri:https://server/file.dcm?frame=2` -> `https://server/file.dcm` */
const withoutFrame = (imageId: string): string =>
  imageId.slice(imageId.indexOf(':') + 1).replace(/[?&]frame=\d+$/, '');
