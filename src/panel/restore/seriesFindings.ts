import { checkSeries, type SeriesMember } from '../../engine/series';
import type { SeriesFindings } from './restoring';

/**
 * Checks restored files, in the order in which they are shown, against the job that protected most of them.
 * `positions` has the place of each file's first image in the series, from 1.
 */
export function findingsOf(members: readonly SeriesMember[], positions: readonly number[]): SeriesFindings {
  const report = checkSeries(members);
  // A series that is merely sorted the other way round was not mixed up.
  const reversed = checkSeries([...members].reverse()).outOfPlace.map((place) => members.length - 1 - place);
  const outOfPlace = report.outOfPlace.length === 0 || reversed.length === 0 ? [] : report.outOfPlace;
  const seen = new Set<number>();
  const duplicate = members.flatMap(({ index }, place) => {
    if (report.foreign.includes(place)) return [];
    const again = seen.has(index);
    seen.add(index);
    return again ? [place] : [];
  });
  const positionsOf = (places: readonly number[]) => places.map((place) => positions[place]);
  return {
    missing: report.missing.length,
    duplicate: positionsOf(duplicate),
    foreign: positionsOf(report.foreign),
    outOfPlace: positionsOf(outOfPlace),
  };
}
