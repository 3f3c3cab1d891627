import { ReadError } from '../viewer/port';

/**
 * Asks a server with what lets the viewer's user in. That goes along no redirect: with it, none is followed.
 *
 * @param authorization headers; none where anybody is let in
 */
export function ask(
  address: string,
  authorization: Readonly<Record<string, string>>,
  { headers, ...request }: RequestInit & { readonly headers?: Record<string, string> },
): Promise<Response> {
  const redirect = Object.keys(authorization).length > 0 ? 'error' : 'follow';
  return fetch(address, { ...request, headers: { ...authorization, ...headers }, redirect });
}

const notAnswered = (cause: unknown): Error =>
  new ReadError('The server does not answer, sends elsewhere, or broke off. Try again.', { cause });

/**
 * What a server answers, its beginning or its body. Throws the signal's reason where the user gave up, and where none
 * comes otherwise, or not all of it, the failure: a {@link ReadError} where left out.
 */
export async function answered<Answer>(
  answer: Promise<Answer>,
  signal: AbortSignal,
  failure = notAnswered,
): Promise<Answer> {
  try {
    return await answer;
  } catch (cause) {
    signal.throwIfAborted();
    throw failure(cause);
  }
}

/** The error for an answer that hands nothing out; `said` in words. */
export const notHandedOut = (said: string, { status }: Response): ReadError =>
  new ReadError(`${said} (HTTP ${status}).`, { missing: status === 404 || status === 410 });

/** The bytes at an address. Throws {@link ReadError}. */
export async function readAddress(
  address: string,
  authorization: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ArrayBuffer> {
  const response = await answered(ask(address, authorization, { signal }), signal);
  if (!response.ok) throw notHandedOut('The file cannot be read', response);
  return answered(response.arrayBuffer(), signal);
}
