import { KeyAreaError } from '../../engine/errors';
import { checkFileSize } from '../../viewer/fileSize';
import { MOST_BYTES, MOST_FILES } from './archives';
import type { ZipEntry } from './zip';

/** The start of a ZIP archive's first entry. */
const SIGNATURE = [0x50, 0x4b, 0x03, 0x04];

/** Records of a ZIP archive (APPNOTE.TXT 6.3, section 4.3), and the lengths of what of them never varies. */
const LOCAL_HEADER = 0x04034b50;
const LOCAL_HEADER_LENGTH = 30;
const CENTRAL_HEADER = 0x02014b50;
const CENTRAL_HEADER_LENGTH = 46;
const END = 0x06054b50;
const END_LENGTH = 22;
const LONGEST_COMMENT = 65535;

const STORED = 0;
const DEFLATED = 8;

export const isZip = (bytes: Uint8Array): boolean => SIGNATURE.every((byte, index) => bytes[index] === byte);

/** A file as the directory lists it. */
interface ListedFile {
  readonly name: string;
  readonly method: number;
  readonly packedLength: number;
  readonly length: number;
  /** Of its local header. */
  readonly offset: number;
}

/**
 * Yields the files of a ZIP archive, one by one, within bounds that hold whatever its directory claims: what
 * all files say they unpack to is summed up before, and a file of which more comes out than it says ends the
 * work there. Folders and what other systems add are left out. The page stays free: the browser inflates on a
 * thread of its own.
 *
 * Throws `invalid-argument` for larger ones and `truncated` for what is no whole archive.
 *
 * @param largestFile bytes of the largest file in it that is worked on
 */
export async function* unzip(
  archive: Uint8Array<ArrayBuffer>,
  largestFile: number,
): AsyncGenerator<ZipEntry> {
  try {
    for (const file of listFiles(archive, largestFile))
      yield { name: file.name, bytes: await contentOf(archive, file) };
  } catch (error) {
    if (error instanceof KeyAreaError) throw error;
    throw new KeyAreaError('truncated', 'This archive is not whole. Download or copy it again.', {
      cause: error,
    });
  }
}

/** Reads the central directory. Throws `RangeError` where it is not whole, and `invalid-argument`. */
function listFiles(archive: Uint8Array, largestFile: number): ListedFile[] {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  const files: ListedFile[] = [];
  let bytes = 0;
  let packed = 0;
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < count; index++) {
    if (view.getUint32(at, true) !== CENTRAL_HEADER) throw new RangeError('no entry where one should be');
    const nameLength = view.getUint16(at + 28, true);
    const nameStart = at + CENTRAL_HEADER_LENGTH;
    const file: ListedFile = {
      name: new TextDecoder().decode(archive.subarray(nameStart, nameStart + nameLength)),
      method: view.getUint16(at + 10, true),
      packedLength: view.getUint32(at + 20, true),
      length: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    };
    at = nameStart + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (file.name.endsWith('/') || file.name.startsWith('__MACOSX/')) continue;
    checkFileSize(file.length, largestFile);
    files.push(file);
    bytes += file.length;
    packed += LOCAL_HEADER_LENGTH + file.packedLength;
    if (files.length > MOST_FILES || bytes > MOST_BYTES) throw tooLarge();
  }
  if (packed > archive.length) throw new RangeError('files lie in one another');
  return files;
}

/** Where the end of the central directory lies: at the end of the archive, but for a comment. */
function findEnd(view: DataView): number {
  const last = view.byteLength - END_LENGTH;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  throw new RangeError('no directory');
}

/** A copy of a file's content. Throws where it is not as the directory says. */
async function contentOf(
  archive: Uint8Array<ArrayBuffer>,
  { method, packedLength, length, offset }: ListedFile,
): Promise<Uint8Array<ArrayBuffer>> {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  if (view.getUint32(offset, true) !== LOCAL_HEADER) throw new RangeError('no file where one should be');
  const start =
    offset + LOCAL_HEADER_LENGTH + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  const packed = archive.subarray(start, start + packedLength);
  if (packed.length !== packedLength) throw new RangeError('a file ends early');
  if (method !== STORED && method !== DEFLATED) throw new RangeError('packed in a way that is not known');
  const content = method === STORED ? packed.slice() : await inflated(packed, length);
  if (content.length !== length) throw new RangeError('a file is not as long as it says');
  return content;
}

/** Inflates (RFC 1951). Throws `RangeError` as soon as more than `limit` bytes came out, else what the stream throws. */
async function inflated(packed: Uint8Array<ArrayBuffer>, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const reader = stream.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    chunks.push(read.value);
    length += read.value.length;
    if (length > limit) {
      await reader.cancel();
      throw new RangeError('more comes out of a file than it says');
    }
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

const tooLarge = (): KeyAreaError =>
  new KeyAreaError(
    'invalid-argument',
    `This archive holds more than ${MOST_FILES} files or ${MOST_BYTES / 2 ** 20} MB. Unpack it, and open the series one by one.`,
  );
