import { ReadError } from '../viewer/port';

/**
 * What a server answers, its beginning or its body. Throws {@link ReadError} where none comes, or not all of it; the
 * signal's reason where the user gave up.
 */
export async function answered<Answer>(answer: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  try {
    return await answer;
  } catch (cause) {
    signal.throwIfAborted();
    throw new ReadError('The server does not answer, or broke off. Try again.', { cause });
  }
}

/** The bytes at an address. Throws {@link ReadError}. */
export async function readAddress(
  address: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<ArrayBuffer> {
  const response = await answered(fetch(address, { headers, signal }), signal);
  if (!response.ok) throw new ReadError(`The file cannot be read (HTTP ${response.status}).`);
  return answered(response.arrayBuffer(), signal);
}
