import packageJson from '../../../package.json';
import type { Rectangle } from '../../engine/pixels/frame';
import type { ZipEntry } from './zip';

/** The name that it has in an archive. */
export const MANIFEST = 'manifest.json';

/** What an archive says of itself, beside its files: facts to check them by, nothing of the patient. */
export interface Manifest {
  readonly software: string;
  readonly version: string;
  /** Public text of the QR codes. */
  readonly notice?: string;
  /** What the QR codes cover, in image pixels. */
  readonly coveredAreas?: readonly Rectangle[];
  readonly files: readonly {
    readonly name: string;
    /** Of the file's bytes, in hexadecimal. */
    readonly sha256: string;
    readonly content: Content;
  }[];
}

/** `unchanged` are images of the same series that were not protected. */
export type Content = 'protected' | 'unchanged' | 'restored' | 'altered';

export type ContentEntry = ZipEntry & { readonly content: Content };

/** The manifest of an archive as one more file of it. */
export async function manifestEntry(
  entries: readonly ContentEntry[],
  facts: Pick<Manifest, 'notice' | 'coveredAreas'>,
): Promise<ZipEntry> {
  const files = await Promise.all(
    entries.map(async ({ name, bytes, content }) => ({ name, sha256: await hashOf(bytes), content })),
  );
  const manifest: Manifest = {
    software: 'Key Area Protection',
    version: packageJson.version,
    ...facts,
    files,
  };
  return { name: MANIFEST, bytes: new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`) };
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
