import { Command, CommanderError, Option } from 'commander';
import packageJson from '../../package.json';
import type { BatchOptions, Context } from './batch';
import { inspectCommand } from './commands/inspect';
import {
  hideCommand,
  type ProtectBaseCommand,
  type ProtectCommand,
  protectCommand,
} from './commands/protect';
import { type RestoreCommand, restoreCommand } from './commands/restore';
import { type ScanCommand, scanCommand } from './commands/scan';
import { type SuggestCommand, suggestCommand } from './commands/suggest';
import { type VerifyCommand, verifyCommand } from './commands/verify';
import { describeFailure, EXIT, type ExitCode, SEVERITY } from './exitCode';
import { isFileError } from './fileErrors';
import {
  carrierOption,
  compressOption,
  noticeOption,
  qrOption,
  regionOption,
  wholeNumber,
  withBatch,
  withEndpoints,
  withReaders,
  withSecret,
} from './options';
import { printable } from './terminal';

const NAME = 'key-area-protection';

const EXIT_CODES = `
Exit codes: 0 done, 1 internal error, 2 wrong usage, 3 refused input, or a file or server that cannot be
read or written (named; nothing written for this input, unless the name is stored-otherwise), 4 wrong key,
5 altered or damaged, or a series that is not whole, 6 not protected; of several inputs the worst, from good
to bad ${SEVERITY.join(', ')}.`;

const examples = (...lines: string[]): string =>
  `\nExamples:\n${lines.map((line) => `  ${NAME} ${line}`).join('\n')}`;

type Finish = (code: ExitCode) => void;

function addProtect(program: Command, context: Context, finish: Finish): void {
  const command = program
    .command('protect')
    .description('hide key areas; the originals are left as they are')
    .argument('[input...]', 'DICOM files, or folders of them; - for standard input')
    .addOption(regionOption())
    .option('--report <file>', 'the private report, UTF-8 text; - for standard input')
    .addOption(noticeOption())
    .addOption(qrOption())
    .addOption(
      new Option(
        '--fit <what>',
        'where a small key area cannot hold the sealed report: report grows it, up to twice its side; area leaves the report out of the QR code',
      )
        .choices(['report', 'area'])
        .default('report'),
    )
    .addOption(carrierOption())
    .option('--scramble', 'turn the rest of the image to noise too', false)
    .addOption(compressOption());
  withBatch(withReaders(withEndpoints(command)))
    .addHelpText(
      'after',
      examples(
        `protect ct.dcm -o protected.dcm --region 201,158,112,96 \\\n      --report report.txt --passphrase-file passphrase.txt`,
        'protect study/ -o protected/ --region 60,60,120,90 --recipient age1... --recovery age1...',
        `protect --from-dicomweb https://pacs.example/dicom-web --study 1.2.3 --token-file token.txt \\\n      --to-dicomweb https://pacs.example/dicom-web --region 60,60,120,90 --passphrase-file passphrase.txt`,
        'protect cine.dcm -o protected.dcm --region 10,10,90,40@1-8 --passphrase-file passphrase.txt',
      ),
    )
    .action(async (inputs: string[], options: ProtectCommand) =>
      finish(await protectCommand(context, inputs, options)),
    );
}

function addHide(program: Command, context: Context, finish: Finish): void {
  const command = program
    .command('hide')
    .description('hide a report in the pixels, invisibly: no key area, no QR code')
    .argument('[input...]', 'DICOM files, or folders of them; - for standard input')
    .requiredOption('--report <file>', 'the private report, UTF-8 text; - for standard input')
    .addOption(compressOption());
  withBatch(withReaders(withEndpoints(command)))
    .addHelpText(
      'after',
      examples('hide ct.dcm -o ct-with-report.dcm --report report.txt --passphrase-file passphrase.txt'),
    )
    .action(async (inputs: string[], options: ProtectBaseCommand) =>
      finish(await hideCommand(context, inputs, options)),
    );
}

