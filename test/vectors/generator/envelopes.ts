import { armor, Encrypter, generateX25519Identity, identityToRecipient, Stanza } from 'age-encryption';
import type { ErrorCode, Secret } from '../../../src/engine';
import { ByteWriter, crc32 } from '../../../src/engine/bytes';
import { ProtectionJob } from '../../../src/engine/job';
import { ContentKey } from '../../../src/engine/keys/contentKey';
import { encodeEnvelopes, wrapForPassphrase } from '../../../src/engine/keys/envelope';
import { randomBytes } from '../../../src/engine/keys/platform';
import { noticeSegments } from '../../../src/engine/qr/qrText';
import { type FrameRecipe, makeFrame } from '../../engine/frames';
import { FLAT, FLAT_12, FLAT_AREA, forgeBase, NOTICE, PICTURE, REPORT } from './base';
import { type Draft, draft, inspection, PASSPHRASE, restored } from './draft';
import { forge, type Recipe } from './forge';

/** Keys that do not open it, envelopes that are none, and envelopes that cost too much. */

/** A picture with room for several envelopes. */
export const ROOMY: Partial<FrameRecipe> = { ...FLAT_12, bitsStored: 16, width: 62, height: 60 };
export const ROOMY_AREA: Partial<Recipe> = { areas: [{ x: 4, y: 4, width: 50, height: 50 }] };

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const bytesFrom = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

/** A job whose content key is known, so that its envelopes can be written by hand. */
export async function openJob(): Promise<{ contentKey: Uint8Array; job: ProtectionJob }> {
  const contentKey = randomBytes(32);
  const contents = new Map([['notice' as const, noticeSegments(NOTICE)]]);
  const envelopes = [await wrapForPassphrase(contentKey, PASSPHRASE, 2)];
  const key = await ContentKey.fromBytes(contentKey);
  return {
    contentKey,
    job: new ProtectionJob(randomBytes(16), envelopes, NOTICE, 'notice', 'report', contents, key, REPORT),
  };
}

async function wrongSecrets(): Promise<Draft[]> {
  const [mine, foreign] = await Promise.all([1, 2].map(() => generateX25519Identity()));
  const forPassphrase = await forgeBase(FLAT_AREA, {}, FLAT);
  const forIdentity = await forgeBase(FLAT_AREA, { recipients: [await identityToRecipient(mine)] }, FLAT);
  const wrong: [string, string, Secret][] = [
    ['passphrase', 'another passphrase', { passphrase: 'wrong horse' }],
    ['capitals', 'the passphrase in capitals', { passphrase: PASSPHRASE.toUpperCase() }],
    ['space', 'the passphrase with a space behind it', { passphrase: `${PASSPHRASE} ` }],
    ['empty', 'an empty passphrase', { passphrase: '' }],
    ['identity', 'an identity in place of the passphrase', { identities: [mine] }],
  ];
  return [
    ...wrong.map(([name, shows, secret]) =>
      draft(`key/${name}`, shows, forPassphrase, 'wrong-key', inspection(forPassphrase), { secret }),
    ),
    draft('key/other-identity', 'another identity', forIdentity, 'wrong-key', inspection(forIdentity), {
      secret: { identities: [foreign] },
    }),
    draft(
      'key/passphrase-for-identity',
      'a passphrase in place of the identity',
      forIdentity,
      'wrong-key',
      inspection(forIdentity),
      {
        secret: { passphrase: PASSPHRASE },
      },
    ),
    draft(
      'key/no-identity',
      'what is no age identity',
      forIdentity,
      'invalid-argument',
      inspection(forIdentity),
      {
        secret: { identities: ['AGE-SECRET-KEY-1NONSENSE'] },
      },
    ),
    draft(
      'key/recipient',
      'the public key in place of the identity',
      forIdentity,
      'invalid-argument',
      inspection(forIdentity),
      {
        secret: { identities: [await identityToRecipient(mine)] },
      },
    ),
  ];
}

