/** Bounds of an archive, within which one is made and opened: files in it, and its bytes. */
export const MOST_FILES = 5000;
export const MOST_BYTES = 2 ** 30;

/** Bytes of an archive beside its files, at most: what its manifest says of it as a whole. */
const WHOLE = 2 ** 20;
/** Bytes beside a file's content, at most: its headers in the archive, and what the manifest says of it. */
const EACH = 512;

/**
 * Shares files out among as few archives as their order allows, each within the bounds, and with room for its manifest.
 * A file that is larger than an archive may be is alone.
 */
export function shareOut<Entry extends { readonly bytes: Uint8Array }>(entries: readonly Entry[]): Entry[][] {
  const shares: Entry[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const more = entry.bytes.length + EACH;
    const last = shares.at(-1);
    if (last === undefined || last.length === MOST_FILES - 1 || bytes + more > MOST_BYTES) {
      shares.push([entry]);
      bytes = WHOLE + more;
    } else {
      last.push(entry);
      bytes += more;
    }
  }
  return shares;
}

/** Whether a share is one file that no archive is made of. */
export const isTooLarge = (share: readonly { readonly bytes: Uint8Array }[]): boolean =>
  share.length === 1 && WHOLE + EACH + share[0].bytes.length > MOST_BYTES;
