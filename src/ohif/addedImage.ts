import { PRIVATE_CREATOR } from '../dicom/privateBlock';
import type { NewFile, NewSeries } from '../viewer/port';
import type { Cornerstone, Instance } from './host';
import { withoutProtectionMark } from './recognise';

/** An image that this extension added: shown like the image it was made from, with other pixels. */
export interface AddedImage {
  readonly kind: NewSeries['kind'];
  /** Undefined for a file from elsewhere: what it says itself is all there is. */
  readonly sourceImageId: string | undefined;
  /** What the file says itself. */
  readonly attributes: NewFile['attributes'];
  /** Attributes that differ from the source image's. */
  readonly changes: Partial<Instance>;
}

/** Attributes that OHIF hangs on an instance at run time; those of the source would show its pixels. */
const RUNTIME_ATTRIBUTES = ['url', 'imageId', 'wadoRoot', 'wadoUri', 'frameNumber', '_parentInstance'];

/** What is added to the description of a series that only this viewer's memory holds. */
const SUFFIXES = { restored: 'restored', altered: 'opened, altered' };

/** What differs between a new file and the file that it was made from. */
export function changesOf(
  file: NewFile,
  series: NewSeries,
  uids: { readonly series: string; readonly instance: string },
): Partial<Instance> {
  const changes: Record<string, unknown> = {
    SOPInstanceUID: uids.instance,
    SeriesInstanceUID: uids.series,
  };
  const { seriesDescription } = file;
  if (series.kind !== 'protected')
    changes.SeriesDescription = `${seriesDescription ?? ''} (${SUFFIXES[series.kind]})`.trimStart();
  else if (seriesDescription !== undefined) changes.SeriesDescription = seriesDescription;
  if (series.kind === 'protected') {
    changes['00990010'] = PRIVATE_CREATOR;
    if (series.notice !== undefined) changes['00991003'] = series.notice;
  }
  return changes;
}

/** The attributes of an added image, for OHIF's lists and Cornerstone's metadata. */
export function instanceOf(source: Instance, changes: Partial<Instance>, imageId: string): Instance {
  const attributes = Object.fromEntries(
    Object.entries(withoutProtectionMark(source)).filter(([name]) => !RUNTIME_ATTRIBUTES.includes(name)),
  );
  const instance = { ...attributes, ...changes };
  // As OHIF does: not enumerable, so that nothing copies them onto other instances.
  for (const name of ['url', 'imageId']) {
    Object.defineProperty(instance, name, { value: imageId, writable: true, configurable: true });
  }
  return instance as Instance;
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

/** Answers Cornerstone's metadata queries for one added image; undefined: ask the next provider. */
export function metadataOf(
  { kind, sourceImageId, attributes, changes }: AddedImage,
  type: string,
  imageId: string,
  { metaData }: Cornerstone,
): unknown {
  if (type === 'voiLutModule') return windowOf(attributes, kind);
  if (sourceImageId === undefined) {
    // Everything else is in the file, which Cornerstone has read.
    return type === 'instance' ? instanceOf(attributes as unknown as Instance, changes, imageId) : undefined;
  }
  if (type === 'instance') {
    const source = metaData.get('instance', sourceImageId) as Instance | undefined;
    return source && instanceOf(source, changes, imageId);
  }
  if (type === 'generalSeriesModule') {
    const module = metaData.get(type, sourceImageId) as { seriesDescription?: unknown } | undefined;
    const seriesDescription = changes.SeriesDescription ?? module?.seriesDescription;
    return { ...module, seriesInstanceUID: changes.SeriesInstanceUID, seriesDescription };
  }
  if (type === 'generalImageModule' || type === 'sopCommonModule') {
    const module = metaData.get(type, sourceImageId) as object | undefined;
    return { ...module, sopInstanceUID: changes.SOPInstanceUID };
  }
  return SHARED_MODULES.has(type) ? metaData.get(type, sourceImageId) : undefined;
}

/**
 * The window that an image names itself. An empty answer lets the viewer choose one from the pixels, and
 * keeps the next provider from reading what a file without a window says of it (0, say): that would turn
 * the image black. A protected file that names none is asked for it as it is.
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
  return kind === 'protected' ? undefined : {};
}
