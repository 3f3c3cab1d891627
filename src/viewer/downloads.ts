/** The browser has read a file's address by then, in milliseconds after the click. */
const READ = 60_000;

/**
 * Lets the browser save files; `release` takes back the addresses that they could still be read from.
 * Nothing is saved afterwards.
 */
export class Downloads {
  readonly #addresses = new Map<string, ReturnType<typeof setTimeout>>();

  #released = false;

  save(name: string, parts: BlobPart[], type: string): void {
    if (this.#released) return;
    const url = URL.createObjectURL(new Blob(parts, { type }));
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    this.#addresses.set(
      url,
      setTimeout(() => this.#revoke(url), READ),
    );
  }

  release(): void {
    this.#released = true;
    for (const [url, timer] of this.#addresses) {
      clearTimeout(timer);
      this.#revoke(url);
    }
  }

  #revoke(url: string): void {
    URL.revokeObjectURL(url);
    this.#addresses.delete(url);
  }
}
