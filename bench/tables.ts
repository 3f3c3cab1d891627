import type { Case, LargestArea } from './beside';
import type { FolderMeasurement } from './folder';
import type { Growth } from './growth';
import type { Measurement } from './measure';
import { median } from './median';
import type { MemoryMeasurement } from './memory';

/** The columns of a table: what is above each, and what it shows of a row. */
export type Columns<Row> = readonly (readonly [heading: string, value: (row: Row) => unknown])[];

export const round = (value: number): number => Number(value.toPrecision(3));

export const heading = <Row>(columns: Columns<Row>): string =>
  `| ${columns.map(([name]) => name).join(' | ')} |\n|${'---|'.repeat(columns.length)}\n`;

export const line = <Row>(columns: Columns<Row>, row: Row): string =>
  `| ${columns.map(([, value]) => value(row) ?? '').join(' | ')} |\n`;

export const table = <Row>(columns: Columns<Row>, rows: readonly Row[]): string =>
  heading(columns) + rows.map((row) => line(columns, row)).join('');

const optional = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : round(value);

const yes = (value: boolean | undefined): string | undefined =>
  value === undefined ? undefined : value ? 'yes' : 'no';

export const SPEED: Columns<Measurement> = [
  ['image', ({ image }) => image],
  ['area', ({ share }) => `${100 * share} %`],
  ['covered', ({ coveredShare }) => (coveredShare === undefined ? '' : `${round(100 * coveredShare)} %`)],
  ['protect ms', ({ protect, refused }) => protect ?? refused],
  ['restore ms', ({ restore }) => restore],
  ['suggest ms', ({ suggest }) => suggest],
  ['SHA-256 ms', ({ sha256 }) => sha256],
  ['JPEG-LS ms', ({ encode, decode }) => encode && `${encode} + ${decode}`],
  ['keys ms', ({ protectKeys, restoreKeys }) => protectKeys && `${protectKeys} + ${restoreKeys}`],
  ['protect ratio', ({ protectRatio }) => protectRatio],
  ['restore ratio', ({ restoreRatio }) => restoreRatio],
  ['protect MB/s', ({ megabytes, protect }) => optional(protect && (1000 * megabytes) / protect)],
  ['slices/s', ({ protect }) => optional(protect && 1000 / protect)],
];

export const FOLDERS: Columns<FolderMeasurement> = [
  ['folder', ({ folder, files, megabytes }) => `${files} x ${folder}, ${megabytes} MB`],
  ['threads', ({ workers }) => workers],
  ['copy s', ({ copy }) => round(copy)],
  ['protect s', ({ protect }) => round(protect)],
  ['files/s', ({ files, protect }) => round(files / protect)],
  ['MB/s', ({ megabytes, protect }) => round(megabytes / protect)],
  ['over copying', ({ copy, protect }) => round(protect / copy)],
  ['by programs s', ({ protectApart }) => round(protectApart)],
  ['restore s', ({ restore }) => round(restore)],
  ['files/s', ({ files, restore }) => round(files / restore)],
  ['MB/s', ({ megabytes, restore }) => round(megabytes / restore)],
  ['over copying', ({ copy, restore }) => round(restore / copy)],
];

export const GROWTH: Columns<Growth> = [
  ['time grows with this power of the', ({ what }) => what],
  ['protect', ({ protect }) => round(protect)],
  ['restore', ({ restore }) => round(restore)],
];

export const MEMORY: Columns<MemoryMeasurement> = [
  ['image', ({ side, image }) => `${side}x${side}, ${round(image)} MB`],
  ['program and image, MB', ({ imageAlone }) => round(imageAlone)],
  ['protect and restore, at most MB', ({ peak }) => round(peak)],
];

