import { KeyAreaError } from '../../engine/errors';
import type { PixelPicture } from '../../viewer/service';

/** Pictures that every browser decodes. */
const TYPES = ['image/png', 'image/jpeg', 'image/webp'];

export const PHOTO_TYPES = TYPES.join(',');

export const isPhoto = (file: File): boolean => TYPES.includes(file.type);

/** Bytes of a picture that is decoded, and pixels along its longer side that are looked at. */
const LARGEST = 64 * 2 ** 20;
const LONGEST_SIDE = 4096;

/** Decodes a photo or screenshot, made smaller where it is larger than is looked at. Throws `invalid-argument`. */
export async function readPhoto(file: File): Promise<PixelPicture> {
  if (!isPhoto(file) || file.size > LARGEST) {
    throw new KeyAreaError('invalid-argument', 'Give a PNG, JPEG or WebP picture of up to 64 MB.');
  }
  const bitmap = await createImageBitmap(file).catch((error) => {
    throw new KeyAreaError('invalid-argument', 'The browser cannot decode this picture.', { cause: error });
  });
  try {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    const width = Math.max(1, Math.round(bitmap.width * scale));
    const height = Math.max(1, Math.round(bitmap.height * scale));
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    if (context === null) throw new Error('The browser gives no canvas.');
    context.drawImage(bitmap, 0, 0, width, height);
    return { width, height, data: context.getImageData(0, 0, width, height).data };
  } finally {
    bitmap.close();
  }
}
