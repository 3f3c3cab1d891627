import { KeyAreaError } from '../engine/errors';

/** What every operation on a file understands. */
export interface FileOptions {
  /** Called after each frame with the number of frames done and of all. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops the work between two frames, with `cancelled`. */
  readonly signal?: AbortSignal;
}

/** Throws `cancelled` where the user has given up. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new KeyAreaError('cancelled', 'Cancelled. Nothing was written.');
}

/** True for what {@link throwIfCancelled} throws. */
export const isCancelled = (error: unknown): error is KeyAreaError =>
  error instanceof KeyAreaError && error.code === 'cancelled';
