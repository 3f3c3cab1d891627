import { KeyAreaError } from './errors';
import type { Frame } from './frame';
import type { ProtectionJob } from './job';
import type { Carrier } from './opened';
import { type ProtectFrameOptions, prepare } from './request';
import type { Written } from './writer';
import { writeAround } from './writeSurroundings';
import { writeUnderSymbols } from './writeVault';

/** What was written, and by which carrier. */
export interface Carried extends Written {
  readonly carrier: Carrier;
}

const isNoRoom = (error: unknown): error is KeyAreaError =>
  error instanceof KeyAreaError && error.code === 'no-room';

/** The error for what neither carrier holds. */
const noRoomAnywhere = (under: KeyAreaError, around: KeyAreaError): KeyAreaError =>
  new KeyAreaError('no-room', `${under.message} ${around.message}`, { cause: around });

/**
 * Writes with the carrier that is asked for. Where none is: under the QR codes; where these have no room,
 * in the pixels around; without key areas, there too.
 * Throws `image-too-small`, `report-too-long`, `unsupported-pixels` and `no-room`, with the numbers.
 */
export async function write(
  frame: Frame,
  job: ProtectionJob,
  options: ProtectFrameOptions,
): Promise<Carried> {
  const { carrier, scramble = false, areas } = options;
  // Each carrier gets a task, and so a salt, of its own.
  const under = async (): Promise<Carried> => ({
    carrier: 'vault',
    ...(await writeUnderSymbols(prepare(frame, job, options), scramble)),
  });
  const around = async (): Promise<Carried> => ({
    carrier: 'surroundings',
    ...(await writeAround(prepare(frame, job, options), scramble)),
  });
  if (carrier === 'surroundings' || (carrier === undefined && areas.length === 0)) return around();
  try {
    return await under();
  } catch (tooFull) {
    if (carrier === 'vault' || !isNoRoom(tooFull)) throw tooFull;
    try {
      return await around();
    } catch (error) {
      throw isNoRoom(error) ? noRoomAnywhere(tooFull, error) : tooFull;
    }
  }
}
