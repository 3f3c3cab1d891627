import type { FileVerdict } from '../../dicom/index';
import { type BatchOptions, type Context, runBatch } from '../batch';
import { EXIT, type ExitCode } from '../exitCode';
import { checkStandardInput } from '../files';
import { listFiles } from '../inputs';
import { readSecret, type SecretOptions } from '../keys';
import type { Outcome } from '../results';
import { type OpenedSeries, openedSeries, reportFindings } from '../seriesFindings';
import { alterationsOf, CARRIER_NAMES, describeAltered, describeEdits, plural } from './words';

export interface VerifyCommand extends BatchOptions, SecretOptions {}

/** Tells what restoring would come to, and writes nothing. */
export async function verifyCommand(
  context: Context,
  paths: readonly string[],
  options: VerifyCommand,
): Promise<ExitCode> {
  checkStandardInput([...paths, options.passphraseFile, ...(options.identity ?? [])]);
  const inputs = await listFiles(paths, context);
  const secret = await readSecret(options);
  const begin = openedSeries(secret);
  return runBatch<OpenedSeries>(context, inputs, options, (executor, reporter) => ({
    firstAlone: true,
    begin: async () => begin(),
    one: async (input, _, series) => {
      const { opened, ...verdict } = await executor.perform({
        task: 'verify',
        file: await input.read(),
        keys: series.keys(),
      });
      series.note(input, opened, verdict);
      return outcomeOf(input.name, verdict);
    },
    end: (members, series) => {
      if (inputs.many) reportFindings(members, series.members, reporter);
    },
  }));
}

function outcomeOf(input: string, verdict: FileVerdict): Outcome {
  const { outcome, areas, coveredAreas, carrier, fileVerified, repairedSegments } = verdict;
  const { changedSince, meaningChanged, pixelsVerified } = verdict;
  const result = {
    ...(outcome === 'altered' ? { reason: 'altered' } : {}),
    regions: areas,
    coveredAreas,
    carrier: CARRIER_NAMES[carrier],
    verified: pixelsVerified,
    fileVerified,
    ...(changedSince.length > 0 ? { changedSince } : {}),
    ...(meaningChanged.length > 0 ? { meaningChanged: meaningChanged.map(({ tag }) => tag) } : {}),
    ...alterationsOf(verdict),
    recoveredSegments: repairedSegments,
  };
  const words = {
    verified: 'restores bit for bit: every pixel equals the original (SHA-256)',
    repaired: `restores bit for bit, ${plural(repairedSegments, 'damaged segment')} of the hidden data repaired`,
    altered: `the key area is exact, but more was altered since: ${describeAltered(verdict)}`,
  };
  const edited = fileVerified || outcome === 'altered' ? [] : [`  ${describeEdits(changedSince)}`];
  const lines = [`${input}: ${words[outcome]}`, ...edited];
  const code = outcome === 'altered' ? EXIT.alteredOrDamaged : EXIT.done;
  return { result, lines, counted: outcome, code };
}
