import type { Rectangle } from '../../engine/pixels/frame';
import type { DrawnKeyArea, KeyAreaProblem } from '../../viewer/port';
import type { Carrier, QrContent, Suggestion, SymbolFit } from '../../viewer/service';
import type { Strength } from '../protect/passphrase';
import type { OpensFor, ProtectedOutcome } from '../state';
import { restoreTexts } from './restoreTexts';
import { count, images, imagesAt, imagesOf, quoted } from './words';

/** Every word that the panel says, but for what goes wrong. */

/** 17231 -> `17,000`: two digits that count. */
const roundedCount = (number: number): string =>
  new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 2 }).format(number);

/** How little changed, by the peak signal-to-noise ratio; nothing where nothing did. */
const atLeast = (decibels: number): string =>
  Number.isFinite(decibels) ? `, by little: ${Math.floor(decibels)}\u00a0dB` : '';

/** 0.99961 -> `0.999`: what is not the same is not called the same. */
const roundedDown = (share: number): string => (Math.floor(1000 * share) / 1000).toFixed(3);

export const texts = {
  title: 'Key area protection',
  disclaimer: 'Not a medical device. A protected image is not for diagnosis; a restored one is the original.',
  disclaimerAltered: 'Not a medical device. What is shown is not the original, and not for diagnosis.',

  faultsTitle: 'This site’s settings have a fault',
  faultsText:
    'Restoring works; protecting waits until whoever runs this viewer has mended its app-config.js:',

  empty: 'Open a series to protect or restore it.',
  noImages: 'This has no image pixels of its own, so there is nothing to hide or to restore.',
  computedView:
    'Key areas are drawn on the original images, not on computed views. Show the series as a stack.',
  noRectangle: 'Draw a key area instead: the image on display has no measured rectangle, or several of them.',
  noKeyAreas: 'Key areas are drawn on original series. This one is protected, or was restored.',
  drawnInVainTitle: 'What is drawn here hides nothing',
  drawnInVain:
    'Key areas are drawn on original series. This one is sent on as it is, with what lies under the rectangle.',
  removeDrawn: 'Remove what is drawn',
  unsuitableTitle: 'No key area here',
  unsuitable:
    'This view is computed from other images, or shows none. Show the original series as a stack; key areas are drawn there.',

  // Nothing drawn yet
  drawTitle: 'Draw the key area',
  drawText: 'Drag a rectangle over what must not be seen on the way. You choose who gets it back.',
  draw: 'Draw key area',
  drawKey: 'K',
  adopt: 'Use the measured rectangle',
  adoptText: 'Its measurement is removed: mean and maximum would tell what is hidden.',
  adoptOneOfMany:
    'Several rectangles are measured here. To use one: right-click it and choose “Protect this area” where the viewer offers that, or remove the others.',
  place: 'Place it by keyboard',
  tryRestoring: 'Restore this image',
  openFile: 'Open a protected file…',
  readPhoto: 'Read a QR from a photo',
  bringAlong: 'Have a protected file or a picture of its QR? Drop it here.',
  dropHere: 'Drop a protected .dcm or .zip, or a picture of a QR code',
  skipped: (skipped: number, truncated: number) =>
    [
      ...(skipped > 0 ? [`${count(skipped, 'file is', 'files are')} not protected and not opened.`] : []),
      ...(truncated > 0
        ? [
            `${count(truncated, 'file ends', 'files end')} too early, and ${truncated === 1 ? 'is' : 'are'} not opened.`,
          ]
        : []),
    ].join(' '),
  openedToo: 'Opened here too:',
  tryRestoringText: 'A protected image whose tags were removed on the way?',

  // Key area
  keyArea: 'Key area',
  keyAreas: 'Key areas',
  addAnother: 'Add another',
  clear: 'Clear all',
  adjust: 'Adjust',
  adjustLabel: (size: string) => `Adjust the key area ${size}`,
  sides: { x: 'Left', y: 'Top', width: 'Width', height: 'Height' } satisfies Record<keyof Rectangle, string>,
  remove: 'Remove',
  removeLabel: (size: string) => `Remove the key area ${size}`,
  areaSize: (width: number, height: number) => `${width} × ${height}`,
  areaTitle: (size: string, x: number, y: number) => `${size} at ${x}, ${y}`,
  areaPlace: (position: number, images: number, share: string) =>
    images === 1 ? `${share} of the image` : `Image ${position} of ${images} · ${share} of it`,
  pictureLabel: 'What will be hidden',
  refusedBefore: (title: string) => `${title}: see above.`,
  growth: 'A QR code will cover it.',
  willCover: (areas: readonly string[]) => `Covered with QR: ${areas.join(' · ')}`,
  suggest: 'Suggest',
  suggesting: 'Looking…',
  suggestionsHint: 'Proposals for pointing, not findings. Click to draw one, then adjust it.',
  suggestionKinds: { finding: 'Detail', text: 'Text' } satisfies Record<Suggestion['kind'], string>,
  takeSuggestion: (kind: string, size: string, x: number, y: number) =>
    `Draw the proposal: ${kind}, ${size} at ${x}, ${y}`,
  dismiss: 'Dismiss',
  problem: ({ problem, image }: DrawnKeyArea & { readonly problem: KeyAreaProblem }): string =>
    ({
      outside: 'This rectangle lies beside the image. Remove it and draw on the image.',
      oblique:
        'This rectangle was drawn on a rotated view. Rotate it back, or by 90 degrees, and draw again.',
      undisplayed: `Which pixels a rectangle covers is not known until image ${image.position} is displayed. Scroll to it, or remove the rectangle.`,
    })[problem],
  measurements: (number: number) =>
    `${count(number, 'measurement or report', 'measurements or reports')} of this series may describe hidden pixels. They are not part of the protected series; do not send them along.`,

  // Report
  report: 'Report',
  reportHint: 'Travels inside the image, encrypted. Optional.',
  reportPlaceholder: 'Findings, for whoever holds the key',
  characters: (number: number) => count(number, 'character', 'characters'),
  loadReport: 'Load .txt',
  modules: (pixels: number) => `${pixels} px modules`,
  qrHolds: {
    sealed: (modules: string) => `fits the QR, sealed, ${modules}`,
    notice: () => 'sealed in the image; the QR shows the notice only',
    tooLong: () => 'sealed in the image; too long for this QR, which shows the notice only',
    open: (modules: string) => `in the QR for anyone to read, ${modules}`,
  } satisfies Record<QrContent | 'tooLong', (modules: string) => string>,

  // Key
  passphrase: 'Passphrase',
  repeat: 'Repeat it',
  generate: 'Generate',
  show: 'Show',
  hide: 'Hide',
  copy: 'Copy',
  copied: 'Copied',
  copyRefused: (shown: boolean) =>
    `Copying is not allowed here. ${shown ? 'Select it and copy it.' : 'Show it, select it, and copy it.'}`,
  key: 'Key',
  keyKind: 'What opens it',
  recipients: 'Recipients',
  strengths: {
    weak: 'Weak: it can be guessed by whoever has the picture. Add words, or generate one.',
    fair: 'Fair.',
    strong: 'Strong.',
  } satisfies Record<Strength, string>,
  loss: 'Without it nobody can restore, not even us. Send it on another way than the image.',
  lossRecoverable: 'Send it on another way than the image.',
  recovery: (names: readonly string[]) => `Can always restore here: ${names.join(', ')}.`,
  directory: 'Recipients of this site',
  pastedKeys: 'age public keys',
  pastedKeysPlaceholder: 'age1…, one per line',
  keysRead: (number: number) => count(number, 'key read', 'keys read'),
  wrongKeys: (wrong: readonly string[]) =>
    `Not ${wrong.length === 1 ? 'an age public key' : 'age public keys'}: ${wrong.join(', ')}`,
  recipientsLoss: 'Each of them opens it with their own identity file; nobody else does.',
  recipientsLossRecoverable: 'Each of them opens it with their own identity file.',
  different: 'The two do not match yet.',

  // Scope
  applyTo: 'Apply to',
  scopeImage: (positions: readonly number[]) =>
    positions.length === 1 ? `Image ${positions[0]}` : `${positions.length} images`,
  scopeRange: 'Range',
  scopeImages: (from: number, to: number) =>
    Number.isNaN(from) || Number.isNaN(to) ? 'Range' : `Images ${from}–${to}`,
  scopeFrames: 'All frames',
  twoDrawn: 'Two areas are drawn.',
  interpolate: 'In-between images get areas between the two.',
  scopeSeries: 'Series',
  from: 'From image',
  to: 'to',
  toImage: 'To image',
  neighbours: 'Neighbouring images probably show the same finding.',
  neighboursOffer: (from: number, to: number) => `Include images ${from} to ${to}`,
  drawnOutside: (positions: readonly number[]) => `${imagesAt(positions)}, drawn on, would stay visible.`,
  sameAreas: (areas: number) =>
    areas === 1
      ? 'The same area is hidden on every image.'
      : `Each of the ${areas} areas is hidden on every image.`,

  // A report alone
  hideOnly: 'Hide only a report',
  hideOnlyTitle: 'Hidden report',
  hideOnlyText:
    'The report travels in the pixels: no key area, no QR code, nothing visible changes. Whoever has the key reads it and gets the original back.',
  drawInstead: 'Protect a key area instead',
  hiddenOnly: 'sealed in the pixels, invisibly',
  hideSummary: (total: number, series: string, patient: string) =>
    `Hides the report in ${images(total)} of ${series}${patient ? `, ${patient}` : ''}, as a new series here. The original stays; nothing is sent.`,
  hideIn: (number: number) => `Hide in ${images(number)}`,

  // Options
  options: 'Options',
  carrier: 'Carried',
  carriers: {
    automatic: 'Automatic',
    vault: 'Under the QR',
    surroundings: 'Surroundings',
  } satisfies Record<Carrier | 'automatic', string>,
  carriedHere: {
    vault: 'Here: under the QR.',
    surroundings: 'Here: in the surroundings, since the QR has no room.',
  } satisfies Record<Carrier, string>,
  carrierHints: {
    automatic: 'Under the QR where there is room, else in the pixels around.',
    vault: 'No pixel outside the covered area changes.',
    surroundings: 'The QR is clean and easy to scan; the pixels around it change by little, reversibly.',
  } satisfies Record<Carrier | 'automatic', string>,
  /** Where the rest of the picture is scrambled. */
  scrambledCarrierHints: {
    vault: 'All other pixels turn to noise.',
    surroundings: 'The QR is clean and easy to scan; all other pixels turn to noise, which carries it.',
  } satisfies Record<Carrier, string>,
  qr: 'The QR says',
  qrContents: { sealed: 'Sealed', notice: 'Notice', open: 'Open' } satisfies Record<QrContent, string>,
  qrHints: {
    sealed: 'The notice, and the report for whoever has the key.',
    notice: 'The notice only. The report travels inside the image.',
    open: 'The report in clear: anyone who sees the picture can read it.',
  } satisfies Record<QrContent, string>,
  fit: 'Small key area',
  fits: { report: 'Grow it', area: 'Keep its size' } satisfies Record<SymbolFit, string>,
  fitHints: {
    report: 'The covered area grows until the sealed report fits into its QR.',
    area: 'It grows no further than the notice needs; the report travels hidden in the image alone.',
  } satisfies Record<SymbolFit, string>,
  scramble: 'Scramble the rest of the picture',
  scrambled: 'scrambled',
  compress: 'Compress the export',
  compressed: 'compressed',
  compressHint: 'JPEG-LS Lossless: shorter files, restored bit for bit.',
  compressScrambled: 'A scrambled picture gets no shorter, so it is not compressed.',

  // Preview
  preview: 'Preview',
  previewLabel: 'Preview of the protected picture',
  previewTitle: (position: number) => `Image ${position}, protected`,
  planning: 'Working it out…',
  noPreview: 'This cannot be protected as chosen.',
  showOnImage: 'Show on image',
  close: 'Close',
  plans: {
    unchanged: '0 samples change outside. Restores bit for bit.',
    changed: (samples: number, decibels: number, similarity: number, covered: boolean) =>
      `About ${roundedCount(samples)} samples change by little${covered ? ' outside' : ''}: ${Math.round(decibels)}\u00a0dB, SSIM ${roundedDown(similarity)}. Restores bit for bit.`,
    scrambled: 'All other pixels turn to noise. Restores bit for bit.',
  },

  // Protect
  summary: (hidden: number, total: number, series: string, patient: string) =>
    `Hides the key area on ${imagesOf(hidden, total)} of ${series}${patient ? `, ${patient}` : ''}, as a new series here. The original stays; nothing is sent.`,
  seriesName: (description: string, modality: string) =>
    description ? quoted(description) : `the ${modality} series`,
  protect: (hidden: number, total: number) => (total > 0 ? `Protect ${imagesOf(hidden, total)}` : 'Protect'),

  // Working
  derivingKey: 'Preparing the key',
  derivingKeyHint: 'A passphrase takes a second or two, so that guessing it costs as much each time.',
  protecting: (done: number, total: number) => `Protecting image ${Math.min(done + 1, total)} of ${total}`,
  protectingHint: 'Hiding, then restoring each one to prove it.',
  restoring: (done: number, total: number) => `Restoring image ${Math.min(done + 1, total)} of ${total}`,
  restoringHint: 'Comparing each one with the hash of its original.',
  openingKey: 'Trying the key',
  storing: (done: number, total: number) => `Saving file ${Math.min(done + 1, total)} of ${total}`,
  storingHint: 'Reading each one back to compare it.',
  downloading: (done: number, total: number) => `Reading file ${Math.min(done + 1, total)} of ${total}`,
  downloadingHint: 'Then the browser saves them. Nothing is sent.',
  opening: (done: number, total: number) => `Opening file ${Math.min(done + 1, total)} of ${total}`,
  openingHint: 'Looking for key areas. Nothing is sent.',
  examining: 'Looking for a key area',
  examiningHint: 'In the image on display, on this machine. Nothing is sent.',
  scanning: 'Looking for a QR code',
  scanningHint: 'In the picture, on this machine. Nothing is sent.',
  reading: 'Reading the report',
  readingHint: 'From the QR code, with your key.',
  secondsLeft: (seconds: number) =>
    seconds >= 90 ? `${Math.round(seconds / 60)} min left` : `${Math.max(1, Math.round(seconds))} s left`,
  finished: {
    restore: (number: number) => `${images(number)} restored bit for bit`,
    store: (files: number) => `${count(files, 'file', 'files')} saved and read back`,
    download: (files: number) => `${count(files, 'file', 'files')} handed to the browser`,
    open: 'Protected series opened',
    examine: 'A key area was found',
    scan: 'QR code read',
    read: 'Report read',
  },
  cancel: 'Cancel',
  cancelling: 'Cancelling…',

  // Protected
  badgeProtected: 'protected series',
  protectedTitle: ({
    hidden,
    images: total,
    coveredAreas,
  }: Pick<ProtectedOutcome, 'hidden' | 'images' | 'coveredAreas'>) =>
    coveredAreas.length > 0
      ? `${imagesOf(hidden, total)} protected`
      : `Report hidden in ${imagesOf(hidden, total)}`,
  changedOutside: (samples: number, decibels: number) =>
    `${count(samples, 'sample', 'samples')} changed outside the covered area${atLeast(decibels)}.`,
  changedAnywhere: (samples: number, decibels: number, number: number) =>
    `${count(samples, 'sample', 'samples')} of the ${number === 1 ? 'image' : 'images'} changed${atLeast(decibels)}.`,
  scrambledOutside: 'Scrambled: all other pixels of the protected images are noise.',
  provenEach: (number: number) =>
    number === 1
      ? 'Restored and compared: bit for bit equal.'
      : 'Each one restored and compared: bit for bit equal.',
  coveredFromTo: (sizes: readonly string[]) => `Covered with QR: ${sizes.join(' to ')}`,
  opensFor: ({ recipients, recovery }: OpensFor) =>
    [
      recipients === undefined
        ? 'It opens with the passphrase, which is not kept here.'
        : `It opens with the secret key of: ${recipients.join(', ')}.`,
      ...(recovery.length > 0 ? [`For recovery: ${recovery.join(', ')}.`] : []),
    ].join(' '),
  covered: (areas: readonly string[]) => `Covered with QR: ${areas.join(' · ')}`,
  tolerated: (side: number) => `A mark of up to ${side} × ${side} pixels on the QR can be repaired.`,
  sendOn: 'Send it on',
  sendProtectedOn: 'Send the protected series on',
  store: 'Save to PACS',
  stored: (destination: string) => `Saved to ${destination}, read back and equal.`,
  storedChanged: (destination: string, files: number) =>
    `Saved to ${destination} and read back: the pixels are equal, but ${destination} keeps other attributes than were sent, in ${count(files, 'file', 'files')}.`,
  confirmStore: (files: number, series: string, patient: string, destination: string) =>
    `Saves ${count(files, 'file', 'files')} of ${series}${patient ? `, ${patient}` : ''}, to ${destination}, as a new series.`,
  storeNow: 'Save now',
  noDestination: 'This data source does not store. Download the files instead.',
  downloadOne: 'Download .dcm',
  downloadMany: 'Download .zip',
  downloadPicture: 'PNG',
  downloadPictureLabel: 'Download the image on display as PNG',
  withOthers: (others: number) =>
    others === 1 ? 'With the other image, unchanged' : `With the other ${others} images, unchanged`,
  memoryOnly: 'Only in this viewer’s memory until you save or download it.',
  downloaded: 'Downloaded. This viewer forgets its own copy when the study is closed.',
  untouched: (others: number) =>
    others === 0
      ? 'The original series is untouched. Names in tags are not hidden.'
      : `The original series is untouched. Names in tags and ${others === 1 ? 'the other image' : `the other ${others} images`} are not hidden.`,
  removeProtected: 'Remove from this viewer',
  confirmRemoval:
    'This series is saved nowhere, and its report is kept nowhere else. Removed, both are gone; the original stays.',
  keep: 'Keep it',
  restoreThis: 'Restore it here',

  ...restoreTexts,

  nothingToExport: 'Open a protected series to send it on.',
} as const;
