import type { RestoredFrame } from './restore';

/** Where a restored image stood in the job that protected it. */
export type SeriesMember = Pick<RestoredFrame, 'jobId' | 'index' | 'count'>;

/** What is wrong with a series as it came back; all lists empty where nothing is. Places count from 0. */
export interface SeriesReport {
  /** Places in the given list whose image belongs to another job than {@link firstOfLargestJob}. */
  readonly foreign: readonly number[];
  /** Places in the job that none of the images had. */
  readonly missing: readonly number[];
  /** Places in the job that more than one image had. */
  readonly duplicate: readonly number[];
  /** Places in the given list whose image is shown behind one that was protected after it. */
  readonly outOfPlace: readonly number[];
}

/**
 * The first image of the job that most of the images, one at least, belong to; of the earlier one where two have as many.
 * So one that was put in from elsewhere does not speak for a series, wherever it stands.
 */
export function firstOfLargestJob<Member extends SeriesMember>(images: readonly Member[]): Member {
  const jobs = new Map<string, Member[]>();
  for (const image of images) {
    const name = image.jobId.join();
    const members = jobs.get(name) ?? [];
    members.push(image);
    jobs.set(name, members);
  }
  const [largest] = [...jobs.values()].sort((a, b) => b.length - a.length);
  return largest[0];
}

/**
 * Checks restored images, in the order in which they are shown, against the job that protected most of them. Nothing is
 * said of the order among neighbours for which `tie` holds: none of them is shown before the other.
 */
export function checkSeries(
  images: readonly SeriesMember[],
  tie: (place: number, next: number) => boolean = () => false,
): SeriesReport {
  if (images.length === 0) return { foreign: [], missing: [], duplicate: [], outOfPlace: [] };
  const first = firstOfLargestJob(images);
  const job = first.jobId.join();
  const foreign: number[] = [];
  const outOfPlace: number[] = [];
  const seen = new Map<number, number>();
  let latest = -1;
  /** Of those that are shown before this image. */
  let latestBefore = -1;
  images.forEach(({ jobId, index }, place) => {
    if (place > 0 && !tie(place - 1, place)) latestBefore = latest;
    if (jobId.join() !== job) {
      foreign.push(place);
      return;
    }
    if (index < latestBefore) outOfPlace.push(place);
    latest = Math.max(latest, index);
    seen.set(index, (seen.get(index) ?? 0) + 1);
  });
  const highest = Math.min(MAX_IMAGES, Math.max(latest + 1, first.count));
  const places = Array.from({ length: highest }, (_, index) => index);
  return {
    foreign,
    missing: places.filter((index) => !seen.has(index)),
    duplicate: [...seen].filter(([, times]) => times > 1).map(([index]) => index),
    outOfPlace,
  };
}

/** Images of a job that are counted, at most: the count comes from an image. */
const MAX_IMAGES = 65536;
