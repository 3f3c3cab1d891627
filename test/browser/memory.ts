import type { CDPSession, Page } from 'playwright-core';

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

export interface Memory {
  /** What was found, each with what holds it: for a string, the shortest way from a root of the heap. */
  readonly found: readonly { readonly name: string; readonly holder: string }[];
  /** Each array buffer that cannot be looked into: closures alone hold it, or it is a worker's. */
  readonly closed: readonly { readonly bytes: number; readonly holder: string }[];
}

export async function searchMemory(page: Page, { texts, bytes }: Sought): Promise<Memory> {
  const session = await page.context().newCDPSession(page);
  const found: { name: string; holder: string }[] = [];
  const closed: { bytes: number; holder: string }[] = [];
  for (const heap of await heapsOf(session)) {
    const graph = await readGraph(heap);
    const wayTo = waysFrom(graph);
    const holderOf = (node: number) => `${heap.worker} ${wayTo(node)}`;
    for (const [name, text] of Object.entries(texts))
      found.push(
        ...namedWith(graph, text).flatMap((node) => (wayTo(node) ? [{ name, holder: holderOf(node) }] : [])),
      );
    const { buffers, holders } = bytesIn(graph);
    // Debuggers of workers do not always answer when asked for objects.
    const read =
      heap.worker === '' ? await searchBytes(heap, holders, graph, wayTo, { texts, bytes }) : NOTHING;
    found.push(...read.found);
    for (const [node, size] of buffers)
      if (!read.buffers.has(node) && wayTo(node)) closed.push({ bytes: size, holder: holderOf(node) });
    await heap.send('HeapProfiler.disable');
  }
  await session.detach();
  return { found, closed };
}

/** A page or worker, which has a JavaScript heap of its own. */
interface Heap {
  readonly worker: string;
  send(method: string, parameters?: object): Promise<Answer>;
  on(event: string, listener: (parameters: Answer) => void): void;
}

/** The parts of the debugger's answers that are used here. */
interface Answer {
  readonly chunk?: string;
  readonly result?: { readonly objectId?: string; readonly value?: unknown };
  readonly objects?: { readonly objectId: string };
  readonly exceptionDetails?: unknown;
}

async function heapsOf(session: CDPSession): Promise<Heap[]> {
  const workers: Heap[] = [];
  session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    workers.push(workerHeap(session, sessionId, targetInfo.url));
  });
  // The workers that there are attach before this is answered.
  await session.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  });
  const page: Heap = {
    worker: '',
    send: (method, parameters) => session.send(method as never, parameters as never) as Promise<Answer>,
    on: (event, listener) => void session.on(event as never, listener as never),
  };
  return [...workers, page];
}

/** A worker, whose messages travel inside those of its page. */
function workerHeap(session: CDPSession, sessionId: string, worker: string): Heap {
  const waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  const listeners = new Map<string, (parameters: Answer) => void>();
  let messages = 0;
  session.on('Target.receivedMessageFromTarget', (event) => {
    if (event.sessionId !== sessionId) return;
    const { id, method, params, result, error } = JSON.parse(event.message);
    if (method !== undefined) listeners.get(method)?.(params);
    else if (error !== undefined) waiting.get(id)?.reject(new Error(error.message));
    else waiting.get(id)?.resolve(result);
  });
  return {
    worker,
    on: (event, listener) => void listeners.set(event, listener),
    send: (method, params = {}) =>
      new Promise((resolve, reject) => {
        const id = ++messages;
        waiting.set(id, { resolve, reject });
        const message = JSON.stringify({ id, method, params });
        session.send('Target.sendMessageToTarget', { sessionId, message }).catch(reject);
      }),
  };
}

interface Reference {
  readonly to: number;
  readonly label: string;
  readonly kind: string;
}

/** A heap as V8 writes it down: what refers to what. Nodes are counted from 0, the first is the root. */
interface Graph {
  readonly nodes: number;
  /** Of a node: its kind, such as `string`. */
  kind(node: number): string;
  /** Of a string its text, of an object its class. */
  name(node: number): string;
  /** Its number in the debugger. */
  id(node: number): number;
  /** In bytes. */
  size(node: number): number;
  /** What it refers to, but weakly; kinds are such as `property`, `element` and `context`. */
  references(node: number): Iterable<Reference>;
}

type Field = (node: number) => number;

