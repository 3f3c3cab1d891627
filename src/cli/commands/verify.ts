import { type FileVerdict, isOriginal } from '../../dicom/index';
import { type BatchOptions, type Context, runBatch } from '../batch';
import { EXIT, type ExitCode } from '../exitCode';
import { checkStandardInput } from '../files';
import { listFiles } from '../inputs';
import { readSecret, type SecretOptions } from '../keys';
import type { Outcome } from '../results';
import { type OpenedSeries, openedSeries, reportFindings } from '../seriesFindings';
import { describeAltered, describeEdits, findingsOf, plural } from './words';

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
  const { outcome, fileVerified, changedSince, repairedSegments } = verdict;
  const result = findingsOf(verdict);
  if (!isOriginal(outcome)) {
    const lines = [`${input}: ${describeAltered(verdict)}`];
    return { result, lines, counted: outcome, code: EXIT.alteredOrDamaged };
  }
  const how =
    outcome === 'repaired'
      ? `${plural(repairedSegments, 'damaged segment')} of the hidden data repaired`
      : 'every pixel equals the original (SHA-256)';
  const edited = fileVerified ? [] : [`  ${describeEdits(changedSince)}`];
  const between = outcome === 'repaired' ? ',' : ':';
  return { result, lines: [`${input}: restores bit for bit${between} ${how}`, ...edited], counted: outcome };
}
