import { PRIVATE_CREATOR } from '../dicom/dataset/privateBlock';
import type { NewFile, NewSeries } from '../viewer/port';
import type { Attributes } from './attributes';
import { withoutProtectionMark } from './recognise';

/** An image that this extension added: shown like the image it was made from, with other pixels. */
export interface AddedImage {
  readonly kind: NewSeries['kind'];
  /** Undefined for a file from elsewhere: what it says itself is all there is. */
  readonly sourceImageId: string | undefined;
  /** What the file says itself. */
  readonly attributes: NewFile['attributes'];
  /** Attributes that differ from the source image's. */
  readonly changes: Partial<Attributes>;
}

/** Attributes that OHIF hangs on an instance at run time; those of the source would show its pixels. */
const RUNTIME_ATTRIBUTES = ['url', 'imageId', 'wadoRoot', 'wadoUri', 'frameNumber', '_parentInstance'];

/** What is added to the description of a series that only this viewer's memory holds. */
const SUFFIXES = { restored: 'restored', altered: 'opened, altered', besidesListed: 'as opened here' };

/** What differs between a new file and the file that it was made from. */
export function changesOf(
  file: NewFile,
  series: NewSeries,
  uids: { readonly series: string; readonly instance: string },
): Partial<Attributes> {
  const changes: Record<string, unknown> = {
    SOPInstanceUID: uids.instance,
    SeriesInstanceUID: uids.series,
  };
  const { seriesDescription } = file;
  const suffix =
    series.kind !== 'protected' ? series.kind : series.besidesListed ? 'besidesListed' : undefined;
  if (suffix !== undefined)
    changes.SeriesDescription = `${seriesDescription ?? ''} (${SUFFIXES[suffix]})`.trimStart();
  else if (seriesDescription !== undefined) changes.SeriesDescription = seriesDescription;
  if (series.kind === 'protected') {
    changes['00990010'] = PRIVATE_CREATOR;
    if (series.notice !== undefined) changes['00991003'] = series.notice;
  }
  return changes;
}

/** The attributes of an added image, for the viewer's lists and metadata. */
export function changedAttributes(source: Attributes, changes: Partial<Attributes>): Attributes {
  const attributes = Object.fromEntries(
    Object.entries(withoutProtectionMark(source)).filter(([name]) => !RUNTIME_ATTRIBUTES.includes(name)),
  );
  return { ...attributes, ...changes } as Attributes;
}

/** Metadata that an image shares with the one it was made from: everything but pixels and identity. */
const SHARED_MODULES = new Set([
  'imagePlaneModule',
  'modalityLutModule',
  'calibrationModule',
  'cineModule',
  'patientModule',
  'patientStudyModule',
  'patientDemographicModule',
  'generalStudyModule',
  'petSeriesModule',
  'petIsotopeModule',
  'scalingModule',
]);

/**
 * Answers Cornerstone's metadata queries for one added image; undefined: ask the next provider.
 *
 * @param get what Cornerstone itself answers about an image
 */
export function metadataOf(
  { kind, sourceImageId, attributes, changes }: AddedImage,
  type: string,
  get: (type: string, imageId: string) => unknown,
): unknown {
  if (type === 'voiLutModule') return windowOf(attributes, kind);
  if (sourceImageId === undefined) {
    // Everything else is in the file, which Cornerstone has read.
    return type === 'instance' ? changedAttributes(attributes as unknown as Attributes, changes) : undefined;
  }
  if (type === 'instance') {
    const source = get('instance', sourceImageId) as Attributes | undefined;
    return source && changedAttributes(source, changes);
  }
  if (type === 'generalSeriesModule') {
    const module = get(type, sourceImageId) as { seriesDescription?: unknown } | undefined;
    const seriesDescription = changes.SeriesDescription ?? module?.seriesDescription;
    return { ...module, seriesInstanceUID: changes.SeriesInstanceUID, seriesDescription };
  }
  if (type === 'generalImageModule' || type === 'sopCommonModule') {
    const module = get(type, sourceImageId) as object | undefined;
    return { ...module, sopInstanceUID: changes.SOPInstanceUID };
  }
  return SHARED_MODULES.has(type) ? get(type, sourceImageId) : undefined;
}

/**
 * The window that an image names itself. An empty answer lets the viewer choose one from the pixels, and
 * keeps the next provider from reading what a file without a window says of it (0, say): that would turn
 * the image black, and so would a window that shows nothing. A protected file that names none is asked for
 * it as it is.
 */
function windowOf(
  { WindowCenter, WindowWidth }: AddedImage['attributes'],
  kind: AddedImage['kind'],
): unknown {
  const [windowCenter, windowWidth] = [[WindowCenter].flat(), [WindowWidth].flat()];
  // PS3.3, section C.11.2.1.2.1: a width is at least 1.
  const valid =
    windowWidth.every((width) => Number(width) >= 1) && windowCenter.length === windowWidth.length;
  if (WindowCenter !== undefined && valid) return { windowCenter, windowWidth };
  return kind === 'protected' && WindowCenter === undefined ? undefined : {};
}
