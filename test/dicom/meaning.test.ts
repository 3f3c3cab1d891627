import { dictionary } from 'dcmjs/dictionary';
import { meaningIn } from '../../src/dicom/changes/meaning';
import { readFile, textOf } from '../../src/dicom/dataset/reader';
import { type Edit, splice } from '../../src/dicom/dataset/splice';
import { formatTag, TAG } from '../../src/dicom/dataset/tags';
import { protectFile, restoreFile, verifyFile } from '../../src/dicom/index';
import { buildImage, EXPLICIT, encode, type Node, shorts, text } from './builder';
import { errorOf, expectSameBytes, testKeys } from './support';

/** Attributes that decide what stored values mean or where they lie are part of what is vouched for. */

const keys = testKeys();
const AREAS = { areas: [{ rectangle: { x: 30, y: 40, width: 50, height: 50 } }] };

const INTERCEPT = text(0x00281052, 'DS', '-1024');
const SPACING = text(0x00280030, 'DS', '0.5\\0.5');
const POSITION = text(0x00200032, 'DS', '1\\2\\3');
const nodes = [INTERCEPT, SPACING, POSITION, text(0x00281053, 'DS', '1')];
const original = buildImage({ bitsStored: 12, nodes });
const uidOf = (bytes: Uint8Array) => textOf(readFile(bytes), TAG.SOPInstanceUID);

const set = (node: Node): Edit => ({ tag: node.tag, bytes: encode(node, EXPLICIT) });
const remove = ({ tag }: Node): Edit => ({ tag, bytes: undefined });
const edited = (bytes: Uint8Array, ...edits: Edit[]) => splice(readFile(bytes), edits);

let sent: Uint8Array;
beforeAll(async () => {
  sent = (await protectFile(original, keys.job, AREAS)).file;
});

test.each<[string, string, Edit]>([
  ['Rescale Intercept', '(0028,1052)', set(text(0x00281052, 'DS', '-5000'))],
  ['Rescale Intercept', '(0028,1052)', remove(INTERCEPT)],
  ['Photometric Interpretation', '(0028,0004)', set(text(0x00280004, 'CS', 'MONOCHROME1'))],
  ['Pixel Spacing', '(0028,0030)', set(text(0x00280030, 'DS', '9\\9'))],
  ['Image Position (Patient)', '(0020,0032)', set(text(0x00200032, 'DS', '0\\0\\0'))],
  ['Presentation LUT Shape', '(2050,0020)', set(text(0x20500020, 'CS', 'INVERSE'))],
])('%s %s changed on the way: refused, or restored as another image', async (name, tag, edit) => {
  const bytes = edited(sent, edit);
  const error = await errorOf(() => restoreFile(bytes, keys.keyring));
  expect(error).toMatchObject({ code: 'altered' });
  expect(error.message).toContain(`${name} ${tag}`);
  expect(await errorOf(() => restoreFile(bytes, keys.keyring, { originalUIDs: true }))).toMatchObject({
    code: 'altered',
  });

  const { file, ...restored } = await restoreFile(bytes, keys.keyring, { acceptAltered: true });
  expect(restored).toMatchObject({
    pixelsVerified: true,
    fileVerified: false,
    changedSince: [tag],
    meaningChanged: [{ tag, name }],
  });
  expect([uidOf(original), uidOf(sent)]).not.toContain(uidOf(file));
  expect(textOf(readFile(file), TAG.ImageType)).toMatch(/^DERIVED/);
  expect(textOf(readFile(file), TAG.DerivationDescription)).toContain('what its pixels mean');
  expect(await verifyFile(bytes, keys.keyring)).toMatchObject({
    outcome: 'altered',
    pixelsVerified: true,
    meaningChanged: [{ tag, name }],
  });
});

