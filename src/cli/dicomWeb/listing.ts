import { createHash } from 'node:crypto';
import { firstValue, isUid, type JsonObject } from './json';

/** What names the objects of a list, by what its path ends with. */
const NAMES: Readonly<Record<string, string>> = {
  studies: '0020000D',
  series: '0020000E',
  instances: '00080018',
};

/** What a search has found: each object once, whatever a server says of it the next time. */
export class Listing {
  readonly #name: string;
  readonly #found = new Map<string, JsonObject>();
  #named = 0;

  /** @param path such as `/studies/1.2.3/instances` */
  constructor(path: string) {
    this.#name = NAMES[path.slice(path.lastIndexOf('/') + 1)] ?? '';
  }

  get size(): number {
    return this.#found.size;
  }

  /** How many have a UID, by which alone they are told apart for certain. */
  get named(): number {
    return this.#named;
  }

  get objects(): JsonObject[] {
    return [...this.#found.values()];
  }

  /** Adds a page; false where it brings nothing new. */
  add(page: readonly JsonObject[]): boolean {
    const before = this.size;
    for (const object of page) {
      const uid = firstValue(object, this.#name);
      const isNamed = isUid(uid);
      const key = isNamed ? uid : digestOf(object);
      if (this.#found.has(key)) continue;
      this.#found.set(key, object);
      if (isNamed) this.#named++;
    }
    return this.size > before;
  }
}

/** What tells an object without a UID from others; all that are nested too deep to be written are one. */
function digestOf(object: JsonObject): string {
  try {
    return createHash('sha256').update(JSON.stringify(object)).digest('base64');
  } catch (error) {
    if (error instanceof RangeError) return 'nested too deep';
    throw error;
  }
}
