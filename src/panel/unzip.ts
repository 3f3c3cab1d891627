import { unzipSync } from 'fflate';
import { KeyAreaError } from '../engine/errors';
import type { ZipEntry } from './zip';

/** Bounds of an archive that is opened: files in it, and bytes of all of them once unpacked. */
const MAX_FILES = 5000;
const MAX_BYTES = 2 ** 30;

/** The start of a ZIP archive's first entry. */
const SIGNATURE = [0x50, 0x4b, 0x03, 0x04];

export const isZip = (bytes: Uint8Array): boolean => SIGNATURE.every((byte, index) => bytes[index] === byte);

/**
 * The files of a ZIP archive, within bounds that hold whatever its directory claims: a file is unpacked
 * into as many bytes as its entry says, and what all say is summed up before. Folders and what other
 * systems add are left out.
 *
 * Throws `invalid-argument` for larger ones and `damaged` for what is no whole archive.
 */
export function unzip(archive: Uint8Array): ZipEntry[] {
  let files = 0;
  let bytes = 0;
  let tooLarge = false;
  try {
    const unpacked = unzipSync(archive, {
      filter: ({ name, originalSize }) => {
        if (name.endsWith('/') || name.startsWith('__MACOSX/')) return false;
        files++;
        bytes += originalSize;
        tooLarge ||= files > MAX_FILES || bytes > MAX_BYTES;
        return !tooLarge;
      },
    });
    if (!tooLarge) {
      return Object.entries(unpacked).map(([name, content]) => ({
        name,
        bytes: content as Uint8Array<ArrayBuffer>,
      }));
    }
  } catch (error) {
    throw new KeyAreaError('damaged', 'This archive is not whole, so it cannot be opened.', { cause: error });
  }
  throw new KeyAreaError(
    'invalid-argument',
    `This archive holds more than ${MAX_FILES} files or ${MAX_BYTES / 2 ** 20} MB. Unpack it, and open the series one by one.`,
  );
}
