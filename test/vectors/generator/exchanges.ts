import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import type { Rectangle } from '../../../src/engine';
import { encodeEnvelopes } from '../../../src/engine/keys/envelope';
import type { Frame } from '../../../src/engine/pixels/frame';
import { withSamples } from '../../../src/engine/pixels/frame';
import { makeFrame } from '../../engine/frames';
import { blocksOf, FLAT, FLAT_12, FLAT_AREA, forgeBase, makeJob, PICTURE } from './base';
import { altered, type Draft, draft, inspection, PASSPHRASE, restored } from './draft';
import { ROOMY, ROOMY_AREA } from './envelopes';
import { type Forgery, forge, sealChecksum, segmentByte, withHeader, withVault } from './forge';

/** Parts of one picture in another. */

/** `target` with what `source` has in `areas`. */
function paste(target: Frame, source: Frame, areas: readonly Rectangle[]): Frame {
  const samples = target.samples.slice();
  for (const { x, y, width, height } of areas) {
    for (let row = y; row < y + height; row++) {
      const start = row * target.width + x;
      samples.set(source.samples.subarray(start, start + width), start);
    }
  }
  return withSamples(target, samples);
}

/** A picture for a passphrase and a recovery recipient, who was given a key that opens nothing. */
async function otherReader(): Promise<Draft> {
  const recoveryRecipients = [await identityToRecipient(await generateX25519Identity())];
  const forgery = await forgeBase(ROOMY_AREA, { recoveryRecipients }, ROOMY);
  const other = await makeJob({ recoveryRecipients });
  const list = encodeEnvelopes([forgery.job.envelopes[0], other.envelopes[1]]);
  const exchanged = withVault(forgery, (vault) => {
    for (let copy = 0; copy < 3; copy++) vault.set(list, copy * Math.floor(vault.length / 3));
  });
  const shows = 'the envelope of another reader is that of another job, the own one is as it was';
  return draft('exchange/other-reader', shows, exchanged, 'damaged', inspection(forgery));
}

export async function exchangeVectors(): Promise<Draft[]> {
  const job = await makeJob();
  const secret = { passphrase: PASSPHRASE };
  const areas = FLAT_AREA.areas ?? [];
  const slice = (index: number, share: number): Promise<Forgery> =>
    forge(makeFrame({ ...PICTURE, ...FLAT, range: [share, share] }), job, secret, { areas, index, count: 2 });
  const [a, b] = [await slice(0, 0.5), await slice(1, 0.5)];
  const other = await forgeBase(FLAT_AREA, {}, FLAT);
  const third = await slice(1, 0.25);
  const seen = inspection(a);
  const put = (bytes: Uint8Array, from: Forgery, start: number, end: number) => {
    bytes.set(from.headerBytes.subarray(start, end), start);
    sealChecksum(bytes);
  };
  const checksum = 4;
  const length = a.segments.segmentLength + checksum;

  const drafts = [
    draft('exchange/none', 'the first of two slices of a job, as it was protected', a, restored(a)),
    draft(
      'exchange/salt',
      'the salt of another slice',
      withHeader(a, (bytes) => put(bytes, b, 16, 32)),
      'wrong-key',
      seen,
    ),
    draft(
      'exchange/commitment',
      'the key commitment of another slice',
      withHeader(a, (bytes) => put(bytes, b, 32, 48)),
      'wrong-key',
      seen,
    ),
    draft(
      'exchange/salt-and-commitment',
      'salt and commitment of another slice: the commitment is right for the salt',
      withHeader(a, (bytes) => put(bytes, b, 16, 48)),
      'damaged',
      seen,
    ),
    draft(
      'exchange/header',
      'the header of another slice',
      withHeader(a, () => b.headerBytes),
      'damaged',
      seen,
    ),
    draft(
      'exchange/vault',
      'the vault of another slice under this header',
      withVault(a, (vault) => vault.set(b.vault)),
      'damaged',
      seen,
    ),
    draft(
      'exchange/segment',
      'the first segment of another slice, checksum and all',
      withVault(a, (vault) => {
        for (let k = 0; k < length; k++) vault[segmentByte(a, 0, k)] = b.vault[segmentByte(b, 0, k)];
      }),
      'damaged',
      seen,
    ),
    draft(
      'exchange/envelopes',
      'the envelope of another job with the same passphrase',
      withVault(a, (vault) => {
        for (let copy = 0; copy < 3; copy++) {
          const offset = copy * Math.floor(vault.length / 3);
          vault.set(other.job.envelopeList, offset);
        }
      }),
      'wrong-key',
      seen,
    ),
    draft(
      'exchange/envelopes-and-header',
      'envelope, salt and commitment of another job with the same passphrase',
      withHeader(
        withVault(a, (vault) => {
          for (let copy = 0; copy < 3; copy++)
            vault.set(other.job.envelopeList, copy * Math.floor(vault.length / 3));
        }),
        (bytes) => put(bytes, other, 16, 48),
      ),
      'damaged',
      seen,
    ),
    await otherReader(),
  ];

  const now = paste(a.original, third.original, third.layout.coveredAreas);
  drafts.push(
    draft(
      'exchange/covered-area',
      'the covered area of another slice, whole, in this slice',
      third,
      altered(third, blocksOf(third), now),
      inspection(third),
      { frame: paste(a.frame, third.frame, third.layout.coveredAreas) },
    ),
  );

  const swap = async (name: string, shows: string, order: (k: number, count: number) => number) => {
    const forgery = await forgeBase(
      {
        ...FLAT_AREA,
        sealed: (sealed, { segmentLength, dataSegments }) => {
          const swapped = sealed.slice();
          for (let k = 0; k < dataSegments; k++) {
            const from = order(k, dataSegments) * segmentLength;
            swapped.set(sealed.subarray(from, from + segmentLength), k * segmentLength);
          }
          return swapped;
        },
      },
      {},
      { ...FLAT_12, bitsStored: 16 },
    );
    drafts.push(draft(`exchange/${name}`, shows, forgery, 'damaged', inspection(forgery)));
  };
  await swap('segments-swapped', 'the first two segments swapped, all checksums and parity right', (k) =>
    k < 2 ? 1 - k : k,
  );
  await swap(
    'segments-reversed',
    'the segments in reverse order, all checksums and parity right',
    (k, count) => count - 1 - k,
  );
  await swap('segments-alike', 'the first segment in place of all, all checksums and parity right', () => 0);

  const seals: [string, string, (sealed: Uint8Array) => Uint8Array][] = [
    [
      'ciphertext-bit',
      'one flipped bit of the encrypted payload, all checksums and parity right',
      (sealed) => sealed.map((value, k) => (k === 0 ? value ^ 1 : value)),
    ],
    [
      'tag-bit',
      'one flipped bit of the authentication tag, all checksums and parity right',
      (sealed) => sealed.map((value, k) => (k === sealed.length - 1 ? value ^ 1 : value)),
    ],
    [
      'ciphertext-zero',
      'zeros in place of the encrypted payload, all checksums and parity right',
      (sealed) => new Uint8Array(sealed.length),
    ],
  ];
  for (const [name, shows, sealed] of seals) {
    const forgery = await forgeBase({ ...FLAT_AREA, sealed }, {}, FLAT);
    drafts.push(draft(`exchange/${name}`, shows, forgery, 'damaged'));
  }
  return drafts;
}
