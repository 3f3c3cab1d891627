import type { Rectangle } from '../engine/frame';
import type { DrawnKeyArea, ViewerFile, ViewerSeries } from '../viewer/port';
import type { KeyArea } from '../viewer/service';
import type { Draft } from './state';

/** A file to protect, and what is hidden in it. */
export interface PlannedFile {
  readonly file: ViewerFile;
  readonly areas: readonly KeyArea[];
  /** Where in its series its first image is, from 1. */
  readonly position: number;
}

/**
 * Which files are protected, with which areas. `image`: what was drawn on, each image with its own
 * areas. `range` and `series`: every area on every image. A multi-frame file is always taken whole,
 * with the areas on the frames that are meant.
 */
export function planFiles(
  series: ViewerSeries,
  keyAreas: readonly DrawnKeyArea[],
  { scope, from, to }: Pick<Draft, 'scope' | 'from' | 'to'>,
): PlannedFile[] {
  const usable = keyAreas.filter((area) => area.rectangle !== undefined);
  const planned: PlannedFile[] = [];
  let position = 1;
  for (const file of series.files) {
    const areas =
      scope === 'image'
        ? usable
            .filter(({ image }) => image.fileId === file.id)
            .map(({ image, rectangle }) => areaOn(file, rectangle as Rectangle, [image.frame]))
        : areasOnRange(file, position, usable, scope === 'series' ? [1, series.images] : [from, to]);
    if (areas.length > 0) planned.push({ file, areas, position });
    position += file.frames;
  }
  return planned;
}

function areasOnRange(
  file: ViewerFile,
  position: number,
  areas: readonly DrawnKeyArea[],
  [from, to]: readonly [number, number],
): KeyArea[] {
  const frames: number[] = [];
  for (let frame = 1; frame <= file.frames; frame++) {
    const place = position + frame - 1;
    if (place >= from && place <= to) frames.push(frame);
  }
  if (frames.length === 0) return [];
  return areas.map(({ rectangle }) => areaOn(file, rectangle as Rectangle, frames));
}

function areaOn(file: ViewerFile, rectangle: Rectangle, frames: readonly number[]): KeyArea {
  return frames.length === file.frames ? { rectangle } : { rectangle, frames };
}

/** Images in the files: a multi-frame object counts with all its frames. */
export const imagesIn = (files: readonly PlannedFile[]): number =>
  files.reduce((sum, { file }) => sum + file.frames, 0);

/** Images that get a key area. */
export const imagesHidden = (files: readonly PlannedFile[]): number =>
  files.reduce((sum, { file, areas }) => {
    const frames = new Set(areas.flatMap((area) => area.frames ?? []));
    return sum + (areas.some((area) => area.frames === undefined) ? file.frames : frames.size);
  }, 0);