/** Lists of envelopes with a right checksum. */
async function lists(): Promise<Draft[]> {
  const { job } = await openJob();
  const [own] = job.envelopes;
  const list = (count: number, parts: [number, Uint8Array][], rest = new Uint8Array(0)): Uint8Array => {
    const writer = new ByteWriter().uint8(count);
    for (const [length, envelope] of parts) writer.uint16(length).bytes(envelope);
    const bytes = writer.bytes(rest).finish();
    return new ByteWriter().bytes(bytes).uint32(crc32(bytes)).finish();
  };
  const one: [number, Uint8Array] = [own.length, own];
  const long = new Encrypter();
  long.addRecipient(await identityToRecipient(await generateX25519Identity()));
  long.addRecipient({ wrapFileKey: () => [new Stanza(['example.com/grease'], new Uint8Array(6700))] });
  const nineKilobytes = await long.encrypt(new Uint8Array(32));
  const kinds: [string, string, Uint8Array, (Partial<FrameRecipe> & { side?: number })?][] = [
    ['none', 'no envelope', list(0, [])],
    ['four', 'four envelopes, of which each opens', list(4, [one, one, one, one])],
    ['count-more', 'two envelopes said, one there', list(2, [one])],
    ['count-less', 'one envelope said, two there', list(1, [one, one])],
    ['count-255', '255 envelopes said, one there', list(255, [one])],
    ['longer', 'an envelope that runs past the end of the list', list(1, [[own.length + 1, own]])],
    ['shorter', 'an envelope that ends before the list does', list(1, [[own.length - 1, own]])],
    ['length-65535', 'an envelope of 65535 bytes said', list(1, [[65535, own]])],
    ['rest', 'a byte behind the last envelope', list(1, [one], Uint8Array.of(0))],
    [
      'checksum',
      'a list whose checksum is wrong in all copies',
      list(1, [one]).map((value, k, all) => (k === all.length - 1 ? value ^ 1 : value)),
    ],
    [
      '9-kib',
      `an envelope of ${nineKilobytes.length} bytes`,
      list(1, [[nineKilobytes.length, nineKilobytes]]),
      { width: 146, height: 144, side: 142 },
    ],
  ];
  const drafts: Draft[] = [];
  for (const [name, shows, envelopeList, { side, ...picture } = {}] of kinds) {
    const areas = side
      ? { areas: [{ x: 1, y: 1, width: side, height: side }] }
      : envelopeList.length > 300
        ? ROOMY_AREA
        : FLAT_AREA;
    const base = side || envelopeList.length > 300 ? ROOMY : FLAT;
    const original = makeFrame({ ...PICTURE, ...base, ...picture });
    const forgery = await forge(
      original,
      job,
      { passphrase: PASSPHRASE },
      { areas: [], ...areas, envelopeList },
    );
    drafts.push(
      draft(`envelopes/${name}`, `the list of envelopes holds ${shows}`, forgery, 'damaged', 'damaged'),
    );
  }
  return drafts;
}

