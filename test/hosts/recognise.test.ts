import type { Attributes } from '../../src/hosts/attributes';
import { protectionMark, withoutProtectionMark } from '../../src/hosts/recognise';

const instance = (attributes: Record<string, unknown>): Attributes => ({
  StudyInstanceUID: '1.2',
  SeriesInstanceUID: '1.2.3',
  SOPInstanceUID: '1.2.3.4',
  ...attributes,
});

const creator = 'KEY AREA PROTECTION 1';
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a protected image is recognised by its attributes', () => {
  test.each([
    ['as text', creator, 'Ask us.'],
    ['in lists', [creator], ['Ask us.']],
    ['padded', `${creator} `, 'Ask us.\0'],
    ['as DICOM JSON of known VR', { vr: 'LO', Value: [creator] }, { vr: 'LT', Value: ['Ask us.'] }],
    [
      'as bytes of unknown VR',
      { vr: 'UN', InlineBinary: base64(`${creator} `) },
      { vr: 'UN', InlineBinary: base64('Ask us.') },
    ],
  ])('%s', (_, block, notice) => {
    expect(protectionMark(instance({ '00990010': block, '00991003': notice }))).toEqual({
      notice: 'Ask us.',
    });
  });

  test('wherever the block was moved to', () => {
    const moved = instance({ '00990010': 'SOMEBODY ELSE', '009900AB': creator, '0099AB03': 'Ask us.' });
    expect(protectionMark(moved)).toEqual({ notice: 'Ask us.' });
  });

  test('also where the viewer hides attributes from enumeration', () => {
    const hidden = instance({});
    Object.defineProperty(hidden, '00990010', { value: creator, enumerable: false });
    expect(protectionMark(hidden)).toEqual({ notice: undefined });
  });

  test('and no other is', () => {
    expect(protectionMark(instance({}))).toBeUndefined();
    expect(protectionMark(instance({ '00990010': 'SOMEBODY ELSE' }))).toBeUndefined();
    expect(protectionMark(instance({ '00990010': null, '00991003': creator }))).toBeUndefined();
    expect(protectionMark(instance({ SeriesDescription: 'key area hidden' }))).toBeUndefined();
  });
});

test('an image made from a protected one does not inherit its mark', () => {
  const bare = withoutProtectionMark(instance({ '00990010': creator, '00991003': 'Ask us.', Rows: 8 }));
  expect(protectionMark(bare)).toBeUndefined();
  expect(bare.Rows).toBe(8);
});

test("nor does it lose others' elements of the same group", () => {
  const theirs = { '00990010': 'SOMEBODY ELSE', '00991003': 'theirs', '00990012': 'ANOTHER' };
  const ours = { '009900ab': creator, '0099AB03': 'Ask us.', '0099ab02': [1, 2, 3, 4] };
  expect(withoutProtectionMark(instance({ ...theirs, ...ours }))).toEqual(instance(theirs));
  expect(withoutProtectionMark(instance(theirs))).toEqual(instance(theirs));
});
