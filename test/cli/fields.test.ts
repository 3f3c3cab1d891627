import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { compressFile } from '../../src/dicom/compress';
import { readFile } from '../../src/dicom/dataset/reader';
import { splice } from '../../src/dicom/dataset/splice';
import type { WarningCode } from '../../src/dicom/index';
import { startServer } from '../demo/support';
import { buildImage, EXPLICIT, encode, text } from '../dicom/builder';
import { documentedFields, namedBeside } from './documentedFields';
import { commandLine, slice } from './support';

/** What `--json` prints. That nothing else is printed holds in every test: see `support.ts`. */

const cli = commandLine();
const { path } = cli;
const key = () => ['--passphrase-file', path('passphrase.txt')];
const REGION = ['--region', '40,50,90,80', '--work-factor', '10'];
const WIDTH = 128;

/** Three frames of which the first is protected, in `protected.dcm`. */
async function protectFirstFrame(): Promise<Buffer> {
  writeFileSync(path('cine.dcm'), buildImage({ width: WIDTH, height: WIDTH, frames: 3, bitsStored: 12 }));
  const region = ['--region', '20,20,60,60@1', '--work-factor', '10', '--json', ...key()];
  expect(await cli.run('protect', path('cine.dcm'), '-o', path('protected.dcm'), ...region)).toBe(0);
  return readFileSync(path('protected.dcm'));
}

/** Three protected frames, in `altered.dcm`, the second as after compression with loss: its QR code is left. */
async function loseSecondFrame(): Promise<void> {
  writeFileSync(path('cine.dcm'), buildImage({ width: WIDTH, height: WIDTH, frames: 3, bitsStored: 12 }));
  const options = [
    '--region',
    '20,20,60,60',
    '--report',
    path('report.txt'),
    '--work-factor',
    '10',
    ...key(),
  ];
  expect(await cli.run('protect', path('cine.dcm'), '-o', path('protected.dcm'), ...options)).toBe(0);
  const file = readFileSync(path('protected.dcm'));
  const frameLength = WIDTH * WIDTH * 2;
  const second = file.subarray(file.length - 2 * frameLength, file.length - frameLength);
  for (let at = 0; at < frameLength; at += 2) second[at] = 0;
  writeFileSync(path('altered.dcm'), file);
}

const alter = (file: Buffer, fromEnd: number): void => {
  file[file.length - fromEnd] ^= 1;
  writeFileSync(path('altered.dcm'), file);
};
const verify = () => cli.run('verify', path('altered.dcm'), '--json', ...key());
const accept = () =>
  cli.run(
    ...['restore', path('altered.dcm'), '-o', path('restored.dcm'), '--accept-altered', '--json'],
    ...key(),
  );

test('every field that is described is printed', async () => {
  const seen = new Set<string>();
  const run = async (...argv: string[]) => {
    await cli.run(...argv, '--json');
    for (const result of cli.results()) for (const field of Object.keys(result)) seen.add(field);
  };
  alter(await protectFirstFrame(), 1);
  await run('inspect', path('protected.dcm'));
  await run('verify', path('altered.dcm'), ...key());
  await run('restore', path('altered.dcm'), '-o', path('restored.dcm'), '--accept-altered', ...key());
  await loseSecondFrame();
  cli.output();
  await run('inspect', path('altered.dcm'));
  await run('suggest', slice(10), path('report.txt'));
  const protect = ['protect', slice(10), slice(11), '-o', path('out/'), ...REGION, ...key()];
  await run(...protect);
  rmSync(path('out/brain_011.dcm'));
  const edited = readFileSync(path('out/brain_010.dcm'));
  edited.write('9', edited.indexOf('123565'));
  writeFileSync(path('edited.dcm'), edited);
  await run('verify', path('edited.dcm'), ...key());
  const moved = encode(text(0x00200032, 'DS', '9\\9\\9'), EXPLICIT);
  writeFileSync(path('moved.dcm'), splice(readFile(edited), [{ tag: 0x00200032, bytes: moved }]));
  await run('verify', path('moved.dcm'), ...key());
  await run('verify', path('out'), ...key());
  await run(...protect);
  writeFileSync(path('packed.dcm'), await compressFile(readFile(readFileSync(slice(10))), undefined));
  await run('protect', path('packed.dcm'), '-o', path('protected.dcm'), ...REGION, ...key());
  await run('restore', path('protected.dcm'), '-o', path('restored.dcm'), ...key());
  const server = await startServer([]);
  const store = ['protect', slice(10), '--to-dicomweb', server.root, '--rate', '1000', ...REGION, ...key()];
  await run(...store);
  for (const { path: kept } of server.archive.find()) {
    const name = encode(text(0x00100010, 'PN', 'Roe^Rick'), EXPLICIT);
    writeFileSync(kept, splice(readFile(readFileSync(kept)), [{ tag: 0x00100010, bytes: name }]));
  }
  await run(...store);
  await server.close();
  expect([...seen].sort()).toEqual([...documentedFields].sort());
});

