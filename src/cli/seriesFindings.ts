import { checkSeries, type Secret, type SeriesMember, type SharedKeys } from '../engine/index';
import { EXIT } from './exitCode';
import type { Input } from './inputs';
import type { Reporter } from './results';
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
  series: readonly Input[],
  members: ReadonlyMap<Input, SeriesMember>,
  reporter: Reporter,
): void {
  const opened = series.filter((input) => members.has(input));
  const [first] = opened;
  if (first === undefined) return;
  const name = first.heading ? `Series ${first.heading.series}` : first.name;
  const report = checkSeries(opened.map((input) => members.get(input) as SeriesMember));
  const list = (items: readonly (string | number)[]): string =>
    `${items.slice(0, NAMED).join(', ')}${items.length > NAMED ? ' ...' : ''}`;
  const names = (places: readonly number[]): string => list(places.map((place) => opened[place].name));
  const numbers = (places: readonly number[]): string => list(places.map((place) => place + 1));
  const found: readonly (readonly [readonly number[], (places: readonly number[]) => string])[] = [
    [
      report.missing,
      (places) => `${places.length} of ${members.get(first)?.count} images missing: ${numbers(places)}`,
    ],
    [report.duplicate, (places) => `more than one image has number ${numbers(places)}`],
    [report.foreign, (places) => `protected in another job: ${names(places)}`],
    [report.outOfPlace, (places) => `not in the order of before: ${names(places)}`],
  ];
  for (const [places, words] of found) {
    if (places.length > 0) reporter.say(`${name}: ${words(places)}`, EXIT.alteredOrDamaged);
  }
}
