import type { Keyring } from '../engine/index';
import type { FileOptions } from './options';
import { type RestoredFile, restoreFile } from './restore';

/**
 * What verifying a protected file comes to.
 * - `verified`: every pixel is what was protected.
 * - `repaired`: likewise, after damage of the hidden data was computed away.
 * - `altered`: the key areas are exact, and pixels outside them are not what was protected, or attributes that say
 *   what pixels mean or where they lie.
 */
export type Outcome = 'verified' | 'repaired' | 'altered';

/** All that restoring tells of a file, but for the file. */
export interface FileVerdict extends Omit<RestoredFile, 'file'> {
  readonly outcome: Outcome;
}

/**
 * Tells what restoring a protected file would come to, and hands no pixels out.
 *
 * Throws what {@link restoreFile} throws, `altered` only where frames are another image's or out of
 * place, or the whole picture was turned or moved.
 */
export async function verifyFile(
  bytes: Uint8Array,
  keyring: Keyring,
  options: FileOptions = {},
): Promise<FileVerdict> {
  const { file: _, ...verdict } = await restoreFile(bytes, keyring, { ...options, acceptAltered: true });
  const intact = verdict.repairedSegments > 0 ? 'repaired' : 'verified';
  const isAltered = !verdict.pixelsVerified || verdict.meaningChanged.length > 0;
  return { ...verdict, outcome: isAltered ? 'altered' : intact };
}