const warningCodes: Record<WarningCode, true> = {
  'unprotected-frames': true,
  'private-data': true,
  'trailing-data': true,
};
test('the warnings are those that are described', () => {
  expect([...namedBeside('warnings')].sort()).toEqual(Object.keys(warningCodes).sort());
});

test('inspect tells the notice', async () => {
  const notice = 'Ask the sender.';
  expect(
    await cli.run('protect', slice(10), '-o', path('protected.dcm'), ...REGION, '--notice', notice, ...key()),
  ).toBe(0);
  cli.output();
  expect(await cli.run('inspect', path('protected.dcm'), '--json')).toBe(0);
  expect(cli.results()).toMatchObject([{ notice }]);
});

test('of altered frames that are not protected', async () => {
  alter(await protectFirstFrame(), 1);
  expect(cli.results()).toMatchObject([{ regions: [{ frames: [1] }], warnings: ['unprotected-frames'] }]);
  for (const told of [verify, accept]) {
    expect(await told()).toBe(5);
    expect(cli.results()).toMatchObject([
      { ok: false, reason: 'altered', alteredBlocks: [], unprotectedFramesAltered: true },
    ]);
  }
});

test('of a frame that cannot come back while others do', async () => {
  await loseSecondFrame();
  cli.output();
  const restore = ['restore', path('altered.dcm'), '-o', path('restored.dcm'), ...key()];
  expect(await cli.run(...restore, '--json')).toBe(5);
  expect(cli.results()).toMatchObject([{ ok: false, reason: 'stored-with-loss' }]);
  expect(existsSync(path('restored.dcm'))).toBe(false);
  for (const told of [verify, accept, () => cli.run('inspect', path('altered.dcm'), '--json')]) {
    expect(await told()).toBe(5);
    expect(cli.results()).toMatchObject([{ ok: false, reason: 'damaged', lostFrames: [2] }]);
  }
  rmSync(path('restored.dcm'));
  expect(await cli.run(...restore, '--accept-altered')).toBe(5);
  expect(cli.output()).toContain(
    'this is not the original: the key area is exact in 2 of 3 frames; lost: frame 2',
  );
});

test('of an altered frame that is protected', async () => {
  alter(await protectFirstFrame(), 3 * WIDTH * WIDTH * 2);
  cli.output();
  for (const told of [verify, accept]) {
    expect(await told()).toBe(5);
    const [result] = cli.results();
    expect(result).toMatchObject({ ok: false, reason: 'altered', unprotectedFramesAltered: false });
    const [frame] = result!.alteredBlocks as { blockSize: number; columns: number }[];
    expect(frame).toMatchObject({ frame: 1, blocks: [{ x: 0, y: 0 }] });
    expect(frame!.columns * frame!.blockSize).toBe(WIDTH);
  }
});
