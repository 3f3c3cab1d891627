import { KeyAreaError } from '../engine/errors';

/**
 * Throws `invalid-argument` for a file that is larger than the viewer is set to work on.
 *
 * @param bytes the file's size
 * @param largest the largest size allowed, in bytes
 */
export function checkFileSize(bytes: number, largest: number): void {
  if (bytes <= largest) return;
  const [size, limit] = [bytes, largest].map((count) => Math.ceil(count / 2 ** 20));
  throw new KeyAreaError(
    'invalid-argument',
    `This file has ${size} MB; this viewer is set to work on files of up to ${limit} MB. Use the command line, or have largestFile raised.`,
  );
}
