import type { ErrorCode } from '../../engine/errors';
import type { StoreCounts, StoreFailure } from '../files/exportSeries';
import type { ReportFileFault } from '../files/reportFile';
import { imagesAt, MOST_LISTED } from './words';

/** What the panel says where something is missing or goes wrong. */

/** Only what was read back is called saved. */
function storeTitle({ done, total, notReadBack, unsure }: StoreCounts): string {
  if (done > 0) return `${done} of ${total} files saved`;
  if (notReadBack > 0) {
    return total === 1
      ? 'Accepted, but not read back'
      : `${notReadBack} of ${total} files accepted, but not read back`;
  }
  return unsure ? 'Cancelled' : 'Not saved';
}

const storeDetails = (failures: readonly StoreFailure[]): string[] => [
  ...failures.slice(0, MOST_LISTED).map(({ file, reason }) => `File ${file}: ${reason}`),
  ...(failures.length > MOST_LISTED ? [`And ${failures.length - MOST_LISTED} more.`] : []),
];

/** What each refusal is called. The engine's own sentence follows, unless `text` says it for this panel. */
export const errorTexts: Record<ErrorCode, { readonly title: string; readonly text?: string }> = {
  'invalid-argument': { title: 'This cannot be done' },
  'insecure-context': { title: 'This page is not secure' },
  cancelled: { title: 'Cancelled', text: 'Nothing was changed.' },
  'no-key-area': { title: 'No key area', text: 'Draw a rectangle over what must not be seen.' },
  'area-outside-image': { title: 'The key area leaves the image' },
  'image-too-small': { title: 'The image is too small' },
  'report-too-long': { title: 'The report is too long' },
  'no-room': { title: 'There is no room for what has to be hidden' },
  'already-protected': {
    title: 'Already protected',
    text: 'This image carries a protected key area. Restore it first, or protect the original.',
  },
  'not-dicom': { title: 'Not a DICOM image' },
  truncated: { title: 'The file is incomplete' },
  'no-pixel-data': { title: 'The file has no image' },
  'unsupported-transfer-syntax': { title: 'This compression is not supported' },
  'unsupported-pixels': { title: 'These pixels are not supported' },
  incompressible: { title: 'This cannot be compressed' },
  'unsupported-version': { title: 'Made by a newer version' },
  'costly-key': { title: 'Opening this would take too long' },
  'wrong-key': {
    title: 'Wrong key',
  },
  'stored-with-loss': {
    title: 'The pixels were stored with loss',
    text: 'A lossy copy (JPEG, scaling or a changed window) cannot give the key area back. Ask for the file as it was exported.',
  },
  damaged: {
    title: 'The key area cannot come back',
  },
  altered: {
    title: 'The image was altered',
  },
  'not-protected': {
    title: 'Not protected',
  },
  'proof-failed': {
    title: 'The check failed',
    text: 'The protected image did not restore exactly, so it was discarded. The original is untouched. Please report this.',
  },
};

export const unexpected = {
  title: 'Something went wrong',
  text: (message: string) => `${message} The images are as they were.`,
};

/** Messages about what was typed, before anything is asked of the engine. */
export const inputErrors = {
  settings: {
    title: 'Not with these settings',
    text: 'This site’s settings have a fault, named at the top. Until it is mended, nothing is protected: it might open for the wrong people.',
  },
  noKeyArea: { title: 'No key area', text: 'Draw a rectangle over what must not be seen.' },
  noIdentity: { title: 'No identity file', text: 'Choose the file that age-keygen wrote.' },
  noQrTitle: 'No QR code found',
  noSealedQr: 'No QR code with a sealed report can be read from the image on display.',
  noQr: 'No QR code can be read from this picture. Take it straight from the front, sharp, and with the whole code on it.',
  noPicture: { title: 'No picture yet', text: 'Wait until the image is displayed.' },
  noPassphrase: { title: 'No passphrase', text: 'Type one, or let one be generated.' },
  shortPassphrase: (minimum: number) => ({
    title: 'The passphrase is too short',
    text: `Use at least ${minimum} characters: whoever has the picture can try many.`,
  }),
  noRecipients: { title: 'No recipient', text: 'Choose one, or paste an age public key.' },
  secretKey: {
    title: 'This is a secret key',
    text: 'It opens images, so keep it to yourself. Paste the public key that belongs to it: it begins with age1.',
  },
  wrongRecipients: (wrong: readonly string[]) => ({
    title: 'Not an age public key',
    text: `Check that it was copied whole: ${wrong.join(', ')}`,
  }),
  mixedRecipients: {
    title: 'These keys do not mix',
    text: 'Post-quantum keys (age1pq…) and others cannot open the same image. Choose one kind.',
  },
  noReport: { title: 'No report', text: 'Type what is to be hidden, or load it from a file.' },
  reportFile: {
    'too-long': { title: 'The file is too long', text: 'A report holds up to 64 KiB of text.' },
    'not-utf-8': {
      title: 'This file is not UTF-8 text',
      text: 'Save it as UTF-8, or paste it.',
    },
  } satisfies Record<ReportFileFault, object>,
  outsideImage: ({ width, height }: { readonly width: number; readonly height: number }) => ({
    title: errorTexts['area-outside-image'].title,
    text: `The image is ${width} × ${height}. Type whole pixels that lie in it.`,
  }),
  nothingSuggested: { title: 'Nothing stands out', text: 'Draw the key area yourself.' },
  different: {
    title: 'The passphrases differ',
    text: 'Type the same twice, or show the passphrase to check it.',
  },
  range: (number: number) => ({
    title: 'This range has no image',
    text: `Choose images from 1 to ${number}, the first one first.`,
  }),
  rangeTooWide: (number: number) => ({
    title: 'This range reaches beyond the series',
    text: `The series has ${number} images: choose from 1 to ${number}.`,
  }),
  drawnOutside: (positions: readonly number[]) => ({
    title: 'A key area lies outside this range',
    text: `${imagesAt(positions)}: what is drawn there would stay visible. Widen the range, or remove the area.`,
  }),
  notRead: 'The image cannot be read',
  store: (counts: StoreCounts, reason: string) => {
    const { total, notReadBack, unsure, failures } = counts;
    const look = notReadBack > 0 || unsure ? ' See on the server what is there.' : '';
    return {
      title: storeTitle(counts),
      text: `${reason}${look} You can try again, or download; files that were saved are not sent again.`,
      details: total === 1 ? [] : storeDetails(failures),
    };
  },
  onFile: (position: number, text: string) => `Image ${position}: ${text}`,
};
