import { findElement, readFile } from '../../src/dicom/dataset/reader';
import { checkOrder, type Edit, splice, wrongGroupLengths } from '../../src/dicom/dataset/splice';
import { fc } from '../properties';
import {
  BIG_ENDIAN,
  buildFile,
  buildImage,
  EXPLICIT,
  encode,
  IMPLICIT,
  join,
  latin1,
  type Node,
  numbers,
  type Syntax,
  shorts,
  text,
  withGroupLengths,
} from './builder';
import { codeOf, expectSameBytes } from './support';

const edit = (node: Node, syntax: Syntax): Edit => ({ tag: node.tag, bytes: encode(node, syntax) });

/** Values of even and odd lengths, of representations with short and long lengths. */
const leaf = fc.record({
  tag: fc.nat(0xffff).map((element) => 0x00110000 + element),
  vr: fc.constantFrom('LO', 'OB', 'UN', 'US', 'UT', 'OV', 'SV'),
  value: fc.uint8Array({ maxLength: 9 }),
});
const items: fc.Arbitrary<Node[][]> = fc.array(
  fc.uniqueArray(leaf, { selector: ({ tag }) => tag, maxLength: 3 }).map(byTag),
  { maxLength: 3 },
);
/** Such elements, and sequences of them, of undefined length or not; in private groups too. */
const node: fc.Arbitrary<Node> = fc
  .tuple(fc.constantFrom(0x0008, 0x0009, 0x0010, 0x0028, 0x0088), fc.integer({ min: 1, max: 0xffff }))
  .chain(([group, element]) => {
    const tag = group * 0x10000 + element;
    return fc.oneof(
      leaf.map((content) => ({ ...content, tag })),
      fc.record({ tag: fc.constant(tag), vr: fc.constant('SQ'), items, undefinedLength: fc.boolean() }),
    );
  });

function byTag<T extends { tag: number }>(nodes: T[]): T[] {
  return [...nodes].sort((a, b) => a.tag - b.tag);
}

const dataSet = fc.uniqueArray(node, { selector: ({ tag }) => tag, maxLength: 12 }).map(byTag);
const trailing = fc.constantFrom(new Uint8Array(), new Uint8Array(3), latin1('left behind'));
interface Parts {
  readonly syntax: Syntax;
  readonly nodes: Node[];
  /** Before every group. */
  readonly groupLengths: boolean;
  readonly metaGroupLength: number | null | undefined;
  readonly trailing: Uint8Array;
}

const file: fc.Arbitrary<Parts> = fc.record({
  syntax: fc.constantFrom(IMPLICIT, EXPLICIT, BIG_ENDIAN),
  nodes: dataSet,
  groupLengths: fc.boolean(),
  metaGroupLength: fc.constantFrom(undefined, null, 7),
  trailing,
});

function build({ syntax, nodes, groupLengths, metaGroupLength, trailing: rest }: Parts): Uint8Array {
  const pixels: Node = { tag: 0x7fe00010, vr: 'OB', value: new Uint8Array(5) };
  const all = groupLengths ? withGroupLengths([...nodes, pixels], syntax) : [...nodes, pixels];
  return buildFile({
    syntax,
    nodes: all,
    trailing: rest,
    ...(metaGroupLength === undefined ? {} : { metaGroupLength }),
  });
}

