/** The browser has read a file's address by then, in milliseconds after the click. */
const READ = 60_000;

/** Lets the browser save files; `release` takes back the addresses that they could still be read from. */
export class Downloads {
  readonly #addresses = new Map<string, ReturnType<typeof setTimeout>>();

  save(name: string, parts: BlobPart[], type: string): void {
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
