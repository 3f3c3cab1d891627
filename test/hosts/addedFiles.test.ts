import { keepFiles } from '../../src/hosts/addedFiles';
import type { NewFile, NewSeries } from '../../src/viewer/port';

const file = {
  studyInstanceUID: '1.2',
  seriesInstanceUID: '1.2.3',
  sopInstanceUID: '1.2.3.4',
  seriesDescription: 'Chest',
  sourceFileId: undefined,
  content: new Blob(['x']),
  attributes: { Rows: 1, Columns: 1 },
} as unknown as NewFile;

const uidsOf = (series: Partial<NewSeries>) => {
  const added = keepFiles({ kind: 'protected', sourceId: undefined, files: [file], ...series }, [], 1);
  const { attributes } = added.objects[0]!;
  const [kept] = added.files.values();
  return { attributes, displayed: [...added.files.keys()][0], kept };
};

beforeAll(() => {
  URL.createObjectURL = () => 'blob:x';
});

test('a protected series is displayed under its own identifiers', () => {
  const { attributes, displayed } = uidsOf({});
  expect(displayed).toBe('1.2.3.4');
  expect(attributes).toMatchObject({ SeriesInstanceUID: '1.2.3', SeriesDescription: 'Chest' });
});

test.each([
  ['one beside a series that has them', { besidesListed: true }, 'Chest (as opened here)'],
  ['a restored one', { kind: 'restored' }, 'Chest (restored)'],
] as const)('%s under new ones, and stored under its own', (_, series, description) => {
  const { attributes, displayed, kept } = uidsOf(series);
  expect(displayed).toMatch(/^2\.25\./);
  expect(attributes.SeriesInstanceUID).toMatch(/^2\.25\./);
  expect(attributes.SeriesDescription).toBe(description);
  expect(kept).toMatchObject({ seriesInstanceUID: '1.2.3', sopInstanceUID: '1.2.3.4' });
});
