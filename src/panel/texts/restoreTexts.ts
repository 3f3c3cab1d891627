import type { AlteredImage, LostImage, RestoredOutcome, SeriesFindings } from '../restore/restoring';
import { count, images, imagesAt, listed, MOST_LISTED, quoted } from './words';

/** What the panel says about protected series that are opened, and about QR codes in pictures. */
export const restoreTexts = {
  // Restore
  badgeLocked: 'locked',
  lockedTitle: 'This series is protected',
  lockedDefault: 'Key area hidden.',
  quoted,
  opensWith: { passphrase: 'opens with a passphrase', identity: 'opens with an identity file' },
  opensWithBoth: 'opens with a passphrase or an identity file',
  restore: 'Restore',
  identity: 'Identity file',
  useIdentity: 'Use identity file',
  usePassphrase: 'Use passphrase',
  chooseIdentity: 'Choose identity file…',
  chosen: (name: string) => `${name} · choose another…`,
  identityHint:
    'The age identity that belongs to a recipient’s public key. It is read here and kept nowhere.',
  costlyHint: 'Trying it takes up to 1 GB of memory and some seconds.',
  acceptCost: 'Try it anyway',

  // The key area cannot come back
  badgeLost: 'damaged',
  reportInQr: 'The report can often still be read from the QR code on display, with the key.',
  readReport: 'Read the report',
  readFromQr: 'Read from the QR code. It says nothing about the pixels.',

  // A QR code in a picture
  photoTitle: 'Read a QR from a photo',
  photoText:
    'Choose a photo or a screenshot of a protected image, or drop it here. It stays on this machine.',
  choosePhoto: 'Choose a picture…',
  chooseOther: 'Choose another picture…',
  photoSealed: 'A sealed report was found',
  photoOpen: 'This QR carries no sealed report',
  back: 'Back',

  // Restored
  badgeRestored: 'restored, in memory',
  restoredTitle: (number: number, all: number) =>
    number === all ? 'Restored bit for bit' : `${number} of ${all} images restored bit for bit`,
  restoredImages: (number: number, all: number) =>
    all === 1
      ? 'The image equals the original (SHA-256).'
      : `${number} of ${all} images equal the original (SHA-256).`,
  lost: (lost: readonly LostImage[]) => [
    ...lost
      .slice(0, MOST_LISTED)
      .map(({ position, reason }) => `Image ${position} of the protected series is left out: ${reason}`),
    ...(lost.length > MOST_LISTED ? [`${lost.length - MOST_LISTED} more are left out.`] : []),
  ],
  leaveOut: 'Restore the other images',
  restoredFiles: (identical: number, decoded: number, files: number) => {
    if (identical === files)
      return `${files === 1 ? 'The file is' : 'The files are'} identical to the original, byte for byte.`;
    if (identical + decoded === files)
      return 'The original was compressed: every pixel and attribute is identical to it, in an uncompressed file.';
    return `${files - identical - decoded} of ${count(files, 'file', 'files')} had attributes changed on the way; those changes are kept.`;
  },
  repaired: (places: readonly number[]) =>
    `${imagesAt(places)}: the QR had been damaged on the way, and what it hides was repaired.`,
  changedSince: (tags: readonly string[]) => `Changed on the way: ${listed(tags)}.`,
  findings: ({ missing, duplicate, foreign, outOfPlace }: SeriesFindings, files: number, all: number) => [
    ...(missing > 0
      ? [
          `${all - missing} of the ${all} files protected together ${all - missing === 1 ? 'is' : 'are'} here.`,
        ]
      : []),
    ...(duplicate.length > 0
      ? [`${imagesAt(duplicate)} ${duplicate.length === 1 ? 'is' : 'are'} there twice.`]
      : []),
    ...(foreign.length > 0
      ? [
          `${imagesAt(foreign)} ${foreign.length === 1 ? 'was' : 'were'} protected at another time than the rest.`,
        ]
      : []),
    ...(outOfPlace.length > 0
      ? [
          `${imagesAt(outOfPlace)} ${outOfPlace.length === 1 ? 'stands' : 'stand'} elsewhere than when ${files === 1 ? 'it was' : 'they were'} protected.`,
        ]
      : []),
  ],
  noReport: 'No report was sent along.',
  sideBySide: 'Side by side',
  showRestoredSeries: 'Show restored',
  downloadInClear: 'Download in clear',
  print: 'Print',
  storeRestored: 'Save in clear…',
  confirmStoreRestored: (files: number, series: string, patient: string, destination: string) =>
    `Saves ${count(files, 'file', 'files')} of ${series}${patient ? `, ${patient}` : ''}, to ${destination}, as the original: the area is then in clear there, for everyone who can open it.`,
  storeInClear: 'Save in clear',
  originalHere: 'The original series is in this viewer already.',
  showOriginal: 'Show it',

  // Altered
  badgeAltered: 'altered',
  alteredTitle: ({ lostImages }: Pick<RestoredOutcome, 'lostImages'>) =>
    lostImages.length === 0
      ? 'Key area restored; the rest was altered'
      : `Key area restored but for ${images(lostImages.length)}`,
  lostImages: (places: readonly number[]) =>
    `${imagesAt(places)} cannot come back: too much was changed there on the way. ${places.length === 1 ? 'It is' : 'They are'} shown as found.`,
  alteredBlocks: (altered: readonly AlteredImage[]) => {
    const blocks = altered.reduce((sum, image) => sum + image.blocks.length, 0);
    const all = altered.reduce((sum, { columns, rows }) => sum + columns * rows, 0);
    const [first, ...others] = altered.map(({ position }) => position);
    const where = others.length === 0 ? `image ${first}` : `${images(altered.length)}, the first is ${first}`;
    return `${blocks} of ${all} blocks ${blocks === 1 ? 'differs' : 'differ'} from what was protected, on ${where}.`;
  },
  alteredElsewhere: 'Frames that were not protected were altered; which ones cannot be told.',
  meaningChanged: (otherwiseAltered: number, tags: readonly string[]) =>
    `${otherwiseAltered === 0 ? 'Every pixel came back, but attributes' : 'Attributes'} that say what pixels mean or where they lie were changed on the way: ${listed(tags)}.`,
  meaningChangedOn: (places: readonly number[], all: number) => {
    const which = places.length === all ? `All ${images(all)}` : imagesAt(places);
    return `${which} ${places.length === 1 ? 'is' : 'are'} affected.`;
  },
  blocksLabel: (blocks: number, all: number, position: number) =>
    `${blocks} of ${all} blocks of image ${position} are altered`,
  blocksOf: (position: number) => `Image ${position}`,
  showAltered: 'Show on image',
  hideAltered: 'Hide on image',
  saveList: 'Save list',
  alteredNotStored:
    'Not to be saved as the original: it is not what was protected. Ask for the file as it was exported.',
  restoredBeside: 'Restored beside it, in clear.',
  showRestored: 'Show it',
  removedOnClose: 'Removed from memory when you close the study.',
  removeRestored: 'Remove it now',
} as const;
