import type { ViewerPort } from '../../viewer/port';
import type { Handle, KeyAreaService } from '../../viewer/service';

/** The file that plans are made of, kept where they are made, so that it is read and sent once. */
export class KeptFile {
  readonly #port: ViewerPort;
  readonly #service: KeyAreaService;
  #kept:
    | { readonly name: string; readonly opening: AbortController; readonly handle: Promise<Handle> }
    | undefined;

  constructor(port: ViewerPort, service: KeyAreaService) {
    this.#port = port;
    this.#service = service;
  }

  /** True where the file is kept, or on its way. */
  keeps(seriesId: string, fileId: string): boolean {
    return this.#kept?.name === nameOf(seriesId, fileId);
  }

  /** The file's handle; another file that was kept is released. */
  handle(seriesId: string, fileId: string): Promise<Handle> {
    const name = nameOf(seriesId, fileId);
    if (this.#kept?.name === name) return this.#kept.handle;
    this.release();
    const opening = new AbortController();
    const { signal } = opening;
    const handle = this.#port
      .readFile(seriesId, fileId, signal)
      .then((bytes) => this.#service.openFile(bytes, { signal }));
    const kept = { name, opening, handle };
    this.#kept = kept;
    handle.catch(() => {
      // What failed is tried again the next time.
      if (this.#kept === kept) this.#kept = undefined;
    });
    return handle;
  }

  release(): void {
    const kept = this.#kept;
    this.#kept = undefined;
    if (kept === undefined) return;
    kept.opening.abort();
    void kept.handle.then((handle) => this.#service.closeFile(handle)).catch(() => {});
  }
}

const nameOf = (seriesId: string, fileId: string): string => JSON.stringify([seriesId, fileId]);
