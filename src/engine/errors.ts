/**
 * What can go wrong, by name. The codes are stable: the command line's exit codes, the panel's
 * texts and other extensions depend on them.
 */
export type ErrorCode =
  // The call itself is wrong.
  | 'invalid-argument'
  | 'insecure-context'
  | 'cancelled'
  // The input is refused; nothing was written.
  | 'no-key-area'
  | 'area-outside-image'
  | 'image-too-small'
  | 'report-too-long'
  | 'no-room'
  | 'already-protected'
  | 'not-dicom'
  | 'truncated'
  | 'no-pixel-data'
  | 'unsupported-transfer-syntax'
  | 'unsupported-pixels'
  | 'incompressible'
  | 'unsupported-version'
  | 'costly-key'
  // The key does not open it.
  | 'wrong-key'
  // It was altered or damaged on the way.
  | 'damaged'
  | 'altered'
  // Its pixels were stored with loss (JPEG and the like); the report may still be read from the QR code.
  | 'stored-with-loss'
  // There is nothing to restore.
  | 'not-protected'
  // The proof of our own output failed: a defect of this software, never of the input.
  | 'proof-failed';

/** What may be said with an error. */
export interface KeyAreaErrorOptions extends ErrorOptions {
  /** An image is refused since it was altered, and what is left of it can be restored where that is accepted. */
  readonly acceptable?: boolean;
}

/**
 * The one error class of this project. `message` says what happened and what to do; it never
 * contains a passphrase, a report or pixel values.
 */
export class KeyAreaError extends Error {
  /** Always `KeyAreaError`. */
  override readonly name = 'KeyAreaError';
  /** Where altered images are accepted, the same call restores what can be of this one. */
  readonly acceptable: boolean;

  constructor(
    /** What went wrong, for programs. */
    readonly code: ErrorCode,
    message: string,
    { acceptable = false, ...options }: KeyAreaErrorOptions = {},
  ) {
    super(message, options);
    this.acceptable = acceptable;
  }
}
