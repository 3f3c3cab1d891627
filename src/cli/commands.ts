import { inspectFile, type KeyArea, protectFile, restoreFile } from '../dicom/index';
import {
  type Carrier,
  createKeyring,
  createProtectionJob,
  KeyAreaError,
  type Keyring,
  type QrContent,
  type Rectangle,
} from '../engine/index';
import type { ExitCode } from './exitCode';
import {
  checkStandardInput,
  outputPaths,
  readBytes,
  readIdentities,
  readPassphrase,
  readText,
  writeWhole,
} from './files';
import { Reporter } from './results';

export interface ProtectCommand {
  output: string;
  region: KeyArea[];
  report?: string;
  notice?: string;
  passphraseFile?: string;
  recipient?: string[];
  qr: QrContent;
  carrier: Carrier;
  scramble: boolean;
  workFactor?: number;
  json: boolean;
}

export interface RestoreCommand {
  output: string;
  passphraseFile?: string;
  identity?: string;
  reportOut?: string;
  json: boolean;
}

const describeArea = ({ x, y, width, height }: Rectangle): string => `${width} x ${height} at ${x}, ${y}`;

/** The carriers as the options call them. */
export const CARRIER_NAMES: Record<Carrier, string> = { vault: 'qr', surroundings: 'surroundings' };

/** Where the hidden data lie, in words. */
const describeCarrier = (carrier: Carrier, bitsPerSample: number): string =>
  carrier === 'vault' ? `${bitsPerSample} bits per sample under the QR` : 'carried by the pixels around';

/** Key areas as printed: rectangles, with their frames where not all are meant. */
const regionOf = ({ rectangle, frames }: KeyArea) => ({ ...rectangle, ...(frames ? { frames } : {}) });

export async function protectCommand(inputs: readonly string[], options: ProtectCommand): Promise<ExitCode> {
  checkStandardInput([...inputs, options.report, options.passphraseFile]);
  const paths = await outputPaths(inputs, options.output);
  const job = await createProtectionJob({
    ...(options.passphraseFile === undefined
      ? {}
      : { passphrase: await readPassphrase(options.passphraseFile) }),
    ...(options.recipient === undefined ? {} : { recipients: options.recipient }),
    report: options.report === undefined ? '' : (await readText(options.report)).trim(),
    ...(options.notice === undefined ? {} : { notice: options.notice }),
    qr: options.qr,
    ...(options.workFactor === undefined ? {} : { workFactor: options.workFactor }),
  });
  const reporter = new Reporter(options.json);
  try {
    for (const [index, input] of inputs.entries()) {
      const output = paths[index];
      await reporter.run(input, async () => {
        const { file, coveredAreas, bitsPerSample, samplesChangedOutside, qrText } = await protectFile(
          await readBytes(input),
          job,
          {
            areas: options.region,
            carrier: options.carrier,
            scramble: options.scramble,
            index,
            count: inputs.length,
          },
        );
        await writeWhole(output, file);
        const result = {
          output,
          regions: options.region.map(regionOf),
          coveredAreas,
          carrier: CARRIER_NAMES[options.carrier],
          bitsPerSample,
          samplesChangedOutside,
          qrText,
          verified: true,
        };
        const covered = coveredAreas.map(describeArea).join('; ');
        const lines = [
          `${input} -> ${output}`,
          `  covered: ${covered}; ${describeCarrier(options.carrier, bitsPerSample)}`,
          `  ${samplesChangedOutside} samples changed outside; restores bit for bit: verified`,
        ];
        return { result, lines };
      });
    }
  } finally {
    job.dispose();
  }
  return reporter.exitCode;
}

async function keyringFor(options: RestoreCommand): Promise<Keyring> {
  const { passphraseFile, identity } = options;
  if (passphraseFile !== undefined && identity === undefined) {
    return createKeyring({ passphrase: await readPassphrase(passphraseFile) });
  }
  if (identity !== undefined && passphraseFile === undefined) {
    return createKeyring({ identities: await readIdentities(identity) });
  }
  throw new KeyAreaError('invalid-argument', 'Give --passphrase-file or --identity.');
}

export async function restoreCommand(inputs: readonly string[], options: RestoreCommand): Promise<ExitCode> {
  if (options.reportOut !== undefined && inputs.length > 1) {
    throw new KeyAreaError('invalid-argument', '--report-out takes one input. Restore the files one by one.');
  }
  checkStandardInput([...inputs, options.passphraseFile, options.identity]);
  const paths = await outputPaths(inputs, options.output, options.reportOut);
  const keyring = await keyringFor(options);
  const reporter = new Reporter(options.json);
  try {
    for (const [index, input] of inputs.entries()) {
      const output = paths[index];
      await reporter.run(input, async () => {
        const restored = await restoreFile(await readBytes(input), keyring);
        await writeWhole(output, restored.file);
        if (options.reportOut !== undefined) await writeWhole(options.reportOut, restored.report);
        const { areas, coveredAreas, carrier, report, fileVerified, repairedSegments } = restored;
        const result = {
          output,
          regions: areas,
          coveredAreas,
          carrier: CARRIER_NAMES[carrier],
          report,
          verified: true,
          fileVerified,
          recoveredSegments: repairedSegments,
        };
        const repaired = `; ${repairedSegments} damaged segments of the hidden data were repaired`;
        const lines = [
          `${input} -> ${output}`,
          `  restored bit for bit: every pixel equals the original (SHA-256)${repairedSegments > 0 ? repaired : ''}`,
          fileVerified
            ? '  the file equals the original file, byte for byte (SHA-256)'
            : '  the file was edited since it was protected: those edits were kept',
        ];
        return { result, lines };
      });
    }
  } finally {
    keyring.dispose();
  }
  return reporter.exitCode;
}

export async function inspectCommand(input: string, options: { json: boolean }): Promise<ExitCode> {
  const reporter = new Reporter(options.json);
  await reporter.run(input, async () => {
    const { carrier, coveredAreas, bitsPerSample, keys, qrText, notice, frames, protectedFrames } =
      await inspectFile(await readBytes(input));
    const result = {
      carrier: CARRIER_NAMES[carrier],
      coveredAreas,
      bitsPerSample,
      keys,
      qrText,
      frames,
      protectedFrames,
    };
    const lines = [
      `${input}: protected, ${protectedFrames} of ${frames} ${frames === 1 ? 'frame' : 'frames'}`,
      `  covered: ${coveredAreas.map(describeArea).join('; ')}; ${describeCarrier(carrier, bitsPerSample)}`,
      `  opens with: ${keys.join(' or ')}`,
      `  notice: ${notice}`,
    ];
    return { result, lines };
  });
  return reporter.exitCode;
}
