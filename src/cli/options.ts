import { type Command, InvalidArgumentError, Option } from 'commander';
import type { KeyArea } from '../dicom/index';
import { builtIn } from './defaults';
import { parseRegion } from './region';

/** The options that several verbs share. */

const collect = (text: string, previous: string[] = []): string[] => [...previous, text];

/** A parser of whole numbers in a range. */
export const wholeNumber =
  (minimum: number, maximum: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < minimum || value > maximum) {
      throw new InvalidArgumentError(`A whole number from ${minimum} to ${maximum}.`);
    }
    return value;
  };

function collectRegion(text: string, previous: KeyArea[] = []): KeyArea[] {
  const region = parseRegion(text);
  if (region === undefined) {
    throw new InvalidArgumentError(
      'A region is x,y,width,height in pixels from 0, at least 1 x 1, then @frame or @first-last if wanted.',
    );
  }
  return [...previous, region];
}

export const regionOption = (): Option =>
  new Option(
    '--region <x,y,w,h[@frames]>',
    'a key area in pixels; @3 or @3-8 limits it to these frames; may be given several times',
  )
    .argParser(collectRegion)
    .makeOptionMandatory();

export const carrierOption = (): Option =>
  new Option(
    '--carrier <where>',
    'qr: the key area is carried under the QR code; surroundings: around it; automatic: qr, where there is room',
  )
    .choices(['automatic', 'qr', 'surroundings'])
    .default(builtIn().carrier);

export const qrOption = (): Option =>
  new Option('--qr <content>', 'what the QR code says')
    .choices(['sealed', 'notice', 'open'])
    .default(builtIn().qr);

export const noticeOption = (): Option =>
  new Option('--notice <text>', 'the public text in the QR code').default(builtIn().notice);

export const compressOption = (): Option =>
  new Option('--compress', 'pack the protected files as JPEG-LS Lossless').default(false);

/** Who can open what is protected. */
export const withReaders = (command: Command): Command =>
  command
    .addOption(
      new Option('--passphrase-file <file>', 'the passphrase; - for standard input').conflicts('recipient'),
    )
    .option(
      '--recipient <age1...>',
      'an age public key that can restore; may be given several times',
      collect,
    )
    .option(
      '--recovery <age1...>',
      'an age public key that can restore too, in an envelope of its own; may be given several times',
      collect,
    )
    .option(
      '--identity <file>',
      'age identities of a recipient: only to go on with an interrupted run for recipients',
      collect,
    )
    .addOption(
      new Option('--work-factor <n>', 'cost of guessing a passphrase, 10 to 18')
        .argParser(wholeNumber(10, 18))
        .default(builtIn().workFactor),
    );

/** The key to open with. */
export const withSecret = (command: Command): Command =>
  command
    .addOption(
      new Option('--passphrase-file <file>', 'the passphrase; - for standard input').conflicts('identity'),
    )
    .option(
      '--identity <file>',
      'age identities (AGE-SECRET-KEY-...), one a line; may be given several times',
      collect,
    );

/** Where inputs come from and where outputs go. */
export const withEndpoints = (command: Command): Command =>
  command
    .option('-o, --output <path>', 'the file to write; for several inputs or a folder, a folder')
    .option('--from-dicomweb <url>', 'work on a study of this DICOMweb server')
    .option('--study <uid>', 'the study on the server')
    .option('--series <uid>', 'only this series of the study')
    .option('--to-dicomweb <url>', 'store the outputs on this DICOMweb server')
    .option('--token-file <file>', 'what lets in at the server: a token, or the Authorization header')
    .option('--to-token-file <file>', 'the same for --to-dicomweb, where that is another server')
    .addOption(
      new Option('--rate <n>', 'requests a second to a server, at most')
        .argParser(wholeNumber(1, 1000))
        .default(30),
    );

/** How a batch runs and what it prints. */
export const withBatch = (command: Command): Command =>
  command
    .addOption(
      new Option('--workers <n>', 'threads (as many as the machine runs at once)').argParser(
        wholeNumber(1, 256),
      ),
    )
    .option('--json', 'print one JSON object per input', false);
