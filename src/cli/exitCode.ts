import { type ErrorCode, KeyAreaError } from '../engine/index';
import { CommandError } from './commandError';
import { describeFileError, isFileError, isOutOfMemory, OUT_OF_MEMORY } from './fileErrors';

/** What the process ends with. */
export const EXIT = {
  done: 0,
  internalError: 1,
  wrongUsage: 2,
  /** An input, or the file or server that it comes from or goes to. */
  refusedInput: 3,
  wrongKey: 4,
  alteredOrDamaged: 5,
  notProtected: 6,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const BY_ERROR: Record<ErrorCode, ExitCode> = {
  'invalid-argument': EXIT.wrongUsage,
  'no-key-area': EXIT.wrongUsage,
  'insecure-context': EXIT.internalError,
  cancelled: EXIT.internalError,
  'proof-failed': EXIT.internalError,
  'area-outside-image': EXIT.refusedInput,
  'image-too-small': EXIT.refusedInput,
  'report-too-long': EXIT.refusedInput,
  'no-room': EXIT.refusedInput,
  'already-protected': EXIT.refusedInput,
  'not-dicom': EXIT.refusedInput,
  truncated: EXIT.refusedInput,
  'no-pixel-data': EXIT.refusedInput,
  'unsupported-transfer-syntax': EXIT.refusedInput,
  'unsupported-pixels': EXIT.refusedInput,
  incompressible: EXIT.refusedInput,
  'unsupported-version': EXIT.refusedInput,
  'costly-key': EXIT.refusedInput,
  'wrong-key': EXIT.wrongKey,
  damaged: EXIT.alteredOrDamaged,
  altered: EXIT.alteredOrDamaged,
  'stored-with-loss': EXIT.alteredOrDamaged,
  'not-protected': EXIT.notProtected,
};

/** From good to bad; what several inputs came to is the worst that one of them came to. */
export const SEVERITY: readonly ExitCode[] = [
  EXIT.done,
  EXIT.notProtected,
  EXIT.refusedInput,
  EXIT.wrongUsage,
  EXIT.wrongKey,
  EXIT.alteredOrDamaged,
  EXIT.internalError,
];

export const worst = (a: ExitCode, b: ExitCode): ExitCode =>
  SEVERITY[Math.max(SEVERITY.indexOf(a), SEVERITY.indexOf(b))];

/** The exit code, the name and the words of whatever was thrown. */
export function describeFailure(error: unknown): { code: ExitCode; reason: string; message: string } {
  if (error instanceof KeyAreaError) {
    return { code: BY_ERROR[error.code], reason: error.code, message: error.message };
  }
  if (error instanceof CommandError) {
    return { code: EXIT.refusedInput, reason: error.reason, message: error.message };
  }
  if (isFileError(error)) return { code: EXIT.refusedInput, ...describeFileError(error) };
  if (isOutOfMemory(error)) return { code: EXIT.refusedInput, ...OUT_OF_MEMORY };
  const message = error instanceof Error ? error.message : 'Unknown error.';
  return { code: EXIT.internalError, reason: 'internal-error', message };
}
