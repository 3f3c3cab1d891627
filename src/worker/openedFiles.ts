import { KeyAreaError } from '../engine/errors';

interface OpenedFile {
  readonly bytes: Uint8Array;
  readers: number;
  closed: boolean;
}

/** Files that are kept for several requests. One that is closed is wiped, once no request reads it any more. */
export class OpenedFiles {
  readonly #files = new Map<number, OpenedFile>();

  add(handle: number, bytes: Uint8Array): void {
    this.#files.set(handle, { bytes, readers: 0, closed: false });
  }

  /** Does work on a file. Throws `invalid-argument` where it was closed before, else what the work throws. */
  async read<T>(handle: number, work: (bytes: Uint8Array) => Promise<T>): Promise<T> {
    const file = this.#files.get(handle);
    if (file === undefined) throw wasClosed();
    file.readers++;
    try {
      return await work(file.bytes);
    } finally {
      file.readers--;
      wipeUnread(file);
    }
  }

  close(handle: number): void {
    const file = this.#files.get(handle);
    if (file === undefined) return;
    this.#files.delete(handle);
    file.closed = true;
    wipeUnread(file);
  }
}

function wipeUnread({ bytes, readers, closed }: OpenedFile): void {
  if (closed && readers === 0) bytes.fill(0);
}

export const wasClosed = () => new KeyAreaError('invalid-argument', 'This was closed. Start again.');
