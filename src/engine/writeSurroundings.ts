import { type Bands, paddingCodes, placeBands, usedRange } from './bands';
import { concatBytes } from './bytes';
import { coversFor, mergeOverlapping } from './cover';
import { KeyAreaError } from './errors';
import { type Frame, valueMask } from './frame';
import { encodeSurroundingsHeader } from './header';
import { embedSurroundings } from './surroundings';
import { placeSymbol } from './symbol';
import { paintSymbols } from './vault';
import type { Task, Written } from './writer';

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
 * report alone, and there is no QR code.
 * Throws `image-too-small`, `report-too-long` and `no-room`.
 */
export async function writeAround(task: Task): Promise<Written> {
  const { frame, areas, job, key, salt, upperBits } = task;
  const [cover] = areas.length > 0 ? coversFor(frame, mergeOverlapping(areas), job) : [];
  const coveredAreas = cover?.areas ?? [];
  const header = encodeSurroundingsHeader({
    width: frame.width,
    height: frame.height,
    padding: paddingCodes(frame),
    salt,
    commitment: await key.commitment(salt),
    envelopesLength: job.envelopeList.length,
    coveredAreas,
  });
  const sealed = await key.seal('payload', salt, await task.encode(coveredAreas), header);
  const output = embedSurroundings(frame, coveredAreas, header, concatBytes([job.envelopeList, sealed]));
  const bands = cleanBands(frame);
  if (cover) {
    const places = coveredAreas.map((area) => placeSymbol(cover.symbol.size, area));
    paintSymbols(output, bands, coveredAreas, upperBits, cover.symbol, places);
  }
  return { frame: output, coveredAreas, bands, parityShare: 0, qrText: cover?.symbol.text ?? '' };
}
