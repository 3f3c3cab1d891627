/** What can go wrong outside the engine: among files and servers. */
export type CommandErrorReason =
  /** Something else is where the output has to go. */
  | 'output-exists'
  /** The server cannot be reached, or does not answer as a DICOMweb server does. */
  | 'server-unreachable'
  | 'server-refused'
  /** The server took it, or may have taken it, and something else or nothing was read back. */
  | 'stored-otherwise'
  /** The server took an object whose report cannot be written. */
  | 'report-missing';

/** A failure with a name and words that tell what to do. The words never hold a key or a token. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    readonly reason: CommandErrorReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
