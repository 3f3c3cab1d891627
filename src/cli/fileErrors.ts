/** An error of the operating system: no such file, no permission, no space. */
export interface FileError {
  readonly code: string;
  readonly message: string;
  readonly path?: string;
}

export const isFileError = (error: unknown): error is FileError =>
  typeof error === 'object' && error !== null && 'syscall' in error && 'code' in error;

const noPermission = (path: string): string =>
  `${path} may not be read or written. Choose another place, or have it permitted.`;
const noFolder = (path: string): string => `${path} leads through a file, not a folder. Correct the path.`;

/** By the system's name: ours, and words for the path that it concerns. */
const KNOWN: Readonly<Record<string, readonly [reason: string, words: (path: string) => string]>> = {
  ENOENT: ['not-found', (path) => `There is no ${path}. Check the name.`],
  EACCES: ['no-permission', noPermission],
  EPERM: ['no-permission', noPermission],
  EROFS: ['no-permission', noPermission],
  ENOSPC: ['no-space', (path) => `There is no space left for ${path}. Make room, and run the command again.`],
  EDQUOT: ['no-space', (path) => `There is no space left for ${path}. Make room, and run the command again.`],
  EEXIST: ['no-folder', noFolder],
  ENOTDIR: ['no-folder', noFolder],
  EISDIR: ['no-file', (path) => `${path} is a folder, where a file is needed.`],
};

/** The name and the words of an error of the operating system; its own where it is none of the usual ones. */
export function describeFileError({ code, message, path }: FileError): { reason: string; message: string } {
  const [reason, words] = KNOWN[code] ?? [code];
  return { reason, message: path !== undefined && words !== undefined ? words(path) : message };
}
