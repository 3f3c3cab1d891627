import type { Heap } from './heaps';

export interface Reference {
  readonly to: number;
  readonly label: string;
  readonly kind: string;
}

/** A heap as V8 writes it down: what refers to what. Nodes are counted from 0, the first is the root. */
export interface Graph {
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

/** All that can be reached in a heap, once the garbage was collected. */
export async function readGraph(heap: Heap): Promise<Graph> {
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

/** The shortest way from the root to any node; undefined for what is reached weakly or not at all. */
export function waysIn(graph: Graph): (node: number) => string | undefined {
  const cameFrom = new Map<number, { readonly node: number; readonly label: string }>();
  const reached = [0];
  for (const node of reached) {
    for (const { to, label } of graph.references(node)) {
      if (to === 0 || cameFrom.has(to)) continue;
      cameFrom.set(to, { node, label });
      reached.push(to);
    }
  }
  return (node) => {
    if (!cameFrom.has(node)) return undefined;
    const steps: string[] = [graph.kind(node)];
    for (let step = cameFrom.get(node); step !== undefined; step = cameFrom.get(step.node))
      steps.unshift(`${graph.name(step.node).slice(0, 60)}.${step.label}`);
    return steps.join(' > ');
  };
}
