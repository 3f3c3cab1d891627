import {
  checkSeries,
  firstOfLargestJob,
  type Secret,
  type SeriesMember,
  type SharedKeys,
} from '../engine/index';
import { EXIT } from './exitCode';
import type { Input } from './inputs';
import type { Reporter } from './results';
import { namesAloneOrder } from './series';
import type { SeriesKeys } from './work/task';

/** What is known of a series while its images are opened. */
export interface OpenedSeries {
  readonly members: ReadonlyMap<Input, SeriesMember>;
  /** What opens its images: the secret, and what it has opened so far. */
  keys(): SeriesKeys;
  /** Notes an image that was opened. */
  note(input: Input, opened: SharedKeys, member: SeriesMember): void;
}

/** Begins one series after the other. */
export function openedSeries(secret: Secret): () => OpenedSeries {
  let count = 0;
  return () => {
    const series = `${count++}`;
    const members = new Map<Input, SeriesMember>();
    let known: SharedKeys = [];
    return {
      members,
      keys: () => ({ series, secret, opened: known }),
      note: (input, opened, { jobId, index, count: images }) => {
        known = opened;
        members.set(input, { jobId, index, count: images });
      },
    };
  };
}

/** Images named in one finding, at most. */
const NAMED = 5;

/** Says what is wrong with a series as a whole: images missing, doubled, exchanged or out of place. */
export function reportFindings(
  images: readonly Input[],
  members: ReadonlyMap<Input, SeriesMember>,
  reporter: Reporter,
): void {
  const opened = images.filter((input) => members.has(input));
  const [first] = opened;
  if (first === undefined) return;
  const [series, name] = first.heading
    ? [first.heading.series, `Series ${first.heading.series}`]
    : [first.name, first.name];
  const opening = opened.map((input) => members.get(input) as SeriesMember);
  const report = checkSeries(opening, (place, next) => namesAloneOrder(opened[place], opened[next]));
  const names = (places: readonly number[]): string[] => places.map((place) => opened[place].name);
  const numbers = (places: readonly number[]): number[] => places.map((place) => place + 1);
  const found = {
    missing: numbers(report.missing),
    duplicate: numbers(report.duplicate),
    foreign: names(report.foreign),
    outOfPlace: names(report.outOfPlace),
  };
  const words: Record<keyof typeof found, (items: string) => string> = {
    missing: (items) =>
      `${found.missing.length} of ${firstOfLargestJob(opening).count} images missing: ${items}`,
    duplicate: (items) => `more than one image has number ${items}`,
    foreign: (items) => `protected in another job: ${items}`,
    outOfPlace: (items) => `not in the order of before: ${items}`,
  };
  const kinds = Object.keys(words) as (keyof typeof found)[];
  const messages = kinds
    .filter((kind) => found[kind].length > 0)
    .map((kind) => `${name}: ${words[kind](list(found[kind]))}`);
  if (messages.length === 0) return;
  const code = EXIT.alteredOrDamaged;
  reporter.find({ series, ok: false, code, ...found }, messages, code);
}

const list = (items: readonly (string | number)[]): string =>
  `${items.slice(0, NAMED).join(', ')}${items.length > NAMED ? ' ...' : ''}`;
