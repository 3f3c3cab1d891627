import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import {
  createKeyring,
  createProtectionJob,
  type ErrorCode,
  type Frame,
  inspectFrame,
  type ProtectedFrame,
  type ProtectionJob,
  protectFrame,
  type Rectangle,
  restoreFrame,
} from '../../src/engine';
import { makeFrame, randomFrom } from './frames';

const passphrase = 'right';
const area: Rectangle = { x: 60, y: 70, width: 120, height: 110 };
const original = makeFrame({ width: 256, height: 240, bitsStored: 12 });
let job: ProtectionJob;
let result: ProtectedFrame;
beforeAll(async () => {
  job = await createProtectionJob({ passphrase, report: 'A report.', workFactor: 8 });
  result = await protectFrame(original, job, { areas: [area] });
});

const withChange = (
  frame: Frame,
  change: (samples: Frame['samples'], at: (x: number, y: number) => number) => void,
): Frame => {
  const samples = frame.samples.slice();
  change(samples, (x, y) => y * frame.width + x);
  return { ...frame, samples };
};

const expectCode = (promise: Promise<unknown>, code: ErrorCode) =>
  expect(promise).rejects.toMatchObject({ name: 'KeyAreaError', code });

describe('restoring says why it cannot', () => {
  const keyring = () => createKeyring({ passphrase });

  test('wrong key', async () => {
    await expectCode(restoreFrame(result.frame, createKeyring({ passphrase: 'wrong' })), 'wrong-key');
    const identity = await generateX25519Identity();
    await expectCode(restoreFrame(result.frame, createKeyring({ identities: [identity] })), 'wrong-key');
  });

  test('not protected', async () => {
    await expectCode(restoreFrame(original, keyring()), 'not-protected');
    expect(() => inspectFrame(original)).toThrow(expect.objectContaining({ code: 'not-protected' }));
  });

  test('one sample changed outside', async () => {
    const changed = withChange(result.frame, (samples, at) => {
      samples[at(3, 3)] ^= 1;
    });
    await expectCode(restoreFrame(changed, keyring()), 'altered');
  });

  test('half of the covered area destroyed', async () => {
    const [covered] = result.coveredAreas;
    const random = randomFrom(1);
    const changed = withChange(result.frame, (samples, at) => {
      for (let y = covered.y + covered.height / 2; y < covered.y + covered.height; y++) {
        for (let x = covered.x; x < covered.x + covered.width; x++) {
          // Payload bits alone: the picture of the symbol stays whole, so it is still found.
          samples[at(x, y)] ^= Math.floor(random() * 2 ** (result.bitsPerSample - 1)) << 1;
        }
      }
    });
    await expectCode(restoreFrame(changed, keyring()), 'damaged');
  });

  test('pixels stored with loss: the symbol is seen, nothing else is left', async () => {
    const changed = withChange(result.frame, (samples) => {
      samples.forEach((cell, k) => {
        samples[k] = Math.min(4095, Math.round(cell / 16) * 16 + (k % 3));
      });
    });
    await expectCode(restoreFrame(changed, keyring()), 'stored-with-loss');
  });

  test('a mark burned into the covered area is repaired', async () => {
    const [covered] = result.coveredAreas;
    const changed = withChange(result.frame, (samples, at) => {
      for (let y = 0; y < 12; y++)
        for (let x = 0; x < 12; x++) samples[at(covered.x + 55 + x, covered.y + 50 + y)] = 0;
    });
    const restored = await restoreFrame(changed, keyring());
    expect(restored.frame.samples).toEqual(original.samples);
    expect(restored.repairedSegments).toBeGreaterThan(0);
  });

  test('a derivation that failed for want of memory is tried again', async () => {
    const { Decrypter } = await import('age-encryption');
    const keys = keyring();
    const failing = jest
      .spyOn(Decrypter.prototype, 'decrypt')
      .mockRejectedValueOnce(new RangeError('memory'));
    await expect(restoreFrame(result.frame, keys)).rejects.toThrow('memory');
    failing.mockRestore();
    expect((await restoreFrame(result.frame, keys)).frame.samples).toEqual(original.samples);
  });

  test('an image that asks for a costly key is not tried', async () => {
    const { Encrypter } = await import('age-encryption');
    const encrypter = new Encrypter();
    encrypter.setPassphrase(passphrase);
    encrypter.setScryptWorkFactor(8);
    const envelope = new TextDecoder('latin1').decode(await encrypter.encrypt(new Uint8Array(32)));
    const { openEnvelope } = await import('../../src/engine/keys/envelope');
    const withFactor = (factor: string): Uint8Array => {
      const text = envelope.replace(/^(-> scrypt \S+) 8$/m, `$1 ${factor}`);
      expect(text).not.toBe(envelope);
      return Uint8Array.from(text, (c) => c.charCodeAt(0));
    };
    for (const factor of ['22', '19', '99999999999', 'NaN', 'Infinity', '1e9', '8x']) {
      await expectCode(openEnvelope(withFactor(factor), { passphrase }), 'costly-key');
    }
    // What age does not take for a work factor opens nothing, and costs nothing.
    for (const factor of ['0x08', '08', '-8', '8.5', '0', '1e1', '']) {
      expect(await openEnvelope(withFactor(factor), { passphrase })).toBeUndefined();
    }
  });
});

