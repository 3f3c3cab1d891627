import {
  createKeyring,
  createProtectionJob,
  type ErrorCode,
  KeyAreaError,
  type Keyring,
  type ProtectionJob,
} from '../../src/engine/index';

/** One job and one keyring. */
export interface Keys {
  readonly job: ProtectionJob;
  readonly keyring: Keyring;
}

export const PASSPHRASE = 'correct horse battery staple';
export const REPORT = 'Lesion of 12 mm in segment VII, follow-up in three months.';

/** A cheap derivation: what is tested here is the files. */
const WORK_FACTOR = 10;

export async function makeKeys(
  options: { qr?: 'sealed' | 'notice' | 'open'; notice?: string } = {},
): Promise<Keys> {
  const job = await createProtectionJob({
    passphrase: PASSPHRASE,
    report: REPORT,
    workFactor: WORK_FACTOR,
    ...options,
  });
  return { job, keyring: createKeyring({ passphrase: PASSPHRASE }) };
}

/** One job and one keyring for a whole test file, as deriving keys is the slow part. */
export function testKeys(): Keys {
  let keys: Keys;
  beforeAll(async () => {
    keys = await makeKeys();
  });
  afterAll(() => {
    keys.job.dispose();
    keys.keyring.dispose();
  });
  return {
    get job() {
      return keys.job;
    },
    get keyring() {
      return keys.keyring;
    },
  };
}

/** The code of the KeyAreaError that `action` throws; fails where it throws nothing, or anything else. */
export async function codeOf(action: () => unknown): Promise<ErrorCode> {
  return (await errorOf(action)).code;
}

/** The KeyAreaError that `action` throws. */
export async function errorOf(action: () => unknown): Promise<KeyAreaError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof KeyAreaError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Compares bytes; Jest's own comparison takes a hundred times as long. */
export function expectSameBytes(actual: Uint8Array, expected: Uint8Array): void {
  if (Buffer.compare(actual, expected) === 0) return;
  const at = actual.findIndex((byte, index) => byte !== expected[index]);
  throw new Error(
    `${actual.length} bytes instead of ${expected.length}, different from byte ${at < 0 ? actual.length : at} on`,
  );
}