describe('writing a file', () => {
  test('without changes gives the same bytes', () => {
    fc.assert(
      fc.property(file, (parts) => {
        const bytes = build(parts);
        expectSameBytes(splice(readFile(bytes), []), bytes);
      }),
      { numRuns: 500 },
    );
  });

  test('with changes gives the file that was to be, and undoing them the first one', () => {
    fc.assert(
      fc.property(file, dataSet, fc.array(fc.nat(20), { maxLength: 4 }), (parts, written, removed) => {
        const { syntax, nodes } = parts;
        const before = build(parts);
        const gone = new Set(removed.map((index) => nodes[index]?.tag));
        const edits = [
          ...written.map((content) => edit(content, syntax)),
          ...nodes
            .filter(({ tag }) => gone.has(tag) && !written.some((content) => content.tag === tag))
            .map(({ tag }) => ({ tag, bytes: undefined })),
        ];
        const replaced = new Set(edits.map(({ tag }) => tag));
        const wanted = byTag([...nodes.filter(({ tag }) => !replaced.has(tag)), ...written]);

        const groups = new Set(nodes.map(({ tag }) => tag >>> 16));
        // A group length is kept where there was one, and made where there was none by nobody.
        fc.pre(!parts.groupLengths || wanted.every(({ tag }) => groups.has(tag >>> 16)));
        fc.pre(
          !parts.groupLengths || [...groups].every((group) => wanted.some(({ tag }) => tag >>> 16 === group)),
        );
        const after = splice(readFile(before), edits);
        expectSameBytes(after, build({ ...parts, nodes: wanted }));

        const undo = [...replaced].map((tag) => {
          const original = nodes.find((content) => content.tag === tag);
          return { tag, bytes: original && encode(original, syntax) };
        });
        expectSameBytes(splice(readFile(after), undo), before);
      }),
      { numRuns: 500 },
    );
  });

  test('copies odd lengths, which are forbidden, as they are', () => {
    const odd: Node = { tag: 0x00100010, vr: 'PN', value: latin1('ODD') };
    const bytes = buildFile({ nodes: [odd, text(0x0020000d, 'UI', '1.2')] });
    const changed = splice(readFile(bytes), [edit(text(0x0020000d, 'UI', '1.2.3'), EXPLICIT)]);
    expect(changed).toEqual(buildFile({ nodes: [odd, text(0x0020000d, 'UI', '1.2.3')] }));
  });

  test.each([
    [
      'compressed',
      buildImage({
        syntax: { uid: '1.2.840.10008.1.2.4.90', explicit: true },
        nodes: [{ tag: 0x7fe00010, vr: 'OB', fragments: [new Uint8Array(6)] }],
      }),
    ],
    [
      'deflated',
      buildFile({
        syntax: { uid: '1.2.840.10008.1.2.1.99', explicit: true },
        nodes: [],
        trailing: new Uint8Array(77).fill(3),
      }),
    ],
  ])('is exact for pixels that cannot be read: %s', (_, bytes) => {
    expectSameBytes(splice(readFile(bytes), []), bytes);
    const uid = text(0x00020003, 'UI', '1.2.3.4.5.6.7');
    const changed = readFile(splice(readFile(bytes), [edit(uid, EXPLICIT)]));
    expect(changed.bytes.subarray(changed.dataSetStart)).toEqual(
      bytes.subarray(readFile(bytes).dataSetStart),
    );
  });
});

describe('writing an element that is nested', () => {
  const sequenceTags = [0x00081140, 0x00400275, 0x00091010];
  /** No group length: those that the builder adds are right. */
  const member = leaf.filter(({ tag }) => tag !== 0x00110000);
  /** A sequence in a sequence in a data set, each of either kind of length, beside other elements. */
  const tree = fc.record({
    syntax: fc.constantFrom(IMPLICIT, EXPLICIT, BIG_ENDIAN),
    tags: fc.tuple(fc.constantFrom(...sequenceTags), fc.constantFrom(...sequenceTags)),
    undefinedLengths: fc.tuple(fc.boolean(), fc.boolean()),
    neighbours: fc.tuple(items, items),
    numbers: fc.tuple(fc.nat(3), fc.nat(3)),
    vr: fc.constantFrom('SQ', 'UN'),
    content: fc.uniqueArray(member, { selector: ({ tag }) => tag, maxLength: 4 }).map(byTag),
    groupLengths: fc.boolean(),
  });
  type Tree = typeof tree extends fc.Arbitrary<infer T> ? T : never;

  /** The file, and the path to the item that has this content. */
  function treeOf({
    syntax,
    tags,
    undefinedLengths,
    neighbours,
    numbers: at,
    vr,
    content,
    groupLengths,
  }: Tree) {
    const around = (item: Node[], level: 0 | 1) => {
      const others = neighbours[level];
      const index = Math.min(at[level], others.length);
      return { index, items: [...others.slice(0, index), item, ...others.slice(index)] };
    };
    const inner = around(
      groupLengths ? withGroupLengths(content, vr === 'UN' ? IMPLICIT : syntax) : content,
      1,
    );
    const [outerTag, innerTag] = tags;
    const nested: Node = {
      tag: innerTag,
      vr: 'SQ',
      items: inner.items,
      undefinedLength: undefinedLengths[1],
    };
    const outer = around([nested], 0);
    const sequence: Node = { tag: outerTag, vr, items: outer.items, undefinedLength: undefinedLengths[0] };
    const nodes = [text(0x00080016, 'UI', '1.2'), sequence, shorts(0x00990001, 7)].sort(
      (a, b) => a.tag - b.tag,
    );
    const path = [
      { sequence: outerTag, item: outer.index },
      { sequence: innerTag, item: inner.index },
    ];
    return { bytes: buildFile({ syntax, nodes }), path };
  }

  test('changes that item, and the lengths around it alone', () => {
    fc.assert(
      fc.property(tree, member, fc.boolean(), (before, change, remove) => {
        // UN holds implicit VR little endian, whatever is around it.
        fc.pre(before.vr === 'SQ' || !before.syntax.bigEndian);
        fc.pre(!before.groupLengths || before.content.length > 1);
        const others = before.content.filter(({ tag }) => tag !== change.tag);
        const content = remove ? others : byTag([...others, change]);
        fc.pre(!before.groupLengths || content.length > 0);
        const { bytes, path } = treeOf(before);
        const coding = before.vr === 'UN' ? IMPLICIT : before.syntax;
        const edits = [{ tag: change.tag, bytes: remove ? undefined : encode(change, coding), path }];
        const after = splice(readFile(bytes), edits);
        expectSameBytes(after, treeOf({ ...before, content }).bytes);

        const old = before.content.find(({ tag }) => tag === change.tag);
        const undo = [{ tag: change.tag, bytes: old && encode(old, coding), path }];
        expectSameBytes(splice(readFile(after), undo), bytes);
      }),
      { numRuns: 500 },
    );
  });

  test('is passed over where the path leads nowhere', () => {
    const bytes = buildFile({
      nodes: [{ tag: 0x00081140, vr: 'SQ', items: [[text(0x00081150, 'UI', '1.2')]] }],
    });
    for (const path of [
      [{ sequence: 0x00081140, item: 1 }],
      [{ sequence: 0x00082112, item: 0 }],
      [
        { sequence: 0x00081140, item: 0 },
        { sequence: 0x00081150, item: 0 },
      ],
    ]) {
      const nowhere = { ...edit(text(0x00081155, 'UI', '1.3'), EXPLICIT), path };
      expectSameBytes(splice(readFile(bytes), [nowhere]), bytes);
    }
  });
});

