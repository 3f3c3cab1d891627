import type { Keyring } from '../engine/index';
import type { FileOptions } from './options';
import { type RestoredFile, restoreFile } from './restore';

/** All that restoring tells of a file, but for the file. */
export type FileVerdict = Omit<RestoredFile, 'file'>;

/**
 * Tells what restoring a protected file would come to, and hands no pixels out.
 *
 * Throws what {@link restoreFile} throws, `altered` only where frames are another image's or out of
 * place, or the whole picture was turned or moved, and `damaged` and `stored-with-loss` only where nothing can come back.
 */
export async function verifyFile(
  bytes: Uint8Array,
  keyring: Keyring,
  options: FileOptions = {},
): Promise<FileVerdict> {
  const { file: _, ...verdict } = await restoreFile(bytes, keyring, { ...options, acceptAltered: true });
  return verdict;
}
