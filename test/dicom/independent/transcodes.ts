import { join } from 'node:path';
import { PYTHON, run, runForEach } from '../../readers';

/** What others do to files on their way: other transfer syntaxes, other tags, pictures alone. */
export interface Transcode {
  readonly name: string;
  /** The program that does it. */
  readonly program: string;
  /** Makes a file of each of these, its name followed by `.out`; none where the program gives up. */
  apply(paths: readonly string[]): void;
  /** Kinds that it codes in a way we do not read: restoring names that, and another tool has to decode them. */
  readonly unread?: readonly string[];
  /** Kinds whose meaning it alters: restoring refuses them with that name. */
  readonly altered?: readonly string[];
  /** Elements, by tag, that are another's after it even where all is well. */
  readonly changes?: readonly string[];
  /** Elements, by tag, that it takes from the file and that are the original's again. */
  readonly returned?: readonly string[];
  /** Tags are not kept. */
  readonly pixelsOnly?: boolean;
}

const REWRITING = join(__dirname, 'rewriting.py');

/** A line of shell that turns `"$1"` into `"$1.out"`. */
const shell = (line: string) => ({
  program: line.split(' ')[0],
  apply: (paths: readonly string[]) => runForEach(`${line} "$1" "$1.out" >/dev/null 2>&1`, paths),
});

const pydicom = (change: string) => ({
  program: PYTHON,
  apply: (paths: readonly string[]) =>
    void run(PYTHON, REWRITING, change, ...paths.flatMap((path) => [path, `${path}.out`])),
});

/** That of RLE is 1, and decoded pixels lie as they come. */
const PLANAR_CONFIGURATION = '00280006';
/** Other pixels than the treated copy's: a restored copy gets UIDs of its own. */
const UIDS = ['00080018', '0020000e'];
/** Series and Derivation Description, which protecting changes. */
const DESCRIPTIONS = ['0008103e', '00082111'];

/** Of a palette's 16 bits it keeps 8. */
const PALETTE = ['PALETTE'];

export const TRANSCODES: readonly Transcode[] = [
  { name: 'gdcmconv --raw', ...shell('gdcmconv --raw'), altered: PALETTE },
  { name: 'gdcmconv --implicit', ...shell('gdcmconv --implicit') },
  { name: 'gdcmconv --deflated', ...shell('gdcmconv --deflated') },
  {
    name: 'gdcmconv --rle',
    ...shell('gdcmconv --rle'),
    altered: PALETTE,
    changes: [PLANAR_CONFIGURATION],
  },
  { name: 'gdcmconv --jpeg, lossless', ...shell('gdcmconv --jpeg'), altered: PALETTE, unread: ['RGB-16'] },
  { name: 'gdcmconv --jpegls', ...shell('gdcmconv --jpegls'), altered: PALETTE },
  { name: 'gdcmconv --j2k', ...shell('gdcmconv --j2k'), altered: PALETTE, unread: ['RGB-16', 'signed-8'] },
  { name: 'dcmconv, explicit VR', ...shell('dcmconv --write-xfer-little') },
  { name: 'dcmconv, implicit VR', ...shell('dcmconv --write-xfer-implicit') },
  { name: 'dcmconv, big-endian', ...shell('dcmconv --write-xfer-big') },
  { name: 'dcmconv, deflated', ...shell('dcmconv --write-xfer-deflated') },
  { name: 'dcmcrle', ...shell('dcmcrle'), changes: [PLANAR_CONFIGURATION] },
  { name: 'dcmcjpls', ...shell('dcmcjpls') },
  {
    name: 'dcmcjpeg, lossless',
    ...shell('dcmcjpeg --encode-lossless-sv1'),
    unread: ['RGB-16'],
    returned: DESCRIPTIONS,
  },
  { name: 'private elements removed', ...pydicom('private') },
  { name: 'new UIDs', ...pydicom('uids'), changes: UIDS },
  { name: 'de-identified', ...pydicom('de-identify'), changes: UIDS, returned: DESCRIPTIONS },
  { name: '16-bit PNG and back', ...pydicom('picture'), pixelsOnly: true },
];