/** Attributes, and what others may make of them. */
const CHANGES: readonly (readonly [name: string, before: Node, after: Node])[] = [
  ...(
    [
      ['Real World Value Mapping Sequence', 0x00409096, text(0x00409210, 'SH', 'SUV'), 'HU'],
      ['Detector Information Sequence', 0x00540022, text(0x00200032, 'DS', '0\\0\\50.5'), '0\\0\\90.5'],
      ['Energy Window Information Sequence', 0x00540012, text(0x00540018, 'SH', 'Tc99m'), 'I131'],
      ['View Code Sequence', 0x00540220, text(0x00080100, 'SH', 'R-10206'), 'R-10202'],
      ['Segment Sequence', 0x00620002, text(0x00620005, 'LO', 'Liver'), 'Spleen'],
    ] as const
  ).map(([name, tag, inner, other]): readonly [string, Node, Node] => [
    name,
    { tag, vr: 'SQ', items: [[inner]] },
    { tag, vr: 'SQ', items: [[text(inner.tag, inner.vr, other)]] },
  ]),
  ...(
    [
      ['Nominal Scanned Pixel Spacing', 0x00182010, 'DS', '0.127\\0.127', '0.9\\0.9'],
      ['Distance Source to Patient', 0x00181111, 'DS', '700', '900'],
      ['Patient Position', 0x00185100, 'CS', 'HFS', 'FFP'],
      ['View Position', 0x00185101, 'CS', 'AP', 'PA'],
      ['Positioner Primary Angle', 0x00181510, 'DS', '30', '-30'],
      ['Frame of Reference UID', 0x00200052, 'UI', '1.2.3.77', '1.2.3.99'],
      ['Slice Location', 0x00201041, 'DS', '1.5', '9'],
      ['Pixel Spacing Calibration Type', 0x00280a02, 'CS', 'GEOMETRY', 'FIDUCIAL'],
      ['Pixel Intensity Relationship', 0x00281040, 'CS', 'LIN', 'LOG'],
      ['SUV Type', 0x00541006, 'CS', 'BW', 'LBM'],
      ['Decay Correction', 0x00541102, 'CS', 'NONE', 'START'],
      ['Image Plane Pixel Spacing', 0x30020011, 'DS', '0.4\\0.4', '4\\4'],
      ['Dose Units', 0x30040002, 'CS', 'GY', 'RELATIVE'],
      ['Dose Summation Type', 0x3004000a, 'CS', 'PLAN', 'FRACTION'],
      ['Grid Frame Offset Vector', 0x3004000c, 'DS', '0\\3.5\\7.1', '0\\9.5\\9.1'],
      ['Image Orientation (Slide)', 0x00480102, 'DS', '0\\1\\0\\1\\0\\0', '1\\0\\0\\0\\1\\0'],
    ] as const
  ).map(([name, tag, vr, before, after]): readonly [string, Node, Node] => [
    name,
    text(tag, vr, before),
    text(tag, vr, after),
  ]),
  ['Pixel Padding Value', shorts(0x00280120, 0), shorts(0x00280120, 700)],
  ['Slice Vector', shorts(0x00540080, 1), shorts(0x00540080, 2)],
];

describe('an image of any kind', () => {
  const whole = buildImage({ bitsStored: 12, nodes: CHANGES.map(([, before]) => before) });
  let file: Uint8Array;
  beforeAll(async () => {
    file = (await protectFile(whole, keys.job, AREAS)).file;
    expectSameBytes((await restoreFile(file, keys.keyring)).file, whole);
  });

  test.each(CHANGES)('is another one with another %s', async (name, { tag }, after) => {
    for (const edit of [set(after), { tag, bytes: undefined }]) {
      const bytes = edited(file, edit);
      const error = await errorOf(() => restoreFile(bytes, keys.keyring));
      expect(error).toMatchObject({ code: 'altered', acceptable: true });
      expect(error.message).toContain(`${name} ${formatTag(tag)}`);
      const restored = await restoreFile(bytes, keys.keyring, { acceptAltered: true });
      expect(restored).toMatchObject({ outcome: 'altered', pixelsVerified: true });
      expect(uidOf(restored.file)).not.toBe(uidOf(whole));
    }
  });
});

test('attributes have the names of the standard', () => {
  const tags = Object.keys(dictionary)
    .filter((key) => /^\([0-9A-F]{4},[0-9A-F]{4}\)$/.test(key))
    .map((key) => Number.parseInt(key.replace(/\W/g, ''), 16));
  const known = meaningIn(tags, readFile(original), { hasOwnUids: true, mayBeOriginal: true });
  expect(known.length).toBeGreaterThan(100);
  for (const { tag, name } of known) {
    const keyword = dictionary[tag]?.name.replace('RETIRED_', '');
    expect([tag, name.replace(/\W/g, '').toLowerCase()]).toEqual([tag, keyword?.toLowerCase()]);
  }
});

