import { readFirstPart } from './multipart';

/** One object of a DICOMweb service: how it is asked for, and what an answer holds (WADO-RS, PS3.18, section 10.4). */

/** What names an object. */
export interface ObjectUids {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
}

/** Where an object is, behind the address of a service. */
export const objectPath = ({ study, series, instance }: ObjectUids): string =>
  `/studies/${study}/series/${series}/instances/${instance}`;

const PART10 = 'multipart/related; type="application/dicom"';

/** The status where a server gives nothing of what is accepted. */
const NOT_ACCEPTABLE = 406;

/**
 * Asks for an object in the transfer syntax that it is stored in; a server that knows no such request, for the one
 * that it gives.
 *
 * @param ask sends a request that accepts this
 */
export async function askForObject<T extends { readonly status: number }>(
  ask: (accept: string) => Promise<T>,
): Promise<T> {
  // Without a transfer syntax asked for, a server makes it Explicit VR Little Endian (section 8.7.3.5).
  const answer = await ask(`${PART10}; transfer-syntax=*`);
  return answer.status === NOT_ACCEPTABLE ? ask(PART10) : answer;
}

/** The object in an answer, alone or as the first part, as a view of the body; undefined where it is not whole. */
export function objectIn(body: Uint8Array, contentType: string): Uint8Array | undefined {
  return /^application\/dicom\s*(;|$)/i.test(contentType) ? body : readFirstPart(body, contentType);
}
