/** A person or a service that images can be protected for. */
export interface Recipient {
  readonly name: string;
  /** age public key, `age1...`, checked. */
  readonly key: string;
}

/** What the panel starts from: the extension's defaults with the site's settings over them. */
export interface PanelSettings {
  /** Public text of the QR. */
  readonly notice: string;
  /** Which images are offered first. */
  readonly scope: 'image' | 'series';
  /** Where the key area is carried, to begin with. */
  readonly carrier: 'automatic' | 'vault' | 'surroundings';
  /** What the QR says, to begin with. */
  readonly qr: 'sealed' | 'notice' | 'open';
  /** The site's directory, in its order; no name twice. */
  readonly recipients: readonly Recipient[];
  /** Can open every image that is protected here, whoever else can. */
  readonly recoveryRecipients: readonly Recipient[];
  /** log2 of scrypt's N for passphrases. */
  readonly workFactor: number;
  /** Bytes of the largest file that is worked on. */
  readonly largestFile: number;
  /**
   * What is wrong with the site's settings, in sentences. Where there are any, nothing may be protected:
   * it might be for the wrong recipients.
   */
  readonly faults: readonly string[];
}
