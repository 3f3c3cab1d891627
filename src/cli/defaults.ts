import defaults from '../../.ohifrc';

/** What the program was built with, from `.ohifrc`: holds where an option says nothing else. */
export function builtIn() {
  const { notice, contact, carrier, qr, workFactor, recoveryRecipients } = defaults.extension;
  return {
    /** The public text, with whom to ask for the key. */
    notice: contact === undefined ? notice : `${notice} ${contact}`,
    carrier,
    qr,
    workFactor,
    /** age public keys that are always added. */
    recoveryKeys: recoveryRecipients.map(({ key }) => key),
  };
}
