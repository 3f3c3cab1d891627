import { KeyAreaError } from './errors';
import type { Carrier } from './opened';
import { type ProtectFrameOptions, prepare } from './request';
import { writeAround } from './surroundings/writeSurroundings';
import { writeUnderSymbols } from './vault/writeVault';
import type { Task, Written } from './writer';

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
 * Does a task with the carrier that is asked for. Where none is: under the QR codes; where these have no room,
 * in the pixels around; without key areas, there too.
 * Throws `image-too-small`, `report-too-long`, `unsupported-pixels` and `no-room`, with the numbers.
 */
export async function write(task: Task, options: ProtectFrameOptions): Promise<Carried> {
  const { carrier, scramble = false, areas } = options;
  const around = async (task: Task): Promise<Carried> => ({
    carrier: 'surroundings',
    ...(await writeAround(task, scramble)),
  });
  if (carrier === 'surroundings' || (carrier === undefined && areas.length === 0)) return around(task);
  try {
    return { carrier: 'vault', ...(await writeUnderSymbols(task, scramble)) };
  } catch (tooFull) {
    if (carrier === 'vault' || !isNoRoom(tooFull)) throw tooFull;
    try {
      // Each carrier gets a task, and so a salt, of its own.
      return await around(prepare(task.frame, task.job, options));
    } catch (error) {
      throw isNoRoom(error) ? noRoomAnywhere(tooFull, error) : tooFull;
    }
  }
}
