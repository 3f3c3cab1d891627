import { type ErrorCode, KeyAreaError } from '../engine/errors';
import { ReadError, StoreError } from '../viewer/port';
import type { Message, Place } from './state';
import { errorTexts, inputErrors, unexpected } from './texts/errorTexts';

/** The control that a refusal is about. */
const PLACES: Partial<Record<ErrorCode, Place>> = {
  'no-key-area': 'area',
  'area-outside-image': 'area',
  'image-too-small': 'area',
  'no-room': 'area',
  'report-too-long': 'report',
  incompressible: 'options',
  'wrong-key': 'key',
  'costly-key': 'key',
};

/** Refusals that lie in an image itself: the same call does no better another time. */
const OF_THE_IMAGE: readonly ErrorCode[] = [
  'not-dicom',
  'truncated',
  'no-pixel-data',
  'unsupported-transfer-syntax',
  'unsupported-pixels',
  'unsupported-version',
  'costly-key',
  'wrong-key',
  'damaged',
  'altered',
  'stored-with-loss',
  'not-protected',
];

/** True where an error lies in an image itself, or it is not there: doing without it helps, and nothing else. */
export const isOfTheImage = (error: unknown): boolean =>
  error instanceof KeyAreaError
    ? OF_THE_IMAGE.includes(error.code)
    : error instanceof ReadError && error.missing;

/** Of the one file that was to be stored. */
const NOT_STORED = { done: 0, total: 1, notReadBack: 0, unsure: false, failures: [] };

/** An error that happened at one image of several. */
export class ImageFailure extends Error {
  constructor(
    readonly position: number,
    override readonly cause: unknown,
  ) {
    super(`Image ${position}`);
  }
}

/** What the user is told under a title of its own. */
export class TitledError extends Error {
  constructor(
    readonly title: string,
    message: string,
  ) {
    super(message);
  }
}

/** What to tell the user, and beside which control. */
export function messageOf(error: unknown): Message {
  if (error instanceof ImageFailure) {
    const message = messageOf(error.cause);
    return { ...message, text: inputErrors.onFile(error.position, message.text) };
  }
  if (error instanceof KeyAreaError) {
    const { title, text = error.message } = errorTexts[error.code];
    return { place: PLACES[error.code] ?? 'action', title, text };
  }
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof TitledError) return { place: 'action', title: error.title, text: reason };
  if (error instanceof ReadError) return { place: 'action', title: inputErrors.notRead, text: reason };
  if (error instanceof StoreError) return { place: 'export', ...inputErrors.store(NOT_STORED, reason) };
  return { place: 'action', title: unexpected.title, text: unexpected.text(reason) };
}

export const isCancellation = (error: unknown): boolean =>
  (error instanceof KeyAreaError && error.code === 'cancelled') ||
  (error instanceof DOMException && error.name === 'AbortError') ||
  (error instanceof ImageFailure && isCancellation(error.cause));
