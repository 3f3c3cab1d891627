import { Draw, seedRandomness } from './draw';
import { type Fixtures, makeFixtures } from './fixtures';
import { KINDS, type Kind } from './kinds';
import { attack, type Input, type Outcome } from './targets';

/** Where all of a campaign's inputs come from: input `number` is the same whenever it is made. */
export const SEED = 20_001;

const SHARES = KINDS.reduce((sum, { share }) => sum + share, 0);

/** An input, and what it was meant to be. */
export interface Made extends Input {
  readonly kind: string;
}

/** The start of every campaign: fixtures with keys and salts from the seed. */
export async function seededFixtures(): Promise<Fixtures> {
  const stop = seedRandomness(SEED);
  try {
    return await makeFixtures();
  } finally {
    stop();
  }
}

/** Makes input `number`, from 0. */
export async function makeInput(number: number, fixtures: Fixtures): Promise<Made> {
  const draw = new Draw(SEED + Math.imul(number + 1, 0x9e3779b1));
  const kind = kindAt(draw.below(SHARES));
  const stop = seedRandomness(SEED + number);
  try {
    return { kind: kind.name, ...(await kind.make(draw, fixtures)) };
  } finally {
    stop();
  }
}

function kindAt(place: number): Kind {
  let before = 0;
  for (const kind of KINDS) {
    before += kind.share;
    if (place < before) return kind;
  }
  throw new RangeError('there are not as many shares');
}

/** What came of an input: an outcome, or what should never be. */
export type Result = { readonly outcome: Outcome } | { readonly failure: unknown };

export async function tryInput(input: Input, fixtures: Fixtures): Promise<Result> {
  try {
    return { outcome: await attack(input, fixtures) };
  } catch (failure) {
    return { failure };
  }
}

/** How many inputs of each kind came to what. */
export type Counts = Record<string, Record<Outcome, number>>;

export function count(counts: Counts, kind: string, outcome: Outcome, number = 1): void {
  counts[kind] ??= {};
  counts[kind][outcome] = (counts[kind][outcome] ?? 0) + number;
}
