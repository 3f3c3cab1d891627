import { KeyAreaError } from './errors';
import { composeJob, type JobOptions, type ProtectionJob, textsOf } from './job';
import type { Keyring } from './keys/keyring';
import type { Frame } from './pixels/frame';
import { openFrame } from './restore';

/** What a job was made with, and is gone on with: other texts would make it another job. */
export type ResumeOptions = Pick<JobOptions, 'report' | 'notice' | 'qr' | 'fit'>;

/**
 * Opens the job of a protected frame again, so that frames still to be protected share its id, its key
 * and its envelopes: for work that was interrupted. The QR code's report is sealed anew.
 *
 * A recipient's public key is enough to make a frame that this opens, with a key that its maker knows:
 * go on only with the job of a frame whose original you have compared.
 *
 * Throws what `verifyFrame` throws, and `invalid-argument` where the texts are others.
 */
export async function resumeProtectionJob(
  frame: Frame,
  keyring: Keyring,
  options: ResumeOptions,
): Promise<ProtectionJob> {
  const texts = textsOf(options);
  const { verdict, key, envelopes } = await openFrame(frame, keyring);
  const { jobId, report, notice } = verdict.restored;
  if (report !== texts.report || notice !== texts.notice) {
    throw new KeyAreaError(
      'invalid-argument',
      `The image was protected with another ${report === texts.report ? 'notice' : 'report'}, so its job cannot be gone on with. Start a new one.`,
    );
  }
  return composeJob(jobId, envelopes, key, texts);
}
