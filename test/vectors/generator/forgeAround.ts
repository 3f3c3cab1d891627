import type { Frame, ProtectionJob, Rectangle, Secret } from '../../../src/engine';
import { concatBytes } from '../../../src/engine/bytes';
import { encodeSurroundingsHeader } from '../../../src/engine/header';
import { kindOf } from '../../../src/engine/keys/envelope';
import { upperBitsOf, withSamples } from '../../../src/engine/pixels/frame';
import { writeBits } from '../../../src/engine/pixels/lowestBits';
import { paddingCodes, usedRange } from '../../../src/engine/pixels/usedValues';
import { placeSymbol } from '../../../src/engine/qr/symbol';
import { prepare, prepareAgain } from '../../../src/engine/request';
import { embedSurroundings, sitesOf } from '../../../src/engine/surroundings';
import { MAX_PARAMETERS_LENGTH } from '../../../src/engine/surroundings/parameters';
import { findSite, pixelsOf } from '../../../src/engine/surroundings/site';
import { placeBands } from '../../../src/engine/vault/bands';
import { coversFor } from '../../../src/engine/vault/cover';
import { paintSymbols } from '../../../src/engine/vault/vault';
import { writeUnderSymbols } from '../../../src/engine/vault/writeVault';
import type { Task } from '../../../src/engine/writer';
import { sealChecksum } from './forge';

/** Protects in the surroundings, as `forge` does under the symbols, and lies where it is told to. */

export interface AroundRecipe {
  /** None: the report alone is hidden. */
  readonly areas: readonly Rectangle[];
  readonly index?: number;
  readonly count?: number;
  readonly attachment?: Uint8Array;
  /** In place of the job's list of envelopes. */
  readonly envelopeList?: Uint8Array;
  /** Header bytes that the payload is sealed with; the CRC-32 is computed again. */
  readonly headerBytes?: (bytes: Uint8Array) => unknown;
  readonly sealed?: (sealed: Uint8Array) => Uint8Array;
  /** What is hidden, where it is not what was asked for. */
  readonly task?: (task: Task) => Task;
}

export interface AroundForgery {
  readonly original: Frame;
  readonly frame: Frame;
  readonly job: ProtectionJob;
  readonly recipe: AroundRecipe;
  readonly secret: Secret;
  readonly keys: string[];
  readonly headerBytes: Uint8Array;
  /** Which of the four paths the header lies on. */
  readonly site: number;
  readonly layout: { readonly coveredAreas: readonly Rectangle[] };
  readonly qrText: string;
  readonly task: Task;
}

export async function forgeAround(
  original: Frame,
  job: ProtectionJob,
  secret: Secret,
  recipe: AroundRecipe,
): Promise<AroundForgery> {
  const honest = prepare(original, job, recipe);
  const task = recipe.task?.(honest) ?? honest;
  const { key } = task;
  const [cover] = recipe.areas.length > 0 ? coversFor(original, recipe.areas, job) : [];
  const coveredAreas = cover?.areas ?? [];
  const envelopeList = recipe.envelopeList ?? job.envelopeList;
  const headerBytes = encodeSurroundingsHeader({
    width: original.width,
    height: original.height,
    padding: paddingCodes(original),
    salt: key.salt,
    commitment: await key.commitment(),
    envelopesLength: envelopeList.length,
    coveredAreas,
  });
  recipe.headerBytes?.(headerBytes);
  sealChecksum(headerBytes);
  const plain = await task.encode(await task.code(coveredAreas));
  const sealed = await key.seal('payload', plain, concatBytes([headerBytes, envelopeList]));
  const payload = concatBytes([envelopeList, recipe.sealed?.(sealed) ?? sealed]);
  const frame = embedSurroundings(original, coveredAreas, headerBytes, payload);
  if (cover) {
    const bands = placeBands(usedRange(original), 0, paddingCodes(original));
    if (bands === undefined) throw new Error('no two values to draw with');
    const places = coveredAreas.map((area) => placeSymbol(cover.symbol.size, area));
    paintSymbols(frame, bands, coveredAreas, upperBitsOf(original), cover.symbol, places);
  }
  return {
    original,
    frame,
    job,
    recipe,
    secret,
    keys: job.envelopes.map(kindOf),
    headerBytes,
    site: sitesOf(frame, headerBytes)[0]!,
    layout: { coveredAreas },
    qrText: cover?.symbol.text ?? '',
    task,
  };
}

/** The same picture with other bytes where its header lies. */
export function withHeaderAround(forgery: AroundForgery, bytes: Uint8Array): AroundForgery {
  const found = findSite(forgery.frame, forgery.site, 8 * bytes.length);
  if (found === undefined) throw new Error('no room for the header');
  const samples = forgery.frame.samples.slice();
  writeBits(samples, found.path, bytes);
  return { ...forgery, frame: withSamples(forgery.frame, samples) };
}

/** Column and row of the first sample that differs because it carries, the header's left out. */
export function firstCarrier({ original, frame, headerBytes, site }: AroundForgery): [number, number] {
  const found = findSite(frame, site, 8 * (headerBytes.length + MAX_PARAMETERS_LENGTH));
  const taken = new Set(found && pixelsOf(frame, found));
  const { width, samplesPerPixel } = frame;
  const pixel = Math.floor(
    frame.samples.findIndex(
      (cell, k) => cell !== original.samples[k] && !taken.has(Math.floor(k / samplesPerPixel)),
    ) / samplesPerPixel,
  );
  return [pixel % width, Math.floor(pixel / width)];
}

/** The same picture with one sample changed. */
export function withSample(forgery: AroundForgery, x: number, y: number): AroundForgery {
  const { frame } = forgery;
  const samples = frame.samples.slice();
  samples[(y * frame.width + x) * frame.samplesPerPixel] ^= 1;
  return { ...forgery, frame: withSamples(frame, samples) };
}

/** A forgery that was protected once more, scrambled. */
export interface NestedForgery extends AroundForgery {
  readonly bitsPerSample: number;
}

/** Scrambles on top of a forgery; `carried` is what the vault says that it gives back. */
export async function forgeNested(
  forgery: AroundForgery,
  carried: Frame = forgery.frame,
): Promise<NestedForgery> {
  const task = prepareAgain(forgery.task, carried, forgery.layout.coveredAreas);
  const { frame, bands, coveredAreas, symbol } = await writeUnderSymbols(task, true);
  return {
    ...forgery,
    frame,
    bitsPerSample: bands.bits,
    layout: { coveredAreas },
    qrText: symbol?.text ?? '',
  };
}
