import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { Ajv2020 } from 'ajv/dist/2020.js';
import defaults from '../../.ohifrc';
import { isAgeRecipient } from '../../schema/ageRecipient.mjs';
import schema from '../../schema/settings.schema.json';
import { readConfiguration } from '../../src/hosts/configuration';
import { settingsFaults } from '../../src/hosts/settingsFaults';
import { fc } from '../properties';

let identity: string;
let key: string;
beforeAll(async () => {
  identity = await generateX25519Identity();
  key = await identityToRecipient(identity);
});

describe('what is in force', () => {
  test('is .ohifrc where the site sets nothing', () => {
    const { panel, workerUrl } = readConfiguration({});
    expect(panel).toMatchObject({ notice: defaults.extension.notice, carrier: 'automatic', faults: [] });
    expect(panel.workFactor).toBe(18);
    expect(panel.largestFile).toBe(defaults.extension.largestFile * 1024 * 1024);
    expect(workerUrl).toBeUndefined();
    expect(readConfiguration(undefined)).toEqual(readConfiguration({}));
  });

  test('is what the site sets, and .ohifrc for the rest', () => {
    const recoveryRecipients = [{ name: 'Archive', key }];
    const { panel, workerUrl } = readConfiguration({
      keyAreaProtection: {
        contact: 'Radiology desk, extension 100.',
        carrier: 'surroundings',
        recoveryRecipients,
        workerUrl: '/w.js',
      },
    });
    expect(panel.notice).toBe(`${defaults.extension.notice} Radiology desk, extension 100.`);
    expect(panel).toMatchObject({ carrier: 'surroundings', qr: 'sealed', recoveryRecipients });
    expect(workerUrl).toBe('/w.js');
  });

  test('is .ohifrc with the faults told, where the site’s settings have any', () => {
    const { panel } = readConfiguration({ keyAreaProtection: { notice: 'Call us.', workfactor: 12 } });
    expect(panel.notice).toBe(defaults.extension.notice);
    expect(panel.faults).toHaveLength(1);
  });
});

describe('a fault is told with its place and what is allowed', () => {
  test.each<[string, unknown, string]>([
    ['settings that are none', 'sealed', 'site must be an object, in braces.'],
    ['null', null, 'site must be an object, in braces.'],
    ['a list', [], 'site must be an object, in braces.'],
    [
      'a misspelt name',
      { notize: 'Call us.' },
      'site.notize is unknown: the settings here are notice, contact, scope, carrier, qr, recipients, recoveryRecipients, workFactor, largestFile, workerUrl.',
    ],
    ['a text that is a number', { notice: 5 }, 'site.notice must be a text, in quotes.'],
    ['white space', { notice: '  ' }, 'site.notice must not be empty.'],
    ['a long text', { contact: 'x'.repeat(103) }, 'site.contact is 3 characters too long: 100 are allowed.'],
    ['another choice', { qr: 'secret' }, 'site.qr must be one of "sealed", "notice", "open".'],
    [
      'a number that is too large',
      { workFactor: 40 },
      'site.workFactor must be a whole number from 10 to 18.',
    ],
    ['a broken number', { workFactor: 12.5 }, 'site.workFactor must be a whole number.'],
    [
      'one recipient without a list',
      { recipients: {} },
      'site.recipients must be a list, in square brackets.',
    ],
    [
      'a recipient without a key',
      { recipients: [{ name: 'Dr Example' }] },
      'site.recipients[0].key is missing.',
    ],
    [
      'more recovery recipients than an envelope holds',
      { recoveryRecipients: [1, 2, 3, 4, 5] },
      'site.recoveryRecipients has 5 entries: 4 are allowed.',
    ],
    [
      'texts that do not fit the QR code together',
      { notice: '所'.repeat(150), contact: '見'.repeat(100) },
      'site.notice and site.contact together are 239 bytes of UTF-8 too long.',
    ],
  ])('%s', (_, settings, fault) => {
    expect(settingsFaults(settings, 'site')).toEqual([fault]);
  });

  test('a key that lacks a character', () => {
    expect(settingsFaults({ recipients: [{ name: 'A', key: key.slice(0, -1) }] }, 'site')).toEqual([
      'site.recipients[0].key is not an age public key (age1...). Check that it was copied whole.',
    ]);
  });

  test('a secret key, which is not repeated', () => {
    const [fault] = settingsFaults({ recoveryRecipients: [{ name: 'A', key: identity }] }, 'site');
    expect(fault).toMatch(/^site\.recoveryRecipients\[0\]\.key is a secret key/);
    expect(fault).not.toContain(identity.slice(18, 30));
  });

  test('a name that is there twice', () => {
    const twice = [
      { name: 'A', key },
      { name: 'A', key },
    ];
    expect(settingsFaults({ recipients: twice }, 'site')).toEqual([
      'site.recipients[1].name is there twice: users could not tell them apart.',
    ]);
  });

  test('all at once', () => {
    expect(settingsFaults({ scope: 'study', extra: 1, recipients: [{ key: '' }] }, 'site')).toHaveLength(4);
  });
});

describe('age public keys', () => {
  test('are those that age-encryption takes', async () => {
    expect(isAgeRecipient(key)).toBe(true);
    expect(isAgeRecipient(identity)).toBe(false);
    expect(isAgeRecipient(key.toUpperCase())).toBe(false);
    expect(isAgeRecipient(`age1pq1${key.slice(5)}`)).toBe(false);
    expect(isAgeRecipient('')).toBe(false);
  });

  test('do not survive any one changed character', () => {
    const characters = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
    fc.assert(
      fc.property(fc.nat(key.length - 6), fc.constantFrom(...characters), (place, character) => {
        const changed = key.slice(0, 5 + place) + character + key.slice(6 + place);
        expect(isAgeRecipient(changed)).toBe(changed === key);
      }),
    );
  });
});

test('the viewer and the build judge settings alike', () => {
  const judge = new Ajv2020({ formats: { 'age-recipient': isAgeRecipient } }).compile(schema);
  const recipients = fc.array(
    fc.record(
      {
        name: fc.constantFrom('A', '', ' ', 5),
        key: fc.constantFrom(key, 'age1', ''),
        extra: fc.constant(1),
      },
      { requiredKeys: [] },
    ),
    { maxLength: 3 },
  );
  const mostly = (good: fc.Arbitrary<unknown>) => fc.oneof({ weight: 6, arbitrary: good }, fc.jsonValue());
  const settings = fc.record(
    {
      notice: mostly(fc.string({ maxLength: 210, unit: 'grapheme' })),
      contact: mostly(fc.constantFrom('x'.repeat(100), 'x'.repeat(101), '😀'.repeat(100))),
      scope: mostly(fc.constantFrom('image', 'series')),
      carrier: mostly(fc.constantFrom('automatic', 'qr', 'surroundings')),
      qr: mostly(fc.constantFrom('sealed', 'notice', 'open')),
      recipients: mostly(recipients),
      recoveryRecipients: mostly(recipients),
      workFactor: mostly(fc.integer({ min: 9, max: 19 })),
      largestFile: mostly(fc.integer({ min: 0, max: 2001 })),
      workerUrl: mostly(fc.string()),
      other: fc.constant(1),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(settings, fc.jsonValue()), (value) => {
      // What no schema tells is left aside: those sentences name more than one place or "twice".
      const faults = settingsFaults(value, 'site').filter(
        (fault) => !/ twice| together | mixes /.test(fault),
      );
      expect(faults.length === 0).toBe(judge(value));
    }),
    { numRuns: 500 },
  );
});