describe('protecting says why it refuses', () => {
  const refusals: [ErrorCode, string, () => Frame, Rectangle[]][] = [
    [
      'area-outside-image',
      'an area that reaches out',
      () => original,
      [{ x: 200, y: 0, width: 100, height: 10 }],
    ],
    ['area-outside-image', 'a negative area', () => original, [{ x: -1, y: 0, width: 100, height: 10 }]],
    ['invalid-argument', 'half a pixel', () => original, [{ x: 0.5, y: 0, width: 100, height: 10 }]],
    ['invalid-argument', 'no pixel', () => original, [{ x: 0, y: 0, width: 0, height: 10 }]],
    ['already-protected', 'a protected image', () => result.frame, [area]],
    [
      'image-too-small',
      'a small image',
      () => makeFrame({ width: 40, height: 300 }),
      [{ x: 0, y: 0, width: 9, height: 9 }],
    ],
    [
      'no-room',
      'noise',
      () => makeFrame({ width: 128, height: 128, bitsAllocated: 8, noise: 4 }),
      [{ x: 0, y: 0, width: 128, height: 128 }],
    ],
    [
      'invalid-argument',
      'a frame with too few samples',
      () => ({ ...original, width: 300 }),
      [{ x: 0, y: 0, width: 9, height: 9 }],
    ],
  ];
  test.each(refusals)('%s: %s', async (code, _what, frame, areas) => {
    await expectCode(protectFrame(frame(), job, { areas }), code);
  });

  test('report-too-long, by how much', async () => {
    const creating = createProtectionJob({ passphrase, report: 'x'.repeat(70_000), workFactor: 8 });
    await expect(creating).rejects.toMatchObject({
      code: 'report-too-long',
      message: expect.stringContaining('4464'),
    });
  });

  test('keys: neither, both, empty, not a key, weak with strong', async () => {
    const identity = await generateX25519Identity();
    const recipient = await identityToRecipient(identity);
    for (const options of [
      {},
      { passphrase: '' },
      { passphrase, recipients: [recipient] },
      { recipients: [] },
      { recipients: ['age1nonsense'] },
      { recipients: [recipient, `age1pq1${'q'.repeat(40)}`] },
      { passphrase, workFactor: 19 },
      { passphrase, notice: ' ' },
      { passphrase, notice: 'A\nKAP1:00' },
    ]) {
      await expectCode(createProtectionJob({ report: '', workFactor: 8, ...options }), 'invalid-argument');
    }
  });
});

test('recipients and a recovery key each open the image', async () => {
  const [mine, theirs, recovery] = await Promise.all([1, 2, 3].map(() => generateX25519Identity()));
  const recipients = await Promise.all([mine, theirs].map(identityToRecipient));
  const recoveryRecipients = [await identityToRecipient(recovery)];
  const shared = await createProtectionJob({ recipients, recoveryRecipients, report: 'For you.' });
  const { frame } = await protectFrame(original, shared, { areas: [area] });
  for (const identity of [mine, theirs, recovery]) {
    const restored = await restoreFrame(frame, createKeyring({ identities: [identity] }));
    expect(restored.frame.samples).toEqual(original.samples);
    expect(restored.report).toBe('For you.');
  }
  expect(inspectFrame(frame).keys).toEqual(['recipient', 'recipient']);
});

test('a job that was disposed of protects no more, and its messages hold no secret', async () => {
  const secret = await createProtectionJob({ passphrase: 'hunter2', report: 'private words', workFactor: 8 });
  secret.dispose();
  await expectCode(protectFrame(original, secret, { areas: [area] }), 'invalid-argument');
  expect(JSON.stringify(secret)).not.toMatch(/hunter2|private words/);
});
