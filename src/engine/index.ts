/**
 * The engine: pixels in, pixels out. Pure functions on typed arrays that know no files, no viewer and
 * no DOM; they run in a worker and in Node alike. FORMAT.md describes what they write.
 */

export { type ErrorCode, KeyAreaError, type KeyAreaErrorOptions } from './errors';
export { holdNothing } from './header';
export { type FrameInspection, inspectFrame } from './inspect';
export {
  adoptJob,
  createProtectionJob,
  DEFAULT_NOTICE,
  type JobOptions,
  keyringForJob,
  type ProtectionJob,
  type SharedJob,
  type SymbolFit,
} from './job';
export { type EnvelopeKind, type EnvelopeReaders, readersOf, type Secret } from './keys/envelope';
export { createKeyring, type Keyring, type KeyringOptions, type SharedKeys } from './keys/keyring';
export { sha256 } from './keys/platform';
export type { Carrier } from './opened';
export type { Distortion } from './pixels/distortion';
export type { Frame, Rectangle, ValueRange } from './pixels/frame';
export { rankPalette } from './pixels/palette';
export { type FramePlan, planFrame } from './planFrame';
export { type ProtectedFrame, protectFrame } from './protect';
export { isSealed, noticeOf, openQrText, type QrContent } from './qr/qrText';
export type { QrSegment, QrSymbol, SymbolPlace } from './qr/symbol';
export type { ProtectFrameOptions } from './request';
export {
  alteredSince,
  type FrameVerdict,
  type RestoredFrame,
  restoreFrame,
  storedWithLoss,
  verifyFrame,
} from './restore';
export { type ResumeOptions, resumeProtectionJob } from './resumeJob';
export type { Picture } from './scan/grayPicture';
export { scanPicture } from './scan/scan';
export { checkSeries, firstOfLargestJob, type SeriesMember, type SeriesReport } from './series';
export { type Suggestion, type SuggestOptions, suggestAreas } from './suggest/suggest';
export type { Placement } from './vault/locate';
