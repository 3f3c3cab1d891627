import { MultipartError, readMultipart } from '../../demo/multipart.mjs';
import { decodePicture } from '../../src/cli/picture';
import { readNative } from '../../src/dicom/decode/native';
import { frameCells, pixelLayout } from '../../src/dicom/image/pixels';
import {
  inspectFile,
  isOriginal,
  planFile,
  protectFile,
  type RestoredFile,
  restoreFile,
  suggestFile,
  verifyFile,
} from '../../src/dicom/index';
import { readFirstPart } from '../../src/dicom/web/multipart';
import { equalBytes } from '../../src/engine/bytes';
import {
  createKeyring,
  type ErrorCode,
  KeyAreaError,
  type Keyring,
  openQrText,
  scanPicture,
} from '../../src/engine/index';
import { settingsFaults } from '../../src/hosts/settingsFaults';
import { unzip } from '../../src/panel/files/unzip';
import { PATIENT_NAME } from '../dicom/builder';
import { PASSPHRASE, REPORT } from '../dicom/support';
import { type Fixtures, keyringFor } from './fixtures';

/** What is attacked: each takes bytes, and comes to a right answer or to an error with a code. */

/** What an input was made of, and what the attacker needs to have. */
export interface Input {
  readonly target: TargetName;
  readonly bytes: Uint8Array;
  /** The original of the protected file that the input was made of. */
  readonly original?: Uint8Array;
}

/** A word for what came of an input, an error's code among them. */
export type Outcome = string;

/** An answer that is wrong: what no input may bring about. */
export class WrongAnswer extends Error {}

type Target = (bytes: Uint8Array, fixtures: Fixtures, original?: Uint8Array) => Promise<Outcome> | Outcome;

async function withKeyring<Result>(
  fixtures: Fixtures,
  use: (keyring: Keyring) => Promise<Result>,
): Promise<Result> {
  const keyring = keyringFor(fixtures);
  try {
    return await use(keyring);
  } finally {
    keyring.dispose();
  }
}

/** The cells of every frame, as they lie in the engine's hands. */
async function cellsOf(bytes: Uint8Array): Promise<Uint8Array[]> {
  const { file } = await readNative(bytes);
  const layout = pixelLayout(file);
  return Array.from({ length: layout.frames }, (_, index) => {
    const cells = frameCells(file.bytes, layout, index + 1);
    return new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength);
  });
}

/** A file, its pixels or a frame of them are called verified: then they are the original's. */
async function checkRestored(restored: RestoredFile, original: Uint8Array | undefined): Promise<Outcome> {
  const { file, pixelsVerified, fileVerified, lostFrames } = restored;
  if (original !== undefined && fileVerified && !equalBytes(file, original))
    throw new WrongAnswer('a file is called verified and is not the original');
  if (original !== undefined && pixelsVerified) {
    const [now, then] = [await cellsOf(file), await cellsOf(original)];
    if (now.length !== then.length || !now.every((cells, index) => equalBytes(cells, then[index])))
      throw new WrongAnswer('pixels are called verified and are not the original ones');
  }
  if (original !== undefined && lostFrames.length > 0) await checkOtherFrames(restored, original);
  if (lostFrames.length > 0) return 'frames lost, and said so';
  return fileVerified ? 'file verified' : pixelsVerified ? 'pixels verified' : 'altered, and said so';
}

/** Of a file that lost frames, those that are not said to be lost or altered are the original ones. */
async function checkOtherFrames(
  { file, lostFrames, altered, unprotectedFramesAltered, meaningChanged }: RestoredFile,
  original: Uint8Array,
): Promise<void> {
  if (unprotectedFramesAltered || meaningChanged.length > 0) return;
  const [now, then] = [await cellsOf(file), await cellsOf(original)];
  const told = new Set([...lostFrames, ...altered.map(({ frame }) => frame)]);
  if (!now.every((cells, index) => told.has(index + 1) || equalBytes(cells, then[index])))
    throw new WrongAnswer('a frame is called restored and is not the original one');
}

/** A small area in the upper left corner: whatever the image is like, it may be asked for. */
const CORNER = { areas: [{ rectangle: { x: 2, y: 1, width: 40, height: 40 } }] };

