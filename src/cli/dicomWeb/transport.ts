import { setTimeout as wait } from 'node:timers/promises';
import { KeyAreaError } from '../../engine/index';
import { CommandError } from '../commandError';

/** How a server is talked to. */
export interface TransportOptions {
  /** The whole value of the Authorization header. */
  readonly authorization?: string;
  /** Requests a second, at most. */
  readonly rate: number;
  readonly signal: AbortSignal;
  /** Milliseconds before the first repetition; each further pause is twice as long. */
  readonly firstPause?: number;
}

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  /** The Warning header (RFC 7234, section 5.5); empty where there is none. */
  readonly warning: string;
  readonly body: Buffer;
}

interface Request {
  readonly method?: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
  /** The longest answer that is read, in bytes. */
  readonly limit: number;
  /** Called before it is sent: from then on the server may have it, whatever is thrown. */
  readonly onSend?: () => void;
}

/** What passes by itself: too many requests, a server that restarts, a proxy in front of it. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);
const ATTEMPTS = 6;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 60_000;

/**
 * Requests to one server: paced, repeated where what went wrong may pass, and with answers of bounded
 * length. The Authorization header goes to no other address: redirects are not followed.
 */
export class Transport {
  readonly #options: TransportOptions;
  #nextTurn = 0;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /**
   * Throws `cancelled`; `server-unreachable` where there is no answer after some attempts, or one that
   * is too long; `server-refused` where the server sends elsewhere or does not know who asks.
   */
  async request(url: URL, request: Request): Promise<Answer> {
    const { signal } = this.#options;
    for (let attempt = 1; ; attempt++) {
      await this.#turn();
      let failure: unknown;
      let pause: number | undefined;
      request.onSend?.();
      try {
        const response = await fetch(url, this.#init(request));
        if (!PASSING.has(response.status) || attempt === ATTEMPTS)
          return await this.#read(response, request, url);
        pause = retryAfter(response.headers.get('retry-after'));
        await response.body?.cancel();
      } catch (error) {
        if (error instanceof CommandError) throw error;
        if (signal.aborted) throw cancelled();
        // What `fetch` and its streams throw where the network fails is a TypeError.
        if ((error as Partial<Error>).name !== 'TypeError') throw error;
        failure = error;
      }
      if (attempt === ATTEMPTS) throw unreachable(url, failure);
      await this.#sleep(pause ?? backOff(attempt, this.#options.firstPause ?? FIRST_PAUSE));
    }
  }

  #init({ method = 'GET', headers, body }: Request): RequestInit {
    const { authorization, signal } = this.#options;
    return {
      method,
      headers: { ...headers, ...(authorization === undefined ? {} : { Authorization: authorization }) },
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
      signal,
    };
  }

  async #read(response: Response, { limit }: Request, url: URL): Promise<Answer> {
    const { status } = response;
    if (status >= 300 && status < 400) {
      throw new CommandError(
        'server-refused',
        `${url.origin} sends elsewhere (${status}). Give the address it sends to.`,
      );
    }
    if (status === 401 || status === 403) {
      throw new CommandError(
        'server-refused',
        `${url.origin} does not let in (${status}). Give a token that may do this, with --token-file.`,
      );
    }
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of response.body ?? []) {
      length += chunk.length;
      // Leaving the loop cancels the rest of the answer.
      if (length > limit) {
        throw new CommandError(
          'server-unreachable',
          `${url.origin} sends more than is read: the answer is longer than ${limit} bytes. Check the address.`,
        );
      }
      chunks.push(chunk);
    }
    return {
      status,
      contentType: response.headers.get('content-type') ?? '',
      warning: response.headers.get('warning') ?? '',
      body: Buffer.concat(chunks),
    };
  }

  /** Waits for this request's turn. */
  async #turn(): Promise<void> {
    const now = performance.now();
    const turn = Math.max(now, this.#nextTurn);
    this.#nextTurn = turn + 1000 / this.#options.rate;
    if (turn > now) await this.#sleep(turn - now);
    if (this.#options.signal.aborted) throw cancelled();
  }

  async #sleep(milliseconds: number): Promise<void> {
    try {
      await wait(milliseconds, undefined, { signal: this.#options.signal });
    } catch {
      throw cancelled();
    }
  }
}

/** Twice as long each time, and a little at random, so that not all that wait come back at once. */
const backOff = (attempt: number, first: number): number =>
  Math.min(LONGEST_PAUSE, first * 2 ** (attempt - 1) * (1 + Math.random() / 4));

/** Milliseconds that the server asks to wait (RFC 9110, section 10.2.3), within reason. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.min(LONGEST_PAUSE, Math.max(0, 1000 * seconds)) : undefined;
}

const unreachable = (url: URL, cause: unknown): CommandError =>
  new CommandError(
    'server-unreachable',
    `${url.origin} cannot be reached. Check the address and the network, then run the same command again.`,
    { cause },
  );

const cancelled = (): KeyAreaError => new KeyAreaError('cancelled', 'Cancelled.');
