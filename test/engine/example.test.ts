import { createHash, hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProtectionJob, type Frame, protectFrame } from '../../src/engine';
import { ContentKey } from '../../src/engine/keys/contentKey';
import { locate } from '../../src/engine/vault/locate';
import { openVault } from '../../src/engine/vault/openVault';
import { randomFrom } from './frames';

/**
 * The worked example of FORMAT.md: it says what this software writes where the random bytes are known, and
 * cannot drift from it. Where the format changes on purpose, the failing test shows the new text.
 */

const page = readFileSync(join(__dirname, '../../FORMAT.md'), 'utf8');
const [, printed] = /## 13\. An example[\s\S]*?\n```text\n([\s\S]*?)\n```/.exec(page) ?? [];

const hex = (bytes: ArrayBuffer | Uint8Array): string => Buffer.from(new Uint8Array(bytes)).toString('hex');
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Lines of at most this many characters of hexadecimal or Base64. */
const wrapped = (text: string, length = 96): string =>
  text.replace(new RegExp(`(.{${length}})(?=.)`, 'g'), '$1\n');

const samples: Uint8Array<ArrayBuffer> = Uint8Array.from(
  { length: 64 * 60 },
  (_, k) => 100 + ((3 * (k % 64) + 5 * Math.floor(k / 64)) % 16),
);
const original: Frame = {
  width: 64,
  height: 60,
  samplesPerPixel: 1,
  bitsStored: 8,
  signed: false,
  inverted: false,
  samples,
};

/** Everything random in this test is drawn from here, in order. */
const drawn: Uint8Array[] = [];
beforeAll(() => {
  const random = randomFrom(1);
  jest.spyOn(globalThis.crypto, 'getRandomValues').mockImplementation((array) => {
    const bytes = array as unknown as Uint8Array;
    for (let k = 0; k < bytes.length; k++) bytes[k] = Math.floor(256 * random());
    drawn.push(bytes.slice());
    return array;
  });
});
afterAll(() => jest.restoreAllMocks());

test('the example is what this software writes', async () => {
  const passphrase = 'correct horse battery staple';
  const [report, notice] = ['Findings: none.', 'Key area protected.'];
  const job = await createProtectionJob({ passphrase, report, notice, qr: 'notice', workFactor: 10 });
  const [contentKey] = drawn;
  const areas = [{ x: 8, y: 6, width: 46, height: 46 }];
  const { frame, coveredAreas } = await protectFrame(original, job, { areas });
  const cells = new Uint8Array(frame.samples);

  const located = locate(frame);
  const [{ bytes, header, places }] = located.headers;
  const { salt, envelopesLength, dataSegments, paritySegments, bands } = header;
  const vault = openVault(located, located.headers[0]);
  const { payload: sealed } = vault.readSealed();
  const key = (await ContentKey.fromBytes(contentKey.slice())).salted(salt);
  const plain = await key.open('payload', sealed, vault.associated);
  const derived = (purpose: string, length: number): string =>
    hex(hkdfSync('sha256', contentKey, salt, `key-area-protection/1 ${purpose}`, length));
  expect(derived('commitment', 16)).toBe(hex(header.commitment));
  const keystream = await key.keystream('block tags', 16);

  const [{ x, y, width, height }] = coveredAreas;
  const [place] = places;
  const row = cells.subarray(y * 64 + x, y * 64 + x + width);
  const segmentLength = sealed.length / dataSegments;
  const text = `
SHA-256 of the picture          ${sha256(samples)}
SHA-256 of the protected one    ${sha256(cells)}
covered area                    ${width} x ${height} at ${x}, ${y}
symbol                          n = ${place.size}, m = ${place.modulePixels}, quiet zone from ${place.x}, ${place.y}
bands                           t = ${bands.bits}, lower = ${bands.lower}, upper = ${bands.upper}
first row of the covered area
${wrapped(hex(row))}

header, ${bytes.length} bytes
${wrapped(hex(bytes))}

envelope list                   E = ${envelopesLength}; begins ${hex(job.envelopeList.subarray(0, 25))}
its one envelope, Base64
${wrapped(Buffer.from(job.envelopes[0]).toString('base64'))}
vault                           K = ${dataSegments}, P = ${paritySegments}, L = ${segmentLength}

content key                     ${hex(contentKey)}
commitment                      ${derived('commitment', 16)}
payload key                     ${derived('payload', 32)}
block tags key                  ${derived('block tags', 32)}
its keystream begins            ${hex(keystream)}

encrypted payload, ${sealed.length} bytes, begins
${wrapped(hex(sealed.subarray(0, 48)))}
decrypted, it begins
${wrapped(hex(plain.subarray(0, 144)))}
`.trim();
  expect(printed).toBe(text);
});
