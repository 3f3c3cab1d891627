import { readFile, textOf } from '../../src/dicom/dataset/reader';
import { type Edit, splice } from '../../src/dicom/dataset/splice';
import { TAG } from '../../src/dicom/dataset/tags';
import { protectFile, restoreFile, verifyFile } from '../../src/dicom/index';
import { buildImage, EXPLICIT, encode, type Node, text } from './builder';
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
