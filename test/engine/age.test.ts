import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateHybridIdentity, generateX25519Identity, identityToRecipient } from 'age-encryption';
import {
  createKeyring,
  createProtectionJob,
  inspectFrame,
  type JobOptions,
  protectFrame,
  restoreFrame,
} from '../../src/engine';
import { openEnvelope, wrapForPassphrase, wrapForRecipients } from '../../src/engine/keys/envelope';
import { hasReader } from '../readers';
import { makeFrame, randomFrom } from './frames';

/** Envelopes are age files, whoever writes and opens them; and every kind of key opens what it should. */

const folder = mkdtempSync(join(tmpdir(), 'key-area-age-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const place = (name: string): string => join(folder, name);

const random = randomFrom(11);
const contentKey = Uint8Array.from({ length: 32 }, () => Math.floor(256 * random()));

const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

/** Runs a command on a terminal of its own, and answers each question for a passphrase. */
const ANSWER = `
import os, pty, sys
answer, command = sys.argv[1], sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
shown = b''
try:
    while True:
        shown += os.read(terminal, 1024)
        if b'passphrase' in shown and shown.rstrip().endswith(b':'):
            os.write(terminal, answer.encode() + b'\\n')
            shown = b''
except OSError:
    pass
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
`;

function run(command: string, ...options: string[]): Uint8Array {
  const { status, stdout, stderr } = spawnSync(command, options);
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr.toString()}`);
  return new Uint8Array(stdout);
}

/** Runs age where it asks for a passphrase; gives the file it writes. */
function runWithPassphrase(passphrase: string, ...options: string[]): Uint8Array {
  rmSync(place('out'), { force: true });
  run(PYTHON, '-c', ANSWER, passphrase, 'age', '--output', place('out'), ...options);
  return new Uint8Array(readFileSync(place('out')));
}

function write(name: string, content: string | Uint8Array): string {
  writeFileSync(place(name), content);
  return place(name);
}

const testWithAge = ['age', 'age-keygen'].every(hasReader) ? test : test.skip;
const testWithTerminal = ['age', PYTHON].every(hasReader) ? test : test.skip;

describe('the age command', () => {
  testWithAge('opens an envelope of ours for a key of its own', async () => {
    run('age-keygen', '--output', place('theirs'));
    const recipient = Buffer.from(run('age-keygen', '-y', place('theirs')))
      .toString()
      .trim();
    const other = await identityToRecipient(await generateX25519Identity());
    const envelope = write('ours.age', await wrapForRecipients(contentKey, [other, recipient]));
    expect(run('age', '--decrypt', '--identity', place('theirs'), envelope)).toEqual(contentKey);
  });

  testWithAge('writes envelopes for our keys that we open', async () => {
    const identity = await generateX25519Identity();
    const recipient = await identityToRecipient(identity);
    const envelope = run('age', '--encrypt', '--recipient', recipient, write('key', contentKey));
    expect(await openEnvelope(envelope, { identities: [identity] })).toEqual(contentKey);
    const another = await generateX25519Identity();
    expect(await openEnvelope(envelope, { identities: [another] })).toBeUndefined();
  });

  const passphrase = 'correct horse Batterie für Ångström';

  testWithTerminal('opens an envelope of ours with the passphrase', async () => {
    const decomposed = passphrase.normalize('NFD');
    const envelope = write('ours.age', await wrapForPassphrase(contentKey, decomposed, 10));
    expect(runWithPassphrase(passphrase, '--decrypt', envelope)).toEqual(contentKey);
    expect(() => runWithPassphrase('wrong', '--decrypt', envelope)).toThrow('ended with 1');
  });

  testWithTerminal('writes envelopes with a passphrase that we open', async () => {
    const envelope = runWithPassphrase(passphrase, '--encrypt', '--passphrase', write('key', contentKey));
    expect(await openEnvelope(envelope, { passphrase })).toEqual(contentKey);
    expect(await openEnvelope(envelope, { passphrase: 'wrong' })).toBeUndefined();
  });
});

const frame = makeFrame({ width: 200, height: 200, bitsStored: 12, noise: 0.002 });
const area = { x: 40, y: 40, width: 120, height: 120 };

/** Protects with the options; gives the identities' outcomes, and what is told without them. */
async function outcomes(options: Omit<JobOptions, 'report'>, identities: readonly string[]) {
  const job = await createProtectionJob({ ...options, report: 'For you.' });
  const output = await protectFrame(frame, job, { areas: [area] });
  const opened: string[] = [];
  for (const identity of identities) {
    try {
      const restored = await restoreFrame(output.frame, createKeyring({ identities: [identity] }));
      expect(restored.frame.samples).toEqual(frame.samples);
      opened.push(restored.report);
    } catch (error) {
      opened.push((error as { code: string }).code);
    }
  }
  return { opened, qrText: output.qrText, keys: inspectFrame(output.frame).keys };
}

describe('recipients', () => {
  test('several, in one envelope: each opens, others do not', async () => {
    const identities = await Promise.all([1, 2, 3, 4].map(() => generateX25519Identity()));
    const recipients = await Promise.all(identities.slice(0, 3).map(identityToRecipient));
    expect(await outcomes({ recipients }, identities)).toMatchObject({
      opened: ['For you.', 'For you.', 'For you.', 'wrong-key'],
      keys: ['recipient'],
    });
  });

  test('post-quantum ones alone: they open, and the report stays out of the QR code', async () => {
    const identities = await Promise.all([1, 2].map(() => generateHybridIdentity()));
    const recipients = [await identityToRecipient(identities[0])];
    expect(recipients[0]).toMatch(/^age1pq1/);
    expect(await outcomes({ recipients, notice: 'Ask for the key.' }, identities)).toEqual({
      opened: ['For you.', 'wrong-key'],
      qrText: 'Ask for the key.',
      keys: ['recipient'],
    });
  });

  test('post-quantum and others in one envelope are refused', async () => {
    const identities = [await generateHybridIdentity(), await generateX25519Identity()];
    const recipients = await Promise.all(identities.map(identityToRecipient));
    const refusal = { code: 'invalid-argument', message: expect.stringMatching(/Post-quantum .* weaker/) };
    const mixed = createProtectionJob({ recipients, report: '' });
    await expect(mixed).rejects.toMatchObject(refusal);
    const recovery = createProtectionJob({ passphrase: 'x', recoveryRecipients: recipients, report: '' });
    await expect(recovery).rejects.toMatchObject(refusal);
  });
});

describe('recovery recipients', () => {
  test('open what a passphrase protects, and a wrong passphrase does not', async () => {
    const [recovery, stranger] = await Promise.all([1, 2].map(() => generateX25519Identity()));
    const recoveryRecipients = [await identityToRecipient(recovery)];
    const options = { passphrase: 'mine', workFactor: 8, recoveryRecipients };
    expect(await outcomes(options, [recovery, stranger])).toMatchObject({
      opened: ['For you.', 'wrong-key'],
      keys: ['passphrase', 'recipient'],
    });
  });

  test('post-quantum ones go with a passphrase, in an envelope of their own', async () => {
    const recovery = await generateHybridIdentity();
    const recoveryRecipients = [await identityToRecipient(recovery)];
    const options = { passphrase: 'mine', workFactor: 8, recoveryRecipients };
    expect(await outcomes(options, [recovery])).toMatchObject({
      opened: ['For you.'],
      keys: ['passphrase', 'recipient'],
    });
  });
});
