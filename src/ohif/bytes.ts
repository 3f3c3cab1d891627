import { unlessAborted } from '../hosts/abort';
import { addressIn, isOfPage, isUnder } from '../hosts/addresses';
import { readAddress } from '../hosts/reading';
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
  const authorization = services.userAuthenticationService.getAuthorizationHeader() ?? {};
  const authorizationAt = (address: string) =>
    isOfPage(address) || rootsOf(extensionManager).some((configured) => isUnder(address, configured))
      ? authorization
      : {};
  const root = scheme === 'wadors' ? rootOf(imageId) : undefined;
  if (root !== undefined) {
    const uids = { study: StudyInstanceUID, series: SeriesInstanceUID, instance: SOPInstanceUID };
    return retrieve(root, uids, authorizationAt(root), signal);
  }
  if (scheme === 'dicomweb' || scheme === 'wadouri') {
    const address = addressIn(imageId);
    return readAddress(address, authorizationAt(address), signal);
  }
  const wadoRoot =
    scheme === 'wadors' ? activeDataSource(extensionManager).getConfig?.()?.wadoRoot : undefined;
  const dataset = {
    displaySetInstanceUID: displaySet.displaySetInstanceUID,
    StudyInstanceUID,
    SeriesInstanceUID,
    SOPInstanceUID,
    instance,
    wadoRoot,
  };
  // Without a server of its own, the loader asks whatever address the object names.
  const headers = wadoRoot === undefined ? {} : authorization;
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

/** Where the viewer reads from, as the site has configured it. */
function rootsOf(extensionManager: ExtensionManager): string[] {
  const configured = Object.values(extensionManager.dataSourceDefs ?? {}).map(
    ({ configuration }) => configuration,
  );
  return [activeDataSource(extensionManager).getConfig?.(), ...configured]
    .flatMap((addresses) => [addresses?.wadoRoot, addresses?.wadoUriRoot])
    .filter((address) => address !== undefined);
}
