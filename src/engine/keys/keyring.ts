import { KeyAreaError } from '../errors';
import { ContentKey } from './contentKey';
import { kindOf, MAX_ENVELOPES, MOST_WORK_FACTOR, openEnvelope, type Secret, WORK_FACTOR } from './envelope';

/** What knows the keys of envelopes. */
export interface KeySource {
  keysFor(envelopes: readonly Uint8Array[]): AsyncIterable<ContentKey>;
}

/**
 * Opens the envelopes of protected images with one secret, each distinct envelope once: a series
 * costs one key derivation. `dispose` forgets the secret and what it opened.
 */
export class Keyring {
  #secret: Secret | undefined;
  /** Derivations in vain. */
  #failures = 0;
  readonly #usesPassphrase: boolean;
  readonly #workFactor: number;
  readonly #opened = new Map<string, Promise<ContentKey | undefined>>();
  /** @internal Knows what this keyring has opened, until it is disposed of, and derives nothing. */
  readonly opened: KeySource = {
    keysFor: (envelopes) => keysOf(envelopes, async (envelope) => this.#opened.get(envelopeName(envelope))),
  };

  /** @internal Made by {@link createKeyring} or {@link keyringForJob}. */
  constructor(
    secret: Secret | undefined,
    opened: Iterable<[string, ContentKey]> = [],
    workFactor = WORK_FACTOR,
  ) {
    this.#secret = secret;
    this.#workFactor = workFactor;
    this.#usesPassphrase = secret !== undefined && 'passphrase' in secret;
    for (const [name, key] of opened) this.#opened.set(name, Promise.resolve(key));
  }

  /**
   * @internal
   * Yields the keys of those envelopes that the secret opens.
   * Throws `costly-key` where a secret that fits by kind would cost too much to try.
   */
  keysFor(envelopes: readonly Uint8Array[]): AsyncGenerator<ContentKey> {
    return keysOf(envelopes, (envelope) => this.#open(envelope));
  }

  #open(envelope: Uint8Array): Promise<ContentKey | undefined> {
    const name = envelopeName(envelope);
    let opening = this.#opened.get(name);
    if (opening === undefined) {
      if (this.#failures >= MAX_FAILURES) {
        throw new KeyAreaError(
          'costly-key',
          'These images carry more different keys than are tried in one go. Restore them series by series.',
        );
      }
      opening = this.#derive(envelope).then((key) => {
        if (key === undefined && kindOf(envelope) === 'passphrase' && this.#usesPassphrase) this.#failures++;
        return key;
      });
      this.#opened.set(name, opening);
      // What failed, for want of memory perhaps, is tried again the next time.
      opening.catch(() => this.#opened.delete(name));
    }
    return opening;
  }

  async #derive(envelope: Uint8Array): Promise<ContentKey | undefined> {
    const secret = this.#secret;
    if (secret === undefined) return undefined;
    const bytes = await openEnvelope(envelope, secret, this.#workFactor);
    if (bytes === undefined) return undefined;
    try {
      return await ContentKey.fromBytes(bytes);
    } finally {
      bytes.fill(0);
    }
  }

  /** What was opened, as another thread can take it over. */
  async share(): Promise<SharedKeys> {
    const keys: [string, CryptoKey][] = [];
    for (const [name, opening] of this.#opened) {
      const key = await opening;
      if (key) keys.push([name, key.key]);
    }
    return keys;
  }

  /** Forgets the secret and all keys. */
  dispose(): void {
    this.#secret = undefined;
    this.#opened.clear();
  }
}

/** The keys of those envelopes that have one, each looked for when it is its turn. */
async function* keysOf(
  envelopes: readonly Uint8Array[],
  keyOf: (envelope: Uint8Array) => Promise<ContentKey | undefined>,
): AsyncGenerator<ContentKey> {
  for (const envelope of envelopes) {
    const key = await keyOf(envelope);
    if (key) yield key;
  }
}

/** The keys of opened envelopes. Structured clone hands them on, and gives their bytes to nobody. */
export type SharedKeys = readonly (readonly [envelope: string, key: CryptoKey])[];

/** Key derivations that one keyring does in vain, at most: images must not cost more than this. */
const MAX_FAILURES = MAX_ENVELOPES;

/** The envelope's bytes as a map key. */
export function envelopeName(envelope: Uint8Array): string {
  let name = '';
  for (let k = 0; k < envelope.length; k++) name += String.fromCharCode(envelope[k]);
  return name;
}

/** How a keyring opens envelopes. */
export interface KeyringOptions {
  /** What another keyring opened before; it need not be derived again. */
  readonly opened?: SharedKeys;
  /**
   * A person agreed to a derivation that takes more than new images ask for, up to 1 GiB of memory and
   * some seconds. Without it such images are refused with `costly-key`.
   */
  readonly acceptCost?: boolean;
}

/**
 * A keyring for what a person knows (a passphrase) or has (age identities). What is no age identity throws
 * `invalid-argument`: an empty list at once, anything else when the first envelope is opened.
 */
export function createKeyring(
  secret: Secret,
  { opened = [], acceptCost = false }: KeyringOptions = {},
): Keyring {
  if ('identities' in secret && secret.identities.length === 0) {
    throw new KeyAreaError('invalid-argument', 'The identity file holds no identity (AGE-SECRET-KEY-1...).');
  }
  return new Keyring(
    secret,
    opened.map(([name, key]) => [name, new ContentKey(key)]),
    acceptCost ? MOST_WORK_FACTOR : WORK_FACTOR,
  );
}