test('what archives put right is kept, and the image is the original still', async () => {
  const corrections = [text(0x00100010, 'PN', 'Corrected^Name'), text(0x00281050, 'DS', '40')];
  const { file, ...restored } = await restoreFile(edited(sent, ...corrections.map(set)), keys.keyring);
  expect(restored).toMatchObject({ pixelsVerified: true, fileVerified: false, meaningChanged: [] });
  expect(restored.changedSince).toContain('(0010,0010)');
  expect(uidOf(file)).toBe(uidOf(original));
});

describe('a copy with other UIDs', () => {
  const groups = (uid: string): Node => ({
    tag: 0x52009229,
    vr: 'SQ',
    items: [[text(0x00081155, 'UI', uid)]],
  });
  const others = [text(0x00080018, 'UI', '2.25.11'), text(0x0020000e, 'UI', '2.25.12')].map(set);

  test('may lack what says where it lies: it does not pass for the original', async () => {
    const bytes = edited(sent, ...others, remove(POSITION), remove(SPACING));
    const { file, ...restored } = await restoreFile(bytes, keys.keyring);
    expect(restored).toMatchObject({ pixelsVerified: true, meaningChanged: [] });
    expect(restored.changedSince).toEqual(expect.arrayContaining(['(0020,0032)', '(0028,0030)']));
    expect(uidOf(file)).not.toBe(uidOf(original));
    expect(await errorOf(() => restoreFile(bytes, keys.keyring, { originalUIDs: true }))).toMatchObject({
      code: 'altered',
    });
  });

  test('must not say otherwise', async () => {
    const bytes = edited(sent, ...others, set(text(0x00280030, 'DS', '9\\9')));
    expect(await errorOf(() => restoreFile(bytes, keys.keyring))).toMatchObject({ code: 'altered' });
  });

  test('has other UIDs of frames of reference and segments too', async () => {
    const segment = (uid: string): Node => ({
      tag: 0x00620002,
      vr: 'SQ',
      items: [[text(0x00620021, 'UI', uid)]],
    });
    const named = (uid: string): Node[] => [text(0x00200052, 'UI', uid), segment(uid)];
    const whole = buildImage({ bitsStored: 12, nodes: named('1.2.3') });
    const { file } = await protectFile(whole, keys.job, AREAS);
    const copy = edited(file, ...others, ...named('1.2.4').map(set));
    expect((await restoreFile(copy, keys.keyring)).meaningChanged).toEqual([]);
    const asked = await restoreFile(copy, keys.keyring, { originalUIDs: true });
    expect(asked).toMatchObject({ meaningChanged: [], changedSince: ['(0020,0052)', '(0062,0002)'] });
    expect(uidOf(asked.file)).toBe(uidOf(whole));
  });

  test('has other UIDs in its functional groups too', async () => {
    const withGroups = buildImage({ bitsStored: 12, nodes: [...nodes, groups('1.2.3')] });
    const { file } = await protectFile(withGroups, keys.job, AREAS);
    const changed = set(groups('1.2.4'));
    expect(await errorOf(() => restoreFile(edited(file, changed), keys.keyring))).toMatchObject({
      code: 'altered',
    });
    const restored = await restoreFile(edited(file, ...others, changed), keys.keyring);
    expect(restored.meaningChanged).toEqual([]);
  });
});

test('positions exchanged between two images', async () => {
  const second = buildImage({
    bitsStored: 12,
    nodes: [INTERCEPT, SPACING, text(0x00200032, 'DS', '1\\2\\4')],
  });
  const other = (await protectFile(second, keys.job, { ...AREAS, index: 1, count: 2 })).file;
  const swapped = edited(other, set(POSITION));
  expect(await errorOf(() => restoreFile(swapped, keys.keyring))).toMatchObject({ code: 'altered' });
  expectSameBytes((await restoreFile(other, keys.keyring)).file, second);
});
