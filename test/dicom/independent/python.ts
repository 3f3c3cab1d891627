import { join } from 'node:path';
import { hasPython, PYTHON, runWith } from '../../readers';

/** What pydicom and gdcm read in files: a program of its own, asked about many files at once. */

/** Areas of frames, counted from 1. */
export type Covered = readonly [frame: number, x: number, y: number, width: number, height: number];

/** An element's value as text, or the items of a sequence. */
export type ElementText = string | readonly Readonly<Record<string, ElementText>>[];

export interface Request {
  readonly path: string;
  /** A file of the same shape: asks for the difference, in and outside of the covered areas, alone. */
  readonly original?: string;
  readonly covered?: readonly Covered[];
}

/** What pydicom says of a file; `error` alone where it cannot read its pixels. */
export interface Reading {
  readonly error?: string;
  /** SHA-256 of the stored values by frame, row, column and sample. */
  readonly values?: string;
  /** Length in bytes and SHA-256 of native pixel data, little-endian, padding aside. */
  readonly length?: number;
  readonly pixelData?: string;
  /** SHA-256 of the same as gdcm reads them; undefined where it cannot. */
  readonly byGdcm?: string;
  /** By tag, in eight hexadecimal digits; without the pixel data. */
  readonly elements?: Readonly<Record<string, ElementText>>;
  /** Media Storage SOP Instance UID. */
  readonly instance?: string | null;
  /** Samples that differ from the original's, where that is asked for. */
  readonly outside?: number;
  readonly inside?: number;
}

export const hasPydicom = (): boolean => hasPython('pydicom', 'numpy', 'gdcm');

/** Reads files with pydicom, in the order given. */
export function readWithPydicom(requests: readonly Request[]): Reading[] {
  return JSON.parse(runWith(JSON.stringify(requests), PYTHON, join(__dirname, 'reading.py')));
}
