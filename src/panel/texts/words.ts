/** How the panel counts, quotes and lists. */

const grouped = new Intl.NumberFormat('en-GB');

/** 1234 -> `1,234 samples`. */
export const count = (number: number, one: string, many: string): string =>
  `${grouped.format(number)} ${number === 1 ? one : many}`;

export const images = (number: number): string => count(number, 'image', 'images');

/** 16 of 16 -> `16 images`, 1 of 16 -> `1 of 16 images`. */
export const imagesOf = (part: number, total: number): string =>
  part === total ? images(total) : `${part} of ${images(total)}`;

export const quoted = (text: string): string => `“${text}”`;

/** As many places as are listed one by one. */
export const MOST_LISTED = 6;

export const listed = (places: readonly (number | string)[]): string =>
  places.length > MOST_LISTED
    ? `${places.slice(0, MOST_LISTED).join(', ')} and ${places.length - MOST_LISTED} more`
    : places.join(', ');

export const imagesAt = (places: readonly number[]): string =>
  `${places.length === 1 ? 'Image' : 'Images'} ${listed(places)}`;
