/**
 * DICOM files in, DICOM files out: Part 10 files are read element by element, protected or restored
 * frame by frame with the engine, and written by splicing, so that nothing else changes.
 */
export type { KeyArea } from './areas';
export type { FileWarning, WarningCode } from './changes/warnings';
export { PRIVATE_CREATOR } from './dataset/privateBlock';
export { compareObjects, type Likeness } from './dataset/sameObject';
export type { AlteredFrame } from './frames';
export { type FileInspection, inspectFile } from './inspect';
export type { FileOptions } from './options';
export { type FilePlan, planFile } from './planFile';
export type { ProtectFileOptions } from './prepare';
export { type ProtectedFile, protectFile } from './protect';
export { isOriginal, type Outcome, type RestoredFile, type RestoreFileOptions, restoreFile } from './restore';
export { compareOutput, type ResumeJobOptions, resumeJob } from './resume';
export { suggestFile } from './suggestFile';
export { type FileVerdict, verifyFile } from './verify';
