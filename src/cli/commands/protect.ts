import type { KeyArea, ProtectedFile } from '../../dicom/index';
import { throwIfCancelled } from '../../dicom/options';
import type { JobOptions, QrContent, Secret, SymbolFit } from '../../engine/index';
import { type BatchOptions, type Context, runBatch } from '../batch';
import type { Destination, Output } from '../destination';
import { type EndpointOptions, openEndpoints } from '../endpoints';
import type { ExitCode } from '../exitCode';
import { readText } from '../files';
import { jobFor, outputOf, type ProtectedSeries, type ProtectRequest } from '../goOn';
import type { Inputs } from '../inputs';
import { type ReaderOptions, readReaders, readSecret } from '../keys';
import type { Outcome } from '../results';
import {
  CARRIER_NAMES,
  type CarrierChoice,
  carrierNamed,
  describeAreas,
  describeCarrier,
  outputFields,
  regionOf,
  tellChanged,
} from './words';

/** What protecting and hiding take alike. */
export interface ProtectBaseCommand extends BatchOptions, ReaderOptions, EndpointOptions {
  readonly report?: string;
  readonly notice?: string;
  readonly compress: boolean;
}

export interface ProtectCommand extends ProtectBaseCommand {
  readonly region: readonly KeyArea[];
  readonly qr: QrContent;
  readonly fit: SymbolFit;
  readonly carrier: CarrierChoice;
  readonly scramble: boolean;
}

/** Protects files, and the DICOM files in folders: one job, hence one key and one new series, a series. */
export function protectCommand(
  context: Context,
  paths: readonly string[],
  options: ProtectCommand,
): Promise<ExitCode> {
  const { region: areas, qr, fit, carrier, scramble, compress } = options;
  const chosen = carrier === 'automatic' ? {} : { carrier: carrierNamed(carrier) };
  return protect(context, paths, options, { qr, fit }, { areas, scramble, compress, ...chosen });
}

/** Hides a report in the pixels: no key area, no QR code, and nothing that could be seen. */
export function hideCommand(
  context: Context,
  paths: readonly string[],
  options: ProtectBaseCommand,
): Promise<ExitCode> {
  return protect(
    context,
    paths,
    options,
    { qr: 'notice' },
    {
      areas: [],
      carrier: 'surroundings',
      compress: options.compress,
    },
  );
}

async function protect(
  context: Context,
  paths: readonly string[],
  options: ProtectBaseCommand,
  symbol: Pick<JobOptions, 'qr' | 'fit'>,
  fileOptions: ProtectRequest['options'],
): Promise<ExitCode> {
  const { report, notice, passphraseFile, identity = [] } = options;
  const { inputs, destination } = await openEndpoints(context, paths, options, 'originals', {
    read: [report, passphraseFile, ...identity],
  });
  const readers = await readReaders(options);
  const job = {
    ...readers,
    report: report === undefined ? '' : (await readText(report)).trim(),
    ...(notice === undefined ? {} : { notice }),
    ...symbol,
  };
  const secret = await secretOf(readers.passphrase, identity);
  return protectBatch(context, inputs, options, { job, secret, options: fileOptions }, destination);
}

/** What opens outputs that an earlier run left: the passphrase, or an identity of a recipient. */
async function secretOf(
  passphrase: string | undefined,
  identity: readonly string[],
): Promise<Secret | undefined> {
  if (passphrase !== undefined) return { passphrase };
  return identity.length === 0 ? undefined : readSecret({ identity });
}

function protectBatch(
  context: Context,
  inputs: Inputs,
  options: BatchOptions,
  request: ProtectRequest,
  destination: Destination,
): Promise<ExitCode> {
  const { signal } = context;
  return runBatch<ProtectedSeries>(context, inputs, options, (executor, reporter) => ({
    firstAlone: false,
    begin: (series) =>
      jobFor(series, request, { destination, executor, signal }, (message) => reporter.say(message)),
    one: async (input, index, series) => {
      const original = await input.read();
      if (series.resumed) {
        const run = { destination, executor, signal };
        const output = await outputOf(input, original, index, series, request, run);
        if (output !== undefined) {
          tellChanged(output, reporter);
          return keptOutcome(input.name, output, request);
        }
      }
      const { file, ...made } = await executor.perform({
        task: 'protect',
        file: original,
        job: series.job,
        options: { ...request.options, index, count: series.count },
      });
      throwIfCancelled(signal);
      const uids = {
        study: made.studyInstanceUID,
        series: made.seriesInstanceUID,
        instance: made.sopInstanceUID,
      };
      const output = await destination.write(input, file, uids);
      tellChanged(output, reporter);
      return protectedOutcome(input.name, output, made, request);
    },
  }));
}

function protectedOutcome(
  input: string,
  output: Output,
  made: Omit<ProtectedFile, 'file'>,
  { options }: ProtectRequest,
): Outcome {
  const {
    coveredAreas,
    carrier,
    bitsPerSample,
    samplesChangedOutside,
    psnrOutside,
    ssimOutside,
    toleratedMark,
    warnings,
  } = made;
  const result = {
    ...outputFields(output),
    regions: options.areas.map(regionOf),
    coveredAreas,
    carrier: CARRIER_NAMES[carrier],
    bitsPerSample,
    samplesChangedOutside,
    psnrOutside: Number.isFinite(psnrOutside) ? psnrOutside : null,
    ssimOutside,
    toleratedMark,
    qrText: made.qrText,
    verified: true,
    ...(warnings.length > 0 ? { warnings: warnings.map(({ code }) => code) } : {}),
  };
  const quality = samplesChangedOutside > 0 ? ` (${psnrOutside.toFixed(1)} dB)` : '';
  const lines = [
    `${input} -> ${output.name}`,
    `  covered: ${describeAreas(coveredAreas)}; ${describeCarrier(carrier, bitsPerSample)}`,
    `  ${samplesChangedOutside} samples changed outside${quality}; restores bit for bit: verified`,
    ...(toleratedMark > 0
      ? [`  a mark of up to ${toleratedMark} x ${toleratedMark} pixels on the QR code can be repaired`]
      : []),
    ...warnings.map(({ message }) => `  note: ${message}`),
  ];
  return { result, lines, counted: 'protected' };
}

/** What an earlier run left, and was checked. */
function keptOutcome(input: string, output: Output, { options }: ProtectRequest): Outcome {
  const result = {
    ...outputFields(output),
    regions: options.areas.map(regionOf),
    verified: true,
    kept: true,
  };
  const lines = [`${input} -> ${output.name}`, '  was there already; restores bit for bit: verified'];
  return { result, lines, counted: 'there already' };
}
