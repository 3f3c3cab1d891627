/**
 * Image ids name any address. What lets the viewer's user in is sent where the viewer is configured to read from,
 * and to the page's own server, which handed out the viewer.
 */

/** True where an address lies under that of a service; relative ones are the page's. */
export function isUnder(address: string, root: string): boolean {
  const [url, rootUrl] = [urlOf(address), urlOf(root)];
  if (url === undefined || url.origin !== rootUrl?.origin) return false;
  const path = rootUrl.pathname.replace(/\/$/, '');
  return url.pathname === path || url.pathname.startsWith(`${path}/`);
}

/** True where an address is on the page's own server. */
export const isOfPage = (address: string): boolean => urlOf(address)?.origin === location.origin;

/** Undefined where nothing is sent to. */
function urlOf(address: string): URL | undefined {
  try {
    const url = new URL(address, location.href);
    return /^https?:$/.test(url.protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}

/** `wadouri:https://server/file.dcm?frame=2` -> `https://server/file.dcm` */
export const addressIn = (imageId: string): string =>
  imageId.slice(imageId.indexOf(':') + 1).replace(/[?&]frame=\d+$/, '');
