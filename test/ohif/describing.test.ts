import { countDescribing } from '../../src/ohif/describing';
import type { Services } from '../../src/ohif/host';

/** What goes on describing a series: measurements, and documents that refer to it. */

const listed = (measurements: object[], displaySets: object[]) =>
  ({
    measurementService: { getMeasurements: () => measurements },
    displaySetService: { getActiveDisplaySets: () => displaySets },
  }) as unknown as Services;

const named = (SeriesInstanceUID: string) => ({ SeriesInstanceUID });
const report = (uid: string) => ({
  instances: [{ CurrentRequestedProcedureEvidenceSequence: [{ ReferencedSeriesSequence: [named(uid)] }] }],
});

test('measurements of the series count, and those of others do not', () => {
  const measurements = [{ referenceSeriesUID: '1.2' }, { referenceSeriesUID: '1.3' }, {}];
  expect(countDescribing('1.2', listed(measurements, []))).toBe(1);
});

test.each([
  ['a report', report('1.2')],
  ['a segmentation', { instances: [{ ReferencedSeriesSequence: [named('1.3'), named('1.2')] }] }],
  ['a sequence of one item', { instances: [{ ReferencedSeriesSequence: named('1.2') }] }],
  [
    'an RT structure set',
    {
      instances: [
        {
          ReferencedFrameOfReferenceSequence: [
            { RTReferencedStudySequence: [{ RTReferencedSeriesSequence: [named('1.2')] }] },
          ],
        },
      ],
    },
  ],
])('%s that refers to the series counts', (_, displaySet) => {
  expect(countDescribing('1.2', listed([], [displaySet, report('1.3'), {}]))).toBe(1);
});

test('images that were made from the series are no description of it', () => {
  const image = { ReferencedSeriesSequence: [named('1.2')] };
  expect(countDescribing('1.2', listed([], [{ images: [image], instances: [image] }]))).toBe(0);
});