describe('the group length of the meta information', () => {
  const longer = edit(text(0x00020003, 'UI', '1.2.3.4.5.6.7.8.9.10'), EXPLICIT);
  const nodes = [shorts(0x00280010, 1)];
  const lengthIn = (bytes: Uint8Array) => {
    const parsed = readFile(bytes);
    const element = findElement(parsed, 0x00020000);
    return element && new DataView(bytes.buffer).getUint32(element.valueStart, true);
  };

  test('follows a change', () => {
    const meta = [text(0x00020003, 'UI', '1.2')];
    const changed = splice(readFile(buildFile({ nodes, meta })), [longer]);
    const { dataSetStart } = readFile(changed);
    expect(lengthIn(changed)).toBe(dataSetStart - 132 - 12);
  });

  test('stays where it was wrong, and away where there was none', () => {
    const meta = [text(0x00020003, 'UI', '1.2')];
    expect(lengthIn(splice(readFile(buildFile({ nodes, meta, metaGroupLength: 5 })), [longer]))).toBe(5);
    expect(
      lengthIn(splice(readFile(buildFile({ nodes, meta, metaGroupLength: null })), [longer])),
    ).toBeUndefined();
  });

  test('is kept aside where it is wrong, so that it comes back', () => {
    const parsed = readFile(
      buildFile({ nodes: withGroupLengths(nodes, EXPLICIT, new Map([[0x28, 3]])), metaGroupLength: 5 }),
    );
    expect(wrongGroupLengths(parsed, new Set([2, 0x28])).map(({ tag }) => tag)).toEqual([
      0x00020000, 0x00280000,
    ]);
    expect(wrongGroupLengths(parsed, new Set([8]))).toEqual([]);
  });

  test('can be set like any element', () => {
    const bytes = buildFile({ nodes, meta: [] });
    const wrong = edit(numbers(0x00020000, 'UL', [9]), EXPLICIT);
    expect(lengthIn(splice(readFile(bytes), [longer, wrong]))).toBe(9);
  });
});

describe('elements out of order', () => {
  const a = text(0x0020000d, 'UI', '1.2');
  const b = text(0x00080018, 'UI', '1.3');

  test('are copied all the same', () => {
    const bytes = buildFile({ nodes: [a, b, b] });
    expectSameBytes(splice(readFile(bytes), []), bytes);
  });

  test.each([
    ['repeated', [a, a]],
    ['out of order', [a, b]],
  ])('are refused where some have to be taken out: %s', async (_, nodes) => {
    expect(await codeOf(() => checkOrder(readFile(buildFile({ nodes }))))).toBe('not-dicom');
    expect(() => checkOrder(readFile(buildFile({ nodes: [b, a] })))).not.toThrow();
  });
});

test('an insertion lands before the first element of a higher tag', () => {
  const bytes = buildFile({ nodes: [shorts(0x00280010, 1)] });
  const added = splice(readFile(bytes), [
    edit(shorts(0x00280011, 2), EXPLICIT),
    edit(text(0x00080008, 'CS', 'A'), EXPLICIT),
  ]);
  expect(readFile(added).elements.map(({ tag }) => tag)).toEqual([0x00080008, 0x00280010, 0x00280011]);
  expect(added.length).toBe(join([bytes, new Uint8Array(20)]).length);
});
