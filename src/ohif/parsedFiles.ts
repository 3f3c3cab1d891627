import type { Cornerstone } from './host';

/** How Cornerstone names a file that it has parsed, pixels included. */
const NATURALISED = 'naturalized';

/** Nested deeper than any image's pixels are. */
const DEEPEST = 4;

/**
 * Makes Cornerstone forget a file that it parsed to display it: a cache beside the images', which lasts
 * as long as the page. Pixels in it are erased first.
 */
export function forgetParsedFile({ metaData }: Cornerstone, imageId: string): void {
  const whole = imageId.replace(/\?frame=\d+$/, '');
  for (const name of new Set([imageId, whole])) {
    erasePixels(metaData.get(NATURALISED, name));
    metaData.clearQuery?.(NATURALISED, name);
  }
}

/** Erases what bytes a parsed file holds. */
export function erasePixels(value: unknown, depth = 0): void {
  if (value instanceof ArrayBuffer) new Uint8Array(value).fill(0);
  else if (ArrayBuffer.isView(value))
    new Uint8Array(value.buffer, value.byteOffset, value.byteLength).fill(0);
  else if (typeof value === 'object' && value !== null && depth < DEEPEST) {
    for (const part of Object.values(value)) erasePixels(part, depth + 1);
  }
}