async function readGraph(heap: Heap): Promise<Graph> {
  const chunks: string[] = [];
  heap.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk = '' }) => chunks.push(chunk));
  await heap.send('HeapProfiler.enable');
  await heap.send('HeapProfiler.collectGarbage');
  await heap.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  const { snapshot, nodes, edges, strings } = JSON.parse(chunks.join(''));
  const { node_fields, node_types, edge_fields, edge_types } = snapshot.meta;
  const field = (name: string) => {
    const offset: number = node_fields.indexOf(name);
    return (node: number): number => nodes[node * node_fields.length + offset];
  };
  const [type, name, id, size, edgeCount] = ['type', 'name', 'id', 'self_size', 'edge_count'].map(field) as [
    Field,
    Field,
    Field,
    Field,
    Field,
  ];
  const count = nodes.length / node_fields.length;
  const firstEdge = new Uint32Array(count + 1);
  for (let node = 0; node < count; node++) firstEdge[node + 1] = firstEdge[node]! + edgeCount(node);
  return {
    nodes: count,
    kind: (node) => node_types[0][type(node)],
    name: (node) => strings[name(node)],
    id,
    size,
    *references(node) {
      for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
        // Type, name or index, and where the node begins that it leads to.
        const at = edge * edge_fields.length;
        const kind = edge_types[0][edges[at]];
        if (kind === 'weak') continue;
        const numbered = kind === 'element' || kind === 'hidden';
        const label = numbered ? `[${edges[at + 1]}]` : strings[edges[at + 1]];
        yield { to: edges[at + 2] / node_fields.length, label, kind };
      }
    },
  };
}

/** The nodes whose text or class contains a text. */
const namedWith = (graph: Graph, text: string): number[] =>
  Array.from({ length: graph.nodes }, (_, node) => node).filter((node) => graph.name(node).includes(text));

/** Tells the shortest way from the root to a node; undefined where nothing but the debugger holds it. */
function waysFrom(graph: Graph): (node: number) => string | undefined {
  const cameFrom = new Map<number, { readonly node: number; readonly label: string }>();
  const reached = [0];
  for (const node of reached) {
    for (const { to, label } of graph.references(node)) {
      // What the debugger that looks holds itself does not count.
      if (to === 0 || cameFrom.has(to) || label.includes('DevTools console')) continue;
      cameFrom.set(to, { node, label });
      reached.push(to);
    }
  }
  return (held) => {
    const steps: string[] = [];
    for (let step = cameFrom.get(held); step !== undefined; step = cameFrom.get(step.node))
      steps.unshift(`${graph.name(step.node).slice(0, 60)}.${step.label}`);
    return steps.length === 0 ? undefined : [...steps, graph.kind(held)].join(' > ');
  };
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
    // A class's prototype is an instance of the class above, but holds nothing.
    if (part?.constructor?.prototype === part) continue;
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
  readonly found: readonly { readonly name: string; readonly holder: string }[];
  readonly buffers: ReadonlySet<number>;
}

/** Objects that the debugger is asked for at the same time. */
const AT_ONCE = 100;

const NOTHING: Read = { found: [], buffers: new Set() };

async function searchBytes(
  heap: Heap,
  holders: Bytes['holders'],
  graph: Graph,
  wayTo: (node: number) => string | undefined,
  { texts, bytes }: Sought,
): Promise<Read> {
  const encoded = Object.entries(texts).map(([name, text]) => [name, [...Buffer.from(text)]]);
  const value = [...encoded, ...Object.entries(bytes).map(([name, run]) => [name, [...run]])];
  const objectGroup = 'searched';
  const found: { name: string; holder: string }[] = [];
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
  const searchHolder = async (node: number, buffers: ReadonlySet<number>) => {
    const way = wayTo(node);
    if (way === undefined) return;
    const asked = { objectId: String(graph.id(node)), objectGroup };
    // Some of the browser's own objects are not to be had.
    const object = await heap.send('HeapProfiler.getObjectByHeapObjectId', asked).catch(() => undefined);
    if (object === undefined) return;
    await search(object.result?.objectId, way);
    for (const buffer of buffers) read.add(buffer);
  };
  const waiting = [...holders];
  while (waiting.length > 0)
    await Promise.all(waiting.splice(0, AT_ONCE).map(([node, buffers]) => searchHolder(node, buffers)));
  await heap.send('Runtime.releaseObjectGroup', { objectGroup });
  return { found, buffers: read };
}