function addRestore(program: Command, context: Context, finish: Finish): void {
  const command = program
    .command('restore')
    .description('give the exact originals back')
    .argument('[input...]', 'protected DICOM files, or folders of them; - for standard input')
    .option('--report-out <file>', 'write the report here; one input only')
    .option(
      '--accept-altered',
      'restore what can be of images that were altered elsewhere or lost frames (exit code 5)',
      false,
    )
    .option(
      '--original-uids',
      'give copies that were given other UIDs since their original ones back',
      false,
    );
  withBatch(withSecret(withEndpoints(command)))
    .addHelpText(
      'after',
      examples(
        'restore protected.dcm -o restored.dcm --passphrase-file passphrase.txt --report-out report.txt',
        'restore protected/ -o restored/ --identity key.txt --json',
      ),
    )
    .action(async (inputs: string[], options: RestoreCommand) =>
      finish(await restoreCommand(context, inputs, options)),
    );
}

function addVerify(program: Command, context: Context, finish: Finish): void {
  const command = program
    .command('verify')
    .description('tell whether images restore exactly, and where they were altered; writes nothing')
    .argument('<input...>', 'protected DICOM files, or folders of them; - for standard input');
  withBatch(withSecret(command))
    .addHelpText('after', examples('verify protected.dcm --passphrase-file passphrase.txt --json'))
    .action(async (inputs: string[], options: VerifyCommand) =>
      finish(await verifyCommand(context, inputs, options)),
    );
}

function addInspect(program: Command, context: Context, finish: Finish): void {
  const command = program
    .command('inspect')
    .description('tell what protects images; needs no key')
    .argument('<input...>', 'DICOM files, or folders of them; - for standard input');
  withBatch(command)
    .addHelpText('after', examples('inspect protected.dcm', 'inspect protected/ --json'))
    .action(async (inputs: string[], options: BatchOptions) =>
      finish(await inspectCommand(context, inputs, options)),
    );
}

function addSuggest(program: Command, context: Context, finish: Finish): void {
  const command = program
    .command('suggest')
    .description('propose key areas: places rich in detail, and burned-in text')
    .argument('<input...>', 'DICOM files, or folders of them; - for standard input')
    .addOption(
      new Option('--frame <n>', 'the frame to look at').argParser(wholeNumber(1, 999_999)).default(1),
    );
  withBatch(command)
    .addHelpText('after', examples('suggest ct.dcm', 'suggest cine.dcm --frame 5 --json'))
    .action(async (inputs: string[], options: SuggestCommand) =>
      finish(await suggestCommand(context, inputs, options)),
    );
}

function addScan(program: Command, finish: Finish): void {
  const command = program
    .command('scan')
    .description('read the report from a screenshot or a photo of a protected image')
    .argument('<picture>', 'a PNG or JPEG picture; - for standard input')
    .option('--report-out <file>', 'write the report here, and do not print it')
    .option('--json', 'print a JSON object, the report in it', false);
  withSecret(command)
    .addHelpText('after', examples('scan photo.jpg --passphrase-file passphrase.txt --report-out report.txt'))
    .action(async (picture: string, options: ScanCommand) => finish(await scanCommand(picture, options)));
}

function buildProgram(context: Context, finish: Finish): Command {
  const program = new Command(NAME)
    .description(
      'Hides the key area of a DICOM image under a QR code, in the image itself, and gives the exact original back.',
    )
    .version(packageJson.version)
    .exitOverride()
    .showHelpAfterError('Run with --help for the options.')
    .addHelpText('after', EXIT_CODES);
  for (const add of [addProtect, addHide, addRestore, addVerify, addInspect, addSuggest])
    add(program, context, finish);
  addScan(program, finish);
  return program;
}

/** Runs the command line; returns the exit code. */
export async function run(argv: readonly string[], context: Partial<Context> = {}): Promise<ExitCode> {
  let code: ExitCode = EXIT.done;
  try {
    const program = buildProgram({ signal: new AbortController().signal, ...context }, (result) => {
      code = result;
    });
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has printed its own message; help and version end with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUsage;
    const { code: failure, message } = describeFailure(error);
    process.stderr.write(`${printable(message)}\n`);
    // Before any input is worked on, the files in question are those that options name.
    return isFileError(error) ? EXIT.wrongUsage : failure;
  }
}
