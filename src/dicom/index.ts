/**
 * DICOM files in, DICOM files out: Part 10 files are read element by element, protected or restored
 * frame by frame with the engine, and written by splicing, so that nothing else changes.
 */
export { type FileInspection, inspectFile } from './inspect';
export type { FileOptions } from './options';
export { PRIVATE_CREATOR } from './privateBlock';
export { type KeyArea, type ProtectedFile, type ProtectFileOptions, protectFile } from './protect';
export { type RestoredFile, type RestoreFileOptions, restoreFile } from './restore';
