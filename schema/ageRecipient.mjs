import { bech32 } from '@scure/base';

/** Bytes of the key behind each prefix of an age public key, as age-encryption takes them. */
const KEY_LENGTHS = new Map([
  ['age', 32],
  ['age1pq', 1216],
  ['age1tag', 33],
  ['age1tagpq', 1249],
]);

/**
 * Whether a text is an age public key that was copied whole: its prefix, length and checksum (Bech32,
 * BIP 173; age's specification C2SP.org/age, section "Recipient types").
 *
 * @param {string} text
 * @returns {boolean}
 */
export function isAgeRecipient(text) {
  if (text !== text.toLowerCase()) return false;
  try {
    // Post-quantum keys are longer than Bech32's own limit.
    const { prefix, words } = bech32.decode(/** @type {`${string}1${string}`} */ (text), false);
    return KEY_LENGTHS.get(prefix) === bech32.fromWords(words).length;
  } catch {
    return false; // no Bech32, or a wrong character in it
  }
}
