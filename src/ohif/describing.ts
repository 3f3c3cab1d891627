import type { Services } from './host';

/** Where documents name the series that they refer to (PS3.3: SR evidence; images and states; RT structure sets). */
const REFERENCES = [
  ['CurrentRequestedProcedureEvidenceSequence', 'ReferencedSeriesSequence'],
  ['ReferencedSeriesSequence'],
  ['ReferencedFrameOfReferenceSequence', 'RTReferencedStudySequence', 'RTReferencedSeriesSequence'],
];

type Item = Readonly<Record<string, unknown>>;

/**
 * How many measurements and documents (reports, segmentations, presentation states) that refer to a series
 * the viewer lists: they go on describing what is hidden in it.
 */
export function countDescribing(
  seriesUID: string,
  { measurementService, displaySetService }: Pick<Services, 'measurementService' | 'displaySetService'>,
): number {
  const measurements = measurementService
    .getMeasurements()
    .filter(({ referenceSeriesUID }) => referenceSeriesUID === seriesUID);
  const documents = displaySetService
    .getActiveDisplaySets()
    .filter(
      ({ images, instances = [] }) => !images?.length && instances.some((one) => refers(one, seriesUID)),
    );
  return measurements.length + documents.length;
}

const refers = (document: Item, seriesUID: string): boolean =>
  REFERENCES.some((path) =>
    path
      .reduce<readonly Item[]>((items, name) => items.flatMap((item) => itemsOf(item[name])), [document])
      .some(({ SeriesInstanceUID }) => SeriesInstanceUID === seriesUID),
  );

/** Naturalised data sets hold the items of a sequence as a list, or as one object. */
const itemsOf = (sequence: unknown): Item[] =>
  [sequence].flat().filter((item): item is Item => typeof item === 'object' && item !== null);
