import type { Rectangle } from '../../engine/pixels/frame';
import type { ViewerFile } from '../../viewer/port';
import type { FileInspection } from '../../viewer/service';
import type { Message, PanelState } from '../state';

/** An age identity file that the user chose; its lines are secrets and are shown nowhere. */
export interface Identity {
  readonly name: string;
  readonly identities: readonly string[];
}

/** What the displayed image of a protected series tells without a key, or why it cannot be restored. */
export type Told = Pick<FileInspection, 'keys' | 'notice'> | { readonly problem: Message };

/** What the user has typed and chosen to restore with, and what is known before. */
export interface Restoring {
  readonly passphrase: string;
  readonly identity: Identity | undefined;
  /** Chosen where a passphrase would open it, too. */
  readonly preferIdentity: boolean;
  /** By the id of the series; none until its image was read. */
  readonly told: ReadonlyMap<string, Told>;
  /** The series of which the user is asked whether to pay for a costly key. */
  readonly consentFor: string | undefined;
  /** The series of which the user is asked whether to restore the images that can be. */
  readonly leaveOutFor: string | undefined;
  /** A report read from the QR on display, where the key area itself cannot come back. */
  readonly readReport: { readonly seriesId: string; readonly report: string } | undefined;
}

export const NOTHING_TYPED: Restoring = {
  passphrase: '',
  identity: undefined,
  preferIdentity: false,
  told: new Map(),
  consentFor: undefined,
  leaveOutFor: undefined,
  readReport: undefined,
};

/** The public text of the protected series on display, as far as it is known; may be empty. */
export function noticeOf({ viewer, restoring, askedToRestore }: PanelState): string | undefined {
  if (viewer.status !== 'ready') return undefined;
  const { id, notice } = viewer.series;
  const told = restoring.told.get(id);
  const read = told !== undefined && 'notice' in told ? told.notice : undefined;
  return notice || read || (askedToRestore?.seriesId === id ? askedToRestore.notice : undefined);
}

/** What a series can be opened with, as far as it is known, and which of both is asked for. */
export function keysOf(
  { told, preferIdentity }: Restoring,
  seriesId: string,
): { readonly both: boolean; readonly wanted: 'passphrase' | 'identity' } {
  const known = told.get(seriesId);
  const keys = known !== undefined && 'keys' in known ? known.keys : undefined;
  const [passphrase, identity] = [keys?.includes('passphrase') ?? true, keys?.includes('recipient') ?? true];
  const both = passphrase && identity;
  return { both, wanted: (both && preferIdentity) || !passphrase ? 'identity' : 'passphrase' };
}

/** True where the images of a series on display that cannot come back may be left out of what is restored. */
export function mayLeaveOut({ viewer, restoring }: PanelState, seriesId: string): boolean {
  if (viewer.status !== 'ready' || viewer.series.id !== seriesId || viewer.series.files.length === 1)
    return false;
  const told = restoring.told.get(seriesId);
  return restoring.leaveOutFor === seriesId || (told !== undefined && 'problem' in told);
}

/** Where an image of a restored series was altered outside its key areas, which are exact. */
export interface AlteredImage {
  /** In the series, from 1. */
  readonly position: number;
  /** Pixels along a side of a block. */
  readonly blockSize: number;
  readonly columns: number;
  readonly rows: number;
  readonly blocks: readonly Rectangle[];
}

/** How a restored series differs from what was protected together; images count from 1. */
export interface SeriesFindings {
  /** How many of the files protected together are not here. */
  readonly missing: number;
  /** Images that stand for the same original as another one. */
  readonly duplicate: readonly number[];
  /** Images that were protected at another time. */
  readonly foreign: readonly number[];
  /** Images that stand in another order than when they were protected. */
  readonly outOfPlace: readonly number[];
}

/** An image that was left out of a restored series, since it cannot come back. */
export interface LostImage {
  /** In the protected series, from 1. */
  readonly position: number;
  /** Images that its file holds. */
  readonly frames: number;
  readonly reason: string;
}

/** A series restored from a protected one; its images count from 1. */
export interface RestoredOutcome {
  readonly seriesId: string;
  readonly sourceId: string;
  readonly fileIds: readonly string[];
  readonly images: number;
  /** Every image is exactly what was protected, and means what it meant. */
  readonly isExact: boolean;
  readonly report: string;
  readonly files: number;
  /** Files equal to the original file byte for byte. */
  readonly identicalFiles: number;
  /** Files equal to what a compressed original decodes to; in all others, attributes were changed since. */
  readonly decodedFiles: number;
  /** Left out, where the user agreed to that. */
  readonly lost: readonly LostImage[];
  /** Images that did not come back while others of their file did; they are as they were found. */
  readonly lostImages: readonly number[];
  /** First images, in the series, of files whose QR codes were damaged; what was lost of them was computed again. */
  readonly repaired: readonly number[];
  /** Which attributes those are, as tags: `(0010,0010)`. */
  readonly changedSince: readonly string[];
  /** Files that were protected together. */
  readonly filesProtected: number;
  readonly findings: SeriesFindings;
  /** Where anything outside the key areas was altered. */
  readonly altered: readonly AlteredImage[];
  /** Files of which frames that were not protected were altered; which frames, cannot be told. */
  readonly alteredElsewhere: number;
  /** Attributes that say what pixels mean or where they lie, and were changed in any file: `Rescale Slope (0028,1053)`. */
  readonly meaningChanged: readonly string[];
  /** The images of these files. */
  readonly meaningChangedOn: readonly number[];
  /** Of the original; may be empty. */
  readonly description: string;
  /** The original's own identifier, under which it may be listed already. */
  readonly seriesInstanceUID: string;
  /** The files by the SOP Instance UIDs of the original. */
  readonly originals: readonly ViewerFile[];
}

/** Images of the protected series: those that were restored, and those that were left out. */
export const imagesInSource = ({ images, lost }: RestoredOutcome): number =>
  lost.reduce((sum, { frames }) => sum + frames, images);
