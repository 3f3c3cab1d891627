import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import packageJson from '../../package.json';
import type { KeyArea } from '../dicom/index';
import { type Carrier, KeyAreaError } from '../engine/index';
import {
  CARRIER_NAMES,
  inspectCommand,
  type ProtectCommand,
  protectCommand,
  type RestoreCommand,
  restoreCommand,
} from './commands';
import { describeFailure, EXIT, type ExitCode } from './exitCode';
import { parseRegion } from './region';

const EXIT_CODES = `
Exit codes: 0 done, 1 internal error, 2 wrong usage, 3 refused input (named; nothing written),
4 wrong key, 5 altered or damaged, 6 not protected.`;

function collectRegion(text: string, previous: KeyArea[] = []): KeyArea[] {
  const region = parseRegion(text);
  if (region === undefined) {
    throw new InvalidArgumentError(
      'A region is x,y,width,height in pixels from 0, then @frame or @first-last if wanted.',
    );
  }
  return [...previous, region];
}

function carrier(text: string): Carrier {
  const found = Object.entries(CARRIER_NAMES).find(([, name]) => name === text);
  if (found === undefined) throw new InvalidArgumentError('qr or surroundings.');
  return found[0] as Carrier;
}

const collect = (text: string, previous: string[] = []): string[] => [...previous, text];

function workFactor(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 10 || value > 18) throw new InvalidArgumentError('10 to 18.');
  return value;
}

function buildProgram(finish: (code: ExitCode) => void): Command {
  const program = new Command('key-area-protection')
    .description(
      'Hides the key area of a DICOM image under a QR code, in the image itself, and gives the exact original back.',
    )
    .version(packageJson.version)
    .exitOverride()
    .showHelpAfterError('Run with --help for the options.')
    .addHelpText('after', EXIT_CODES);

  program
    .command('protect')
    .description('hide key areas; the original file is left as it is')
    .argument('<input...>', 'DICOM files')
    .requiredOption('-o, --output <path>', 'the file to write; a folder where there are several inputs')
    .requiredOption(
      '--region <x,y,w,h[@frames]>',
      'a key area in pixels; may be given several times',
      collectRegion,
    )
    .option('--report <file>', 'the private report, UTF-8 text; - for standard input')
    .option('--notice <text>', 'the public text in the QR code')
    .addOption(
      new Option('--passphrase-file <file>', 'the passphrase; - for standard input').conflicts('recipient'),
    )
    .option(
      '--recipient <age1...>',
      'an age public key that can restore; may be given several times',
      collect,
    )
    .addOption(
      new Option('--qr <content>', 'what the QR code says')
        .choices(['sealed', 'notice', 'open'])
        .default('sealed'),
    )
    .addOption(
      new Option(
        '--carrier <where>',
        'qr: the key area is carried under the QR code; surroundings: around it',
      )
        .argParser(carrier)
        .default('vault', 'qr'),
    )
    .option('--scramble', 'turn the rest of the image to noise too', false)
    .addOption(
      new Option('--work-factor <n>', 'cost of guessing a passphrase, 10 to 18 (18)').argParser(workFactor),
    )
    .option('--json', 'print one JSON object per input', false)
    .addHelpText(
      'after',
      `
Example:
  key-area-protection protect ct.dcm -o protected.dcm --region 201,158,112,96 \\
      --report report.txt --passphrase-file passphrase.txt`,
    )
    .action(async (inputs: string[], options: ProtectCommand) =>
      finish(await protectCommand(inputs, options)),
    );

  program
    .command('restore')
    .description('give the exact original back')
    .argument('<input...>', 'protected DICOM files')
    .requiredOption('-o, --output <path>', 'the file to write; a folder where there are several inputs')
    .addOption(
      new Option('--passphrase-file <file>', 'the passphrase; - for standard input').conflicts('identity'),
    )
    .option('--identity <file>', 'age identities (AGE-SECRET-KEY-1...), one a line')
    .option('--report-out <file>', 'write the report here')
    .option('--json', 'print one JSON object per input, the report in it', false)
    .action(async (inputs: string[], options: RestoreCommand) =>
      finish(await restoreCommand(inputs, options)),
    );

  program
    .command('inspect')
    .description('tell what protects an image; needs no key')
    .argument('<input>', 'a DICOM file')
    .option('--json', 'print a JSON object', false)
    .action(async (input: string, options: { json: boolean }) =>
      finish(await inspectCommand(input, options)),
    );
  return program;
}

/** Runs the command line; returns the exit code. */
export async function run(argv: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = EXIT.done;
  try {
    const program = buildProgram((result) => {
      code = result;
    });
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has printed its own message; help and version end with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUsage;
    const { code: failure, message } = describeFailure(error);
    process.stderr.write(`${message}\n`);
    return error instanceof KeyAreaError || failure !== EXIT.refusedInput ? failure : EXIT.wrongUsage;
  }
}
