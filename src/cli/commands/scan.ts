import { createKeyring, KeyAreaError, type Keyring, openQrText, scanPicture } from '../../engine/index';
import { checkOutputs } from '../destination';
import type { ExitCode } from '../exitCode';
import { checkStandardInput, readBytes, writeWhole } from '../files';
import { readSecret, type SecretOptions } from '../keys';
import { decodePicture } from '../picture';
import { Reporter } from '../results';

export interface ScanCommand extends SecretOptions {
  readonly reportOut?: string;
  readonly json: boolean;
}

/** Reads the sealed report from a screenshot or a photo of a protected image. */
export async function scanCommand(picture: string, options: ScanCommand): Promise<ExitCode> {
  const { passphraseFile, identity = [], reportOut, json } = options;
  const read = [picture, ...(passphraseFile === undefined ? [] : [passphraseFile]), ...identity];
  checkStandardInput(read);
  if (reportOut !== undefined) await checkOutputs(read, [reportOut]);
  const keyring = createKeyring(await readSecret(options));
  const reporter = new Reporter({ json });
  try {
    await reporter.run(0, picture, async () => {
      const texts = scanPicture(decodePicture(await readBytes(picture)));
      const { qrText, report } = await openFirst(texts, keyring);
      if (reportOut !== undefined) await writeWhole(reportOut, report);
      const output = reportOut === undefined ? {} : { output: reportOut };
      const lines = reportOut === undefined ? report.split(/\r?\n/) : [`${picture} -> ${reportOut}`];
      return { result: { ...output, qrText, report }, lines, counted: 'read' };
    });
  } finally {
    keyring.dispose();
  }
  return reporter.exitCode;
}

/** The report of the first QR code that has one and opens; else throws why the first one does not. */
async function openFirst(
  texts: readonly string[],
  keyring: Keyring,
): Promise<{ qrText: string; report: string }> {
  let failure: unknown;
  for (const qrText of texts) {
    try {
      return { qrText, report: await openQrText(qrText, keyring) };
    } catch (error) {
      failure ??= error;
    }
  }
  throw (
    failure ??
    new KeyAreaError(
      'not-protected',
      'No QR code can be read in this picture. Take it straight from above, sharp, and large enough.',
    )
  );
}
