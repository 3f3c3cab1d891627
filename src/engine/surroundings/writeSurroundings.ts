import { concatBytes } from '../bytes';
import { KeyAreaError } from '../errors';
import { encodeSurroundingsHeader } from '../header';
import { type Frame, valueMask } from '../pixels/frame';
import { paddingCodes, usedRange } from '../pixels/usedValues';
import { placeSymbol } from '../qr/symbol';
import { prepareAgain } from '../request';
import { type Bands, placeBands } from '../vault/bands';
import { coversFor, mergeOverlapping } from '../vault/cover';
import { paintSymbols } from '../vault/vault';
import { writeUnderSymbols } from '../vault/writeVault';
import type { Task, Written } from '../writer';
import { embedSurroundings } from '.';

/** The two codes a clean symbol is drawn with: the ends of what the image uses, or of what it may use. */
function cleanBands(frame: Frame): Bands {
  const padding = paddingCodes(frame);
  const bands =
    placeBands(usedRange(frame), 0, padding) ??
    placeBands({ minimum: 0, maximum: valueMask(frame) }, 0, padding);
  if (bands) return bands;
  throw new KeyAreaError('unsupported-pixels', 'This image leaves no two values to draw a QR code with.');
}

/**
 * Hides the key areas in the pixels around them, under clean QR codes; without key areas, hides the
 * report alone, and there is no QR code. With `scramble`, hides the outcome once more, in the vault under
 * its own QR codes, and turns everything else to noise.
 * Throws `image-too-small`, `report-too-long`, `unsupported-pixels` and `no-room`.
 */
export async function writeAround(task: Task, scramble: boolean): Promise<Written> {
  const written = await writeClean(task);
  if (!scramble) return written;
  return writeUnderSymbols(prepareAgain(task, written.frame, written.coveredAreas), true);
}

async function writeClean(task: Task): Promise<Written> {
  const { frame, content, job, key, upperBits } = task;
  const { areas } = content;
  const [cover] = areas.length > 0 ? coversFor(frame, mergeOverlapping(areas), job) : [];
  const coveredAreas = cover?.areas ?? [];
  const header = encodeSurroundingsHeader({
    width: frame.width,
    height: frame.height,
    padding: paddingCodes(frame),
    salt: key.salt,
    commitment: await key.commitment(),
    envelopesLength: job.envelopeList.length,
    coveredAreas,
  });
  const list = job.envelopeList;
  const plain = await task.encode(await task.code(coveredAreas));
  const sealed = await key.seal('payload', plain, concatBytes([header, list]));
  const output = embedSurroundings(frame, coveredAreas, header, concatBytes([list, sealed]));
  // Of the output, which may use values that the original does not.
  const bands = cleanBands(output);
  const symbol = cover?.symbol;
  const places = symbol ? coveredAreas.map((area) => placeSymbol(symbol.size, area)) : [];
  if (symbol) paintSymbols(output, bands, coveredAreas, upperBits, symbol, places);
  return { frame: output, coveredAreas, bands, parityShare: 0, toleratedMark: 0, symbol, places };
}