const targets = {
  restore: (bytes, fixtures, original) =>
    withKeyring(fixtures, async (keyring) => {
      const restored = await restoreFile(bytes, keyring, { originalUIDs: true });
      return checkRestored(restored, original);
    }),

  verify: (bytes, fixtures) =>
    withKeyring(fixtures, async (keyring) => {
      const { outcome, pixelsVerified, lostFrames, meaningChanged } = await verifyFile(bytes, keyring);
      const allAsBefore = pixelsVerified && meaningChanged.length === 0;
      if (isOriginal(outcome) !== allAsBefore || (outcome === 'damaged') !== lostFrames.length > 0)
        throw new WrongAnswer('verdict and findings differ');
      return outcome;
    }),

  'restore or say why not': (bytes, fixtures, original) =>
    withKeyring(fixtures, async (keyring) => {
      const restored = await restoreFile(bytes, keyring, { originalUIDs: true, acceptAltered: true });
      const outcome = await checkRestored(restored, original);
      return restored.repairedSegments > 0 ? `${outcome}, after repair` : outcome;
    }),

  'restore with another key': async (bytes) => {
    await restoreFile(bytes, createKeyring({ passphrase: 'another passphrase' }));
    throw new WrongAnswer('another key opens it');
  },

  inspect: async (bytes) => {
    const { frames, protectedFrames } = await inspectFile(bytes);
    if (protectedFrames < 1 || protectedFrames > frames) throw new WrongAnswer('more frames than there are');
    return 'inspected';
  },

  suggest: async (bytes) => {
    const { file } = await readNative(bytes);
    const { width, height } = pixelLayout(file);
    for (const { rectangle: area } of await suggestFile(bytes, 1)) {
      const inside =
        area.x >= 0 && area.y >= 0 && area.x + area.width <= width && area.y + area.height <= height;
      if (!inside) throw new WrongAnswer('a suggestion lies outside the image');
    }
    return 'suggested';
  },

  plan: async (bytes, { job }) => {
    await planFile(bytes, job, 1, CORNER);
    return 'planned';
  },

  protect: async (bytes, { job, opened }) => {
    const { original } = await readNative(bytes);
    const { file } = await protectFile(bytes, job, CORNER);
    const keyring = createKeyring({ passphrase: PASSPHRASE }, { opened });
    const restored = await restoreFile(file, keyring);
    if (!restored.fileVerified || !equalBytes(restored.file, original.bytes))
      throw new WrongAnswer('what was protected does not come back');
    return 'protected and restored';
  },

  unzip: async (bytes) => {
    let files = 0;
    for await (const _ of unzip(new Uint8Array(bytes), Number.POSITIVE_INFINITY)) files++;
    return `${Math.min(2, files)} files or more`;
  },

  picture: (bytes) => (scanPicture(decodePicture(bytes)).length > 0 ? 'read' : 'nothing read'),

  /** Four bytes for width and height, then the picture's own. */
  scan: (bytes) => {
    const [width = 0, high = 0, height = 0, low = 0] = bytes;
    const data = new Uint8ClampedArray(bytes.slice(4));
    const picture = { width: width + 256 * high, height: height + 256 * low, data };
    return scanPicture(picture).length > 0 ? 'read' : 'nothing read';
  },

  'qr text': (bytes, fixtures) =>
    withKeyring(fixtures, async (keyring) => {
      await openQrText(Buffer.from(bytes).toString('utf8'), keyring);
      return 'report read';
    }),

  settings: (bytes) => {
    let settings: unknown;
    try {
      settings = JSON.parse(Buffer.from(bytes).toString('utf8'));
    } catch {
      return 'no JSON';
    }
    return settingsFaults(settings, 'keyAreaProtection').length > 0 ? 'faults' : 'no faults';
  },

  /** A line with the content type, then the body. */
  multipart: (bytes) => {
    const message = Buffer.from(bytes);
    const end = message.indexOf('\n');
    const contentType = message.toString('latin1', 0, Math.max(0, end));
    const body = message.subarray(end + 1);
    readFirstPart(body, contentType);
    try {
      return `${Math.min(2, readMultipart(body, contentType).length)} parts or more`;
    } catch (error) {
      if (error instanceof MultipartError) return 'refused';
      throw error;
    }
  },
} satisfies Record<string, Target>;

export type TargetName = keyof typeof targets;

/** Codes that no input may come to: they speak of this software, or of nobody's wish. */
const NEVER: ReadonlySet<ErrorCode> = new Set(['proof-failed', 'insecure-context', 'cancelled']);
const SECRETS = [PASSPHRASE, REPORT, PATIENT_NAME];

/**
 * Puts an input to its target. Gives what came of it; throws `WrongAnswer`, or whatever else the target
 * threw that is no `KeyAreaError`.
 */
export async function attack({ target, bytes, original }: Input, fixtures: Fixtures): Promise<Outcome> {
  try {
    return await targets[target](bytes, fixtures, original);
  } catch (error) {
    if (!(error instanceof KeyAreaError)) throw error;
    if (NEVER.has(error.code)) throw new WrongAnswer(`${error.code}: ${error.message}`, { cause: error });
    if (SECRETS.some((secret) => error.message.includes(secret)))
      throw new WrongAnswer('a message tells a secret', { cause: error });
    return error.code;
  }
}
