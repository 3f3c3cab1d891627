import type { Page } from 'playwright-core';
import { type Graph, type Reference, readGraph, waysIn } from './heapGraph';
import { type Heap, heapsOf } from './heaps';

/**
 * Looks for secrets in all that JavaScript can still reach, in a page and in its workers: strings, array
 * buffers, WebAssembly's memory and blobs. The browser's debugger tells; it collects the garbage before.
 */

/** What is looked for, each under a name of its own. */
export interface Sought {
  /** Words that occur nowhere else, in the first thousand characters of the strings that they are in. */
  readonly texts: Readonly<Record<string, string>>;
  /** Bytes that occur nowhere else, such as some pixels of a row. */
  readonly bytes: Readonly<Record<string, Uint8Array>>;
}

interface Found {
  readonly name: string;
  /** The shortest way to it from a root of the heap; blobs are known by themselves alone. */
  readonly holder: string;
}

export interface Memory {
  readonly found: readonly Found[];
  /** Array buffers that cannot be looked into: closures alone hold them, or they are a worker's. */
  readonly closed: readonly { readonly size: number; readonly holder: string }[];
}

export async function searchMemory(page: Page, sought: Sought): Promise<Memory> {
  const session = await page.context().newCDPSession(page);
  const found: Found[] = [];
  const closed: { size: number; holder: string }[] = [];
  for (const heap of await heapsOf(session)) {
    // Of what was printed, browsers keep what a debugger might show.
    await heap.send('Runtime.discardConsoleEntries');
    const graph = await readGraph(heap);
    const wayTo = waysIn(graph);
    const holderOf = (node: number) => `${heap.worker} ${wayTo(node)}`;
    for (let node = 0; node < graph.nodes; node++) {
      for (const [name, text] of Object.entries(sought.texts))
        if (graph.name(node).includes(text) && wayTo(node) !== undefined)
          found.push({ name, holder: holderOf(node) });
    }
    const { buffers, holders } = bytesIn(graph);
    // Debuggers of workers do not always answer when asked for objects.
    const read = heap.worker === '' ? await searchBytes(heap, holders, graph, sought, holderOf) : NOTHING;
    found.push(...read.found);
    for (const [node, size] of buffers)
      if (!read.buffers.has(node)) closed.push({ size, holder: holderOf(node) });
    await heap.send('HeapProfiler.disable');
  }
  await session.detach();
  return { found, closed };
}

/** Where a heap has bytes outside of itself. */
interface Bytes {
  /** Each array buffer's bytes. */
  readonly buffers: ReadonlyMap<number, number>;
  /** Objects whose properties lead to array buffers, and to which, and WebAssembly's memories. */
  readonly holders: ReadonlyMap<number, ReadonlySet<number>>;
}

function bytesIn(graph: Graph): Bytes {
  const references = function* (): Iterable<Reference & { readonly from: number }> {
    for (let from = 0; from < graph.nodes; from++)
      for (const reference of graph.references(from)) yield { from, ...reference };
  };
  const buffers = new Map<number, number>();
  for (const { from, to, label } of references())
    if (label === 'backing_store') buffers.set(from, graph.size(to));
  /** The buffer of each buffer or view of one. */
  const bufferOf = new Map([...buffers.keys()].map((node) => [node, node]));
  for (const { from, to, label } of references())
    if (label === 'buffer' && buffers.has(to)) bufferOf.set(from, to);
  const holders = new Map<number, Set<number>>();
  const holderOf = (node: number) => holders.get(node) ?? holders.set(node, new Set()).get(node)!;
  for (const { from, to, label, kind } of references()) {
    if (graph.kind(from) !== 'object') continue;
    if (graph.name(from) === 'WebAssembly.Memory') holderOf(from);
    const buffer = bufferOf.get(to);
    const named = (kind === 'property' || kind === 'element') && !label.startsWith('#');
    if (buffer !== undefined && named) holderOf(from).add(buffer);
  }
  return { buffers, holders };
}

/** Runs in the page: which runs of bytes are in an object, or in what its properties hold, and in what. */
const SEARCH = `async function (runs) {
  const found = new Map();
  const { Memory } = WebAssembly;
  const properties = Object.values(Object.getOwnPropertyDescriptors(this)).map(({ value }) => value);
  for (const part of [this, ...properties]) {
    // A class's own pattern is of its kind, and holds nothing.
    if (part instanceof Blob && Object.hasOwn(part, 'constructor')) continue;
    const buffer = part instanceof Blob ? await part.arrayBuffer()
      : part instanceof Memory || ArrayBuffer.isView(part) ? part.buffer : part;
    const { SharedArrayBuffer = ArrayBuffer } = globalThis;
    if (!(buffer instanceof ArrayBuffer || buffer instanceof SharedArrayBuffer) || buffer.detached) continue;
    const bytes = new Uint8Array(buffer);
    for (const [name, run] of runs) {
      for (let at = bytes.indexOf(run[0]); at !== -1; at = bytes.indexOf(run[0], at + 1)) {
        if (!run.every((byte, index) => bytes[at + index] === byte)) continue;
        found.set(name, part.constructor.name + ' of ' + bytes.length + ' bytes');
        break;
      }
    }
  }
  return [...found];
}`;

/** What was found in array buffers and blobs, and which buffers were read. */
interface Read {
  readonly found: readonly Found[];
  readonly buffers: ReadonlySet<number>;
}

const NOTHING: Read = { found: [], buffers: new Set() };

async function searchBytes(
  heap: Heap,
  holders: Bytes['holders'],
  graph: Graph,
  { texts, bytes }: Sought,
  holderOf: (node: number) => string,
): Promise<Read> {
  const encoded = Object.entries(texts).map(([name, text]) => [name, [...Buffer.from(text)]]);
  const value = [...encoded, ...Object.entries(bytes).map(([name, run]) => [name, [...run]])];
  const objectGroup = 'searched';
  const found: Found[] = [];
  const read = new Set<number>();
  const search = async (objectId: string | undefined, holder: string) => {
    const { result, exceptionDetails } = await heap.send('Runtime.callFunctionOn', {
      objectId,
      functionDeclaration: SEARCH,
      arguments: [{ value }],
      returnByValue: true,
      awaitPromise: true,
    });
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    for (const [name, part] of (result?.value ?? []) as [string, string][])
      found.push({ name, holder: `${holder} > ${part}` });
  };
  const prototype = await heap.send('Runtime.evaluate', { expression: 'Blob.prototype', objectGroup });
  const prototypeObjectId = prototype.result?.objectId;
  // Such a query leaves out array buffers: these are known by what they refer to.
  const blobs = await heap.send('Runtime.queryObjects', { prototypeObjectId, objectGroup });
  await search(blobs.objects?.objectId, 'blobs');
  for (const [node, buffers] of holders) {
    const asked = { objectId: String(graph.id(node)), objectGroup };
    // Some of the browser's own objects are not to be had.
    const object = await heap.send('HeapProfiler.getObjectByHeapObjectId', asked).catch(() => undefined);
    if (object === undefined) continue;
    await search(object.result?.objectId, holderOf(node));
    for (const buffer of buffers) read.add(buffer);
  }
  await heap.send('Runtime.releaseObjectGroup', { objectGroup });
  return { found, buffers: read };
}
