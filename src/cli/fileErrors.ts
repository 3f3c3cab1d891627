/** An error of the operating system: no such file, no permission, no space. */
export interface FileError {
  readonly code: string;
  readonly message: string;
  readonly path?: string;
}

/** Node's own name, of no system call: more than it reads of a file at once. */
export const TOO_LARGE_TO_READ = 'ERR_FS_FILE_TOO_LARGE';

export const isFileError = (error: unknown): error is FileError =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  ('syscall' in error || error.code === TOO_LARGE_TO_READ);

/** What the system would say of a file. */
export const fileError = (code: string, path: string, cause?: unknown): Error & FileError =>
  Object.assign(new Error(code, { cause }), { code, path, syscall: 'read' });

/** Whether memory was asked for in vain; of a failure in another thread nothing but its words is known. */
export const isOutOfMemory = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'message' in error &&
  /array buffer allocation failed|could not allocate memory|out of memory/i.test(String(error.message));

const noPermission = (path: string): string =>
  `${path} may not be read or written. Choose another place, or have it permitted.`;
const noFolder = (path: string): string => `${path} leads through a file, not a folder. Correct the path.`;

const GET_MEMORY = 'Let fewer --workers work, or use a machine with more memory.';

/** By the system's name: ours, and words for the path that it concerns. */
const KNOWN: Readonly<Record<string, readonly [reason: string, words: (path: string) => string]>> = {
  ENOENT: ['not-found', (path) => `There is no ${path}. Check the name.`],
  EACCES: ['no-permission', noPermission],
  EPERM: ['no-permission', noPermission],
  EROFS: ['no-permission', noPermission],
  ENOSPC: ['no-space', (path) => `There is no space left for ${path}. Make room, and run the command again.`],
  EDQUOT: ['no-space', (path) => `There is no space left for ${path}. Make room, and run the command again.`],
  ENOMEM: ['no-memory', (path) => `${path} takes more memory than there is. ${GET_MEMORY}`],
  [TOO_LARGE_TO_READ]: [
    'too-large',
    (path) =>
      `${path} is larger than 2 GiB, more than can be read. Export it again with fewer frames a file.`,
  ],
  EFBIG: [
    'too-large',
    (path) => `${path} would be larger than files may be there. Choose another place, or have it permitted.`,
  ],
  EEXIST: ['no-folder', noFolder],
  ENOTDIR: ['no-folder', noFolder],
  EISDIR: ['no-file', (path) => `${path} is a folder, where a file is needed.`],
};

/** The name and the words where memory was asked for in vain, whatever for. */
export const OUT_OF_MEMORY = {
  reason: 'no-memory',
  message: `This takes more memory than there is. ${GET_MEMORY}`,
} as const;

/** The name and the words of an error of the operating system; its own where it is none of the usual ones. */
export function describeFileError({ code, message, path }: FileError): { reason: string; message: string } {
  const [reason, words] = KNOWN[code] ?? [code];
  if (path === undefined || (words === undefined && message.includes(path))) return { reason, message };
  return { reason, message: words === undefined ? `${path}: ${message}` : words(path) };
}