export const CASES: Columns<Case> = [
  ['method', ({ method }) => method],
  ['image', ({ image }) => image],
  ['area', ({ share }) => `${100 * share} %`],
  ['exact', ({ exact, refused }) => yes(exact) ?? `refused: ${refused}`],
  ['image and key alone', ({ blind }) => yes(blind)],
  ['side data, bytes', ({ sideData }) => sideData],
  [
    'PSNR outside, dB',
    ({ distortion }) => distortion && optional(distortion.psnrOutside)?.toString().replace('Infinity', '∞'),
  ],
  ['SSIM outside', ({ distortion }) => distortion?.ssimOutside.toFixed(4)],
  ['QR read', ({ readable }) => yes(readable)],
  ['one bit altered', ({ alteration }) => alteration],
  ['hide ms', ({ hide }) => optional(hide)],
  ['restore ms', ({ restore }) => optional(restore)],
];

/** What one method came to on all images. */
export interface Summary {
  readonly method: string;
  readonly cases: readonly Case[];
  readonly largest: readonly LargestArea[];
}

/** The cases of each method together. */
export function summarise(cases: readonly Case[], largest: readonly LargestArea[]): Summary[] {
  return [...new Set(cases.map(({ method }) => method))].map((method) => ({
    method,
    cases: cases.filter((one) => one.method === method),
    largest: largest.filter((one) => one.method === method),
  }));
}

const counted = (cases: readonly Case[], holds: (one: Case) => boolean | undefined): string =>
  `${cases.filter(holds).length} of ${cases.length}`;

/** Of the cases that were not refused. */
const countedOfDone = (cases: readonly Case[], holds: (one: Case) => boolean | undefined): string =>
  counted(
    cases.filter(({ refused }) => refused === undefined),
    holds,
  );

/** The span of numbers, as "least to most". */
function span(values: readonly number[], digits: number, unit = ''): string | undefined {
  if (values.length === 0) return undefined;
  const [least, most] = [Math.min(...values), Math.max(...values)].map((value) =>
    value === Infinity ? '∞' : value.toFixed(digits),
  );
  return least === most ? `${least}${unit}` : `${least} to ${most}${unit}`;
}

/** The share at which the summary shows what differs from one area to the next. */
const SHOWN_SHARE = 0.05;

const exactOnes = ({ cases }: Summary): Case[] =>
  cases.filter(({ share, exact }) => share === SHOWN_SHARE && exact);

const distortions = (summary: Summary) => exactOnes(summary).flatMap(({ distortion }) => distortion ?? []);

const middle = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : median(values);

export const SUMMARY: Columns<Summary> = [
  ['method', ({ method }) => method],
  ['exact', ({ cases }) => counted(cases, ({ exact }) => exact)],
  ['with image and key alone', ({ cases }) => counted(cases, ({ blind }) => blind)],
  [
    'largest area',
    ({ largest }) =>
      span(
        largest.map(({ hundredths }) => hundredths),
        0,
        ' %',
      ),
  ],
  [
    'side data, bytes',
    (row) =>
      span(
        exactOnes(row).flatMap(({ sideData }) => sideData ?? []),
        0,
      ),
  ],
  [
    'PSNR outside, dB',
    (row) =>
      span(
        distortions(row).map(({ psnrOutside }) => psnrOutside),
        1,
      ),
  ],
  [
    'SSIM outside',
    (row) =>
      span(
        distortions(row).map(({ ssimOutside }) => ssimOutside),
        4,
      ),
  ],
  ['QR read', ({ cases }) => countedOfDone(cases, ({ readable }) => readable)],
  ['altered bit missed', ({ cases }) => countedOfDone(cases, ({ alteration }) => alteration === 'unnoticed')],
  [
    'hide + restore, ms',
    (row) => {
      const hide = middle(exactOnes(row).flatMap(({ hide }) => hide ?? []));
      const restore = middle(exactOnes(row).flatMap(({ restore }) => restore ?? []));
      return hide === undefined || restore === undefined ? undefined : `${round(hide)} + ${round(restore)}`;
    },
  ],
];
