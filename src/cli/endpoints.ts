import { KeyAreaError } from '../engine/index';
import type { Context } from './batch';
import { checkOutputs, type Destination, localDestination } from './destination';
import { DicomWebClient } from './dicomWeb/client';
import { serverDestination } from './dicomWeb/destination';
import { listStudy, type StudyRequest } from './dicomWeb/source';
import { checkStandardInput, readText } from './files';
import { type Inputs, listFiles } from './inputs';

/** The options that say where inputs come from and where outputs go. */
export interface EndpointOptions {
  readonly output?: string;
  readonly fromDicomweb?: string;
  readonly study?: string;
  readonly series?: string;
  readonly toDicomweb?: string;
  readonly tokenFile?: string;
  readonly toTokenFile?: string;
  readonly rate: number;
}

/** Files that a command has to do with besides its inputs and outputs. */
export interface OtherFiles {
  /** None of them is replaced by an output: a report, a key. */
  readonly read: readonly (string | undefined)[];
  readonly written?: string | undefined;
}

export interface Endpoints {
  readonly inputs: Inputs;
  readonly destination: Destination;
}

/**
 * Finds the inputs, files or a study on a server, and the place for the outputs, a path or a server.
 *
 * Throws `invalid-argument` where these are not one each, or an output would replace something that is
 * read; what listing the inputs throws; and what the operating system says of a place for the outputs.
 */
export async function openEndpoints(
  { signal }: Context,
  paths: readonly string[],
  options: EndpointOptions,
  wanted: StudyRequest['wanted'],
  others: OtherFiles,
): Promise<Endpoints> {
  const { output, fromDicomweb, study, series, toDicomweb, tokenFile, toTokenFile, rate } = options;
  if (paths.length > 0 === (fromDicomweb !== undefined)) {
    throw new KeyAreaError('invalid-argument', 'Name files or folders, or a server with --from-dicomweb.');
  }
  if ((output !== undefined) === (toDicomweb !== undefined)) {
    throw new KeyAreaError('invalid-argument', 'Name a place for the outputs: --output, or --to-dicomweb.');
  }
  if (
    (fromDicomweb === undefined) !== (study === undefined) ||
    (series !== undefined && study === undefined)
  ) {
    throw new KeyAreaError(
      'invalid-argument',
      '--from-dicomweb takes --study, and --series if only one is wanted.',
    );
  }
  const read = [...others.read, tokenFile, toTokenFile].filter((path) => path !== undefined);
  checkStandardInput([...paths, ...read]);
  const token = tokenFile === undefined ? undefined : await readAuthorization(tokenFile);
  const client = (address: string, authorization: string | undefined) =>
    new DicomWebClient(address, { rate, signal, ...(authorization === undefined ? {} : { authorization }) });

  const from = fromDicomweb === undefined ? undefined : client(fromDicomweb, token);
  const toToken = await tokenForDestination({ from: fromDicomweb, to: toDicomweb, token, toTokenFile });
  const to = toDicomweb === undefined ? undefined : client(toDicomweb, toToken);
  const inputs =
    from === undefined || study === undefined
      ? await listFiles(paths, { signal, output })
      : await listStudy(from, { study, wanted, ...(series === undefined ? {} : { series }) });
  const { destination, paths: outputs } =
    to === undefined
      ? await localDestination(inputs, output ?? '')
      : { destination: serverDestination(to), paths: [] };
  const { written } = others;
  await checkOutputs(
    [...inputs.images.map(({ name }) => name), ...read],
    written === undefined ? outputs : [...outputs, written],
  );
  return { inputs, destination };
}

/** A token is sent to the server it was given for, never to another one. */
async function tokenForDestination({
  from,
  to,
  token,
  toTokenFile,
}: {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly token: string | undefined;
  readonly toTokenFile: string | undefined;
}): Promise<string | undefined> {
  if (toTokenFile !== undefined) {
    if (to === undefined)
      throw new KeyAreaError('invalid-argument', '--to-token-file goes with --to-dicomweb.');
    return readAuthorization(toTokenFile);
  }
  if (from === undefined || to === undefined) return token;
  return originOf(from) === originOf(to) ? token : undefined;
}

const originOf = (address: string): string | undefined =>
  URL.canParse(address) ? new URL(address).origin : undefined;

/**
 * Reads what lets in: a token, or the whole value of the Authorization header (`Bearer ...`,
 * `Basic ...`). Throws `invalid-argument`, without the text.
 */
async function readAuthorization(path: string): Promise<string> {
  const text = (await readText(path)).trim();
  if (!/^[\x21-\x7e]+( [\x21-\x7e]+)?$/.test(text)) {
    throw new KeyAreaError(
      'invalid-argument',
      `${path} must hold one line: a token, or a scheme, a space and what belongs to it.`,
    );
  }
  return text.includes(' ') ? text : `Bearer ${text}`;
}
