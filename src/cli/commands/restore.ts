import { type FileVerdict, isOriginal } from '../../dicom/index';
import { throwIfCancelled } from '../../dicom/options';
import { KeyAreaError } from '../../engine/index';
import { type BatchOptions, type Context, runBatch } from '../batch';
import { CommandError } from '../commandError';
import type { Output } from '../destination';
import { type EndpointOptions, openEndpoints } from '../endpoints';
import { EXIT, type ExitCode } from '../exitCode';
import { type Place, withPartial } from '../files';
import { uidsOf } from '../heading';
import { readSecret, type SecretOptions } from '../keys';
import type { Outcome } from '../results';
import { type OpenedSeries, openedSeries, reportFindings } from '../seriesFindings';
import { describeAltered, describeEdits, findingsOf, outputFields, plural, tellChanged } from './words';

export interface RestoreCommand extends BatchOptions, SecretOptions, EndpointOptions {
  readonly reportOut?: string;
  readonly originalUids: boolean;
  readonly acceptAltered: boolean;
}

/** Restores files, and the DICOM files in folders; says of each series whether all of it came back. */
export async function restoreCommand(
  context: Context,
  paths: readonly string[],
  options: RestoreCommand,
): Promise<ExitCode> {
  const { reportOut, originalUids: originalUIDs, acceptAltered, passphraseFile, identity = [] } = options;
  const { inputs, destination } = await openEndpoints(context, paths, options, 'protected', {
    read: [passphraseFile, ...identity],
    written: reportOut,
  });
  if (reportOut !== undefined && inputs.images.length > 1) {
    throw new KeyAreaError('invalid-argument', '--report-out takes one input. Restore the files one by one.');
  }
  const begin = openedSeries(await readSecret(options));
  return runBatch<OpenedSeries>(context, inputs, options, (executor, reporter) => ({
    firstAlone: true,
    begin: async () => begin(),
    one: async (input, _, series) => {
      const performed = executor.perform({
        task: 'restore',
        file: await input.read(),
        keys: series.keys(),
        options: { originalUIDs, acceptAltered },
      });
      const { file, opened, ...restored } = await performed.catch(nameOption);
      throwIfCancelled(context.signal);
      series.note(input, opened, restored);
      const uids = uidsOf(file);
      const found = await destination.find(input, async () => uids);
      const likeness = found && destination.compare(found.file, file);
      if (found && likeness === 'other') {
        throw new CommandError(
          'output-exists',
          `${found.name} is there already, and is not this original. Choose another folder, or remove it.`,
        );
      }
      const write = async (placeReport?: Place): Promise<Output> => {
        if (found === undefined) return destination.write(input, file, uids, placeReport);
        await placeReport?.();
        return { name: found.name, attributesChanged: likeness !== 'same' };
      };
      const written = await (reportOut === undefined
        ? write()
        : withPartial(reportOut, restored.report, write));
      tellChanged(written, reporter);
      return outcomeOf(input.name, written, restored);
    },
    end: (members, series) => {
      if (inputs.many) reportFindings(members, series.members, reporter);
    },
  }));
}

/** Says of an image that is refused as altered how to have it all the same. */
function nameOption(error: unknown): never {
  if (!(error instanceof KeyAreaError) || !error.acceptable) throw error;
  const { code, message, cause } = error;
  throw new KeyAreaError(code, `${message} Or restore what can be of it with --accept-altered.`, { cause });
}

function outcomeOf(input: string, written: Output, restored: FileVerdict): Outcome {
  const { outcome, report, decodedFrom, repairedSegments } = restored;
  const { reason, ...findings } = findingsOf(restored);
  const result = {
    ...(reason ? { reason } : {}),
    ...outputFields(written),
    ...findings,
    report,
    ...(decodedFrom ? { decodedFrom: decodedFrom.uid } : {}),
  };
  if (!isOriginal(outcome)) {
    const verdict = `  this is not the original: ${describeAltered(restored)}`;
    const lines = [`${input} -> ${written.name}`, verdict];
    return { result, lines, counted: outcome, code: EXIT.alteredOrDamaged };
  }
  const repaired = `; ${plural(repairedSegments, 'damaged segment')} of the hidden data repaired`;
  const verdict = `  restored bit for bit: every pixel equals the original (SHA-256)${outcome === 'repaired' ? repaired : ''}`;
  const file = written.attributesChanged
    ? '  the server changed attributes: the file there is not the original, byte for byte'
    : describeFile(restored);
  return { result, lines: [`${input} -> ${written.name}`, verdict, file], counted: 'restored' };
}

/** How the restored file compares with the original one. */
function describeFile({ fileVerified, changedSince, decodedFrom }: FileVerdict): string {
  if (!fileVerified) return `  ${describeEdits(changedSince)}`;
  return decodedFrom
    ? `  the original was ${decodedFrom.name}: the file equals it, uncompressed, in every stored value and attribute (SHA-256)`
    : '  the file equals the original file, byte for byte (SHA-256)';
}