/** Envelopes in a whole list. */
async function envelopes(): Promise<Draft[]> {
  const { contentKey, job } = await openJob();
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const byPassphrase: Secret = { passphrase: PASSPHRASE };
  const byIdentity: Secret = { identities: [identity] };
  const own = await wrapForPassphrase(contentKey, PASSPHRASE, 2);
  const text = latin1(own);
  const withCost = (cost: string) => bytesFrom(text.replace(/^(-> scrypt \S+) 2$/m, `$1 ${cost}`));
  const flipped = (offset: number) => own.map((value, k) => (k === offset ? value ^ 1 : value));
  const ofRecipient = async (plain: Uint8Array, ...stanzas: Stanza[]) => {
    const encrypter = new Encrypter();
    encrypter.addRecipient(recipient);
    if (stanzas.length > 0) encrypter.addRecipient({ wrapFileKey: () => stanzas });
    return encrypter.encrypt(plain);
  };
  const grease = (count: number) =>
    Array.from({ length: count }, (_, k) => new Stanza([`g${k}`], new Uint8Array(0)));
  const scrypt = (cost: number) =>
    new Stanza(['scrypt', 'AAAAAAAAAAAAAAAAAAAAAA', `${cost}`], new Uint8Array(32));
  const footer = text.indexOf('\n---');

  const wrong: [string, string, Uint8Array[], Secret?][] = [
    ['empty', 'an envelope of no bytes', [new Uint8Array(0)]],
    ['noise', 'an envelope of noise', [randomBytes(200)]],
    ['cut', 'an envelope cut in its header', [own.subarray(0, 60)]],
    ['cut-payload', 'an envelope cut before its payload', [own.subarray(0, footer + 48)]],
    ['cut-end', 'an envelope without its last byte', [own.subarray(0, -1)]],
    ['flipped-salt', "a flipped bit in scrypt's salt", [flipped(text.indexOf('scrypt') + 9)]],
    ['flipped-body', 'a flipped bit in the wrapped key', [flipped(footer - 20)]],
    ['flipped-mac', "a flipped bit in the envelope's MAC", [flipped(footer + 10)]],
    ['flipped-payload', "a flipped bit in the envelope's payload", [flipped(own.length - 5)]],
    ['armored', 'an envelope in armor, not binary', [bytesFrom(armor.encode(own))]],
    [
      'crlf',
      'an envelope with the line ends of Windows',
      [bytesFrom(text.slice(0, footer).replaceAll('\n', '\r\n') + text.slice(footer))],
    ],
    ['cost-leading-zero', 'a work factor of 02, which age does not know', [withCost('02')]],
    ['cost-negative', 'a work factor of -2', [withCost('-2')]],
    ['two-scrypt', 'two scrypt stanzas', [bytesFrom(text.replace(/(-> scrypt [^-]*)/, '$1$1'))]],
    [
      'scrypt-and-recipient',
      'a scrypt stanza beside a recipient',
      [await ofRecipient(contentKey, scrypt(2))],
      byPassphrase,
    ],
    ['plain-31', 'a content key of 31 bytes', [await ofRecipient(contentKey.slice(0, 31))], byIdentity],
    [
      'plain-33',
      'a content key of 33 bytes',
      [await ofRecipient(Uint8Array.from([...contentKey, 0]))],
      byIdentity,
    ],
    ['other-key', 'another content key', [await ofRecipient(randomBytes(32))], byIdentity],
    [
      'three-others',
      'three envelopes, each for another passphrase',
      await Promise.all(['a', 'b', 'c'].map((word) => wrapForPassphrase(contentKey, word, 2))),
    ],
  ];
  const costly: [string, string, Uint8Array[], Secret?][] = [
    [
      'scrypt-19',
      'scrypt with log2 N = 19, which would open',
      [await wrapForPassphrase(contentKey, PASSPHRASE, 19)],
    ],
    ...[20, 22, 30, 64].map((cost): [string, string, Uint8Array[]] => [
      `scrypt-${cost}`,
      `scrypt with log2 N = ${cost}`,
      [withCost(`${cost}`)],
    ]),
    ['scrypt-huge', 'scrypt with a log2 N of 30 digits', [withCost('9'.repeat(30))]],
    [
      'stanzas-65',
      '65 stanzas, of which the first opens',
      [await ofRecipient(contentKey, ...grease(64))],
      byIdentity,
    ],
  ];
  const right: [string, string, Uint8Array[], Secret?][] = [
    ['stanzas-64', '64 stanzas, the most', [await ofRecipient(contentKey, ...grease(63))], byIdentity],
    ['thrice', 'the same envelope three times', [own, own, own]],
    [
      'costly-other',
      'an envelope that costs too much, for a passphrase, and one for an identity, which opens it',
      [withCost('30'), await ofRecipient(contentKey)],
      byIdentity,
    ],
    [
      'second',
      'an envelope for another passphrase before the right one',
      [await wrapForPassphrase(contentKey, 'other', 2), own],
    ],
  ];
  const make = async (
    folder: string,
    kinds: typeof wrong,
    expect: ErrorCode | undefined,
  ): Promise<Draft[]> => {
    const drafts: Draft[] = [];
    for (const [name, shows, content, secret = byPassphrase] of kinds) {
      const envelopeList = encodeEnvelopes(content);
      const [picture, area] =
        envelopeList.length > 4000
          ? [{ ...ROOMY, width: 128, height: 126 }, { areas: [{ x: 1, y: 1, width: 124, height: 124 }] }]
          : envelopeList.length > 300
            ? [ROOMY, ROOMY_AREA]
            : [FLAT, FLAT_AREA];
      const original = makeFrame({ ...PICTURE, ...picture });
      const forgery = await forge(original, job, secret, { areas: [], ...area, envelopeList });
      const keys = content.map((envelope) =>
        latin1(envelope).includes('-> scrypt ') ? 'passphrase' : 'recipient',
      );
      const whole =
        expect !== 'wrong-key' ||
        ['plain', 'other', 'three', 'flipped'].some((start) => name.startsWith(start));
      drafts.push(
        draft(
          `${folder}/${name}`,
          shows,
          forgery,
          expect ?? restored(forgery),
          whole ? inspection(forgery, { keys }) : 'unsaid',
        ),
      );
    }
    return drafts;
  };
  return [
    ...(await make('envelope', wrong, 'wrong-key')),
    ...(await make('cost', costly, 'costly-key')),
    ...(await make('envelope-right', right, undefined)),
  ];
}

export const envelopeVectors = async (): Promise<Draft[]> => [
  ...(await wrongSecrets()),
  ...(await lists()),
  ...(await envelopes()),
];
