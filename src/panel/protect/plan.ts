import type { Rectangle } from '../../engine/pixels/frame';
import type { DrawnKeyArea, ViewerFile, ViewerSeries } from '../../viewer/port';
import type { KeyArea } from '../../viewer/service';
import type { Draft } from './draft';

/** A file to protect, and what is hidden in it. */
export interface PlannedFile {
  readonly file: ViewerFile;
  readonly areas: readonly KeyArea[];
  /** Where in its series its first image is, from 1. */
  readonly position: number;
}

type Choice = Pick<Draft, 'scope' | 'from' | 'to' | 'interpolate'>;

/** A key area that can be used. */
interface UsableArea {
  readonly fileId: string;
  /** In the series, from 1. */
  readonly position: number;
  readonly rectangle: Rectangle;
}

/**
 * Which files are protected, with which areas. `image`: what was drawn on, each image with its own
 * areas. `range` and `series`: every area on every image, or, where they are interpolated, on each image
 * the area between the two drawn ones. A multi-frame file is always taken whole, with the areas on the
 * frames that are meant.
 */
export function planFiles(
  series: ViewerSeries,
  keyAreas: readonly DrawnKeyArea[],
  choice: Choice,
): PlannedFile[] {
  const areasAt = areasByPosition(series, keyAreas, choice);
  const planned: PlannedFile[] = [];
  let position = 1;
  for (const file of series.files) {
    const byRectangle = new Map<string, { rectangle: Rectangle; frames: number[] }>();
    for (let frame = 1; frame <= file.frames; frame++) {
      for (const rectangle of areasAt(position + frame - 1)) {
        const name = Object.values(rectangle).join();
        const known = byRectangle.get(name) ?? { rectangle, frames: [] };
        known.frames.push(frame);
        byRectangle.set(name, known);
      }
    }
    const areas = [...byRectangle.values()].map(({ rectangle, frames }) =>
      frames.length === file.frames ? { rectangle } : { rectangle, frames },
    );
    if (areas.length > 0) planned.push({ file, areas, position });
    position += file.frames;
  }
  return planned;
}

/** The files that the report alone is hidden in: those of the images in scope, without key areas. */
export function filesInScope(
  series: ViewerSeries,
  displayed: number,
  { scope, from, to }: Choice,
): PlannedFile[] {
  const [first, last] =
    scope === 'image' ? [displayed, displayed] : scope === 'series' ? [1, series.images] : [from, to];
  let next = 1;
  return series.files.flatMap((file) => {
    const position = next;
    next += file.frames;
    return next > first && position <= last && first <= last ? [{ file, areas: [], position }] : [];
  });
}

/** The areas that are hidden on the image at a position of the series. */
export function areasByPosition(
  series: ViewerSeries,
  keyAreas: readonly DrawnKeyArea[],
  { scope, from, to, interpolate }: Choice,
): (position: number) => readonly Rectangle[] {
  const usable = keyAreas.flatMap(({ image, rectangle }): UsableArea[] =>
    rectangle ? [{ fileId: image.fileId, position: image.position, rectangle }] : [],
  );
  if (scope === 'image') {
    return (position) =>
      usable.filter((area) => area.position === position).map(({ rectangle }) => rectangle);
  }
  const [first, last] = scope === 'series' ? [1, series.images] : [from, to];
  const ends = interpolate ? endsOf(usable) : undefined;
  return (position) => {
    if (!(position >= first && position <= last)) return [];
    return ends ? [between(ends, position)] : usable.map(({ rectangle }) => rectangle);
  };
}

type Ends = readonly [UsableArea, UsableArea];

/** The two areas to interpolate between: one on each of two images; undefined where others are drawn. */
export function endsOf(areas: readonly UsableArea[]): Ends | undefined {
  if (areas.length !== 2 || areas[0].position === areas[1].position) return undefined;
  const [first, second] = [...areas].sort((a, b) => a.position - b.position);
  return [first, second];
}

/** True where the images between two drawn ones can get areas between the two. */
export const canInterpolate = (keyAreas: readonly DrawnKeyArea[]): boolean =>
  endsOf(
    keyAreas.flatMap(({ image: { fileId, position }, rectangle }) =>
      rectangle ? [{ fileId, position, rectangle }] : [],
    ),
  ) !== undefined;

/** The key areas that count: none where the report alone is hidden. */
export const usedAreas = (
  keyAreas: readonly DrawnKeyArea[],
  { hideOnly }: Pick<Draft, 'hideOnly'>,
): readonly DrawnKeyArea[] => (hideOnly ? [] : keyAreas);

/** Images, by position, that were drawn on and lie outside a chosen range: what is drawn there would stay in clear. */
export function drawnOutside(keyAreas: readonly DrawnKeyArea[], { scope, from, to }: Choice): number[] {
  if (scope !== 'range') return [];
  const outside = keyAreas
    .map(({ image }) => image.position)
    .filter((place) => !(place >= from && place <= to));
  return [...new Set(outside)].sort((a, b) => a - b);
}

/** The chosen range, made just wide enough to hold images that lie outside it. */
export function widened(
  outside: readonly number[],
  { from, to }: Pick<Draft, 'from' | 'to'>,
): Pick<Draft, 'from' | 'to'> {
  // A field may be empty.
  const positions = [...outside, from, to].filter((position) => !Number.isNaN(position));
  return { from: Math.min(...positions), to: Math.max(...positions) };
}

/**
 * The range that is offered: the images between two drawn areas that can be interpolated, or those drawn on and
 * their neighbours; without any, around the image at `displayed`.
 */
export function rangeAround(
  keyAreas: readonly DrawnKeyArea[],
  displayed: number,
  images: number,
): Pick<Draft, 'from' | 'to'> {
  const drawn = keyAreas.map(({ image }) => image.position);
  const positions = drawn.length === 0 ? [displayed] : drawn;
  const [first, last] = [Math.min(...positions), Math.max(...positions)];
  if (canInterpolate(keyAreas)) return { from: first, to: last };
  return { from: Math.max(1, first - 1), to: Math.min(images, last + 1) };
}

/** Every edge on a straight line from one area to the other, rounded outward; beyond them, as at the nearer. */
function between([first, second]: Ends, position: number): Rectangle {
  const share = Math.min(1, Math.max(0, (position - first.position) / (second.position - first.position)));
  const [a, b] = [first.rectangle, second.rectangle];
  const mix = (start: number, end: number) => start + (end - start) * share;
  const x = Math.floor(mix(a.x, b.x));
  const y = Math.floor(mix(a.y, b.y));
  const right = Math.ceil(mix(a.x + a.width, b.x + b.width));
  const bottom = Math.ceil(mix(a.y + a.height, b.y + b.height));
  return { x, y, width: right - x, height: bottom - y };
}

/** Images in the files: a multi-frame object counts with all its frames. */
export const imagesIn = (files: readonly PlannedFile[]): number =>
  files.reduce((sum, { file }) => sum + file.frames, 0);

/** Images that hide something: without any key area the report alone, in each of them. */
export const imagesProtected = (files: readonly PlannedFile[]): number =>
  imagesHidden(files) || imagesIn(files);

/** Images that get a key area. */
export const imagesHidden = (files: readonly PlannedFile[]): number =>
  files.reduce((sum, { file, areas }) => {
    const frames = new Set(areas.flatMap((area) => area.frames ?? []));
    return sum + (areas.some((area) => area.frames === undefined) ? file.frames : frames.size);
  }, 0);
