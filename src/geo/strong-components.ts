// Strongly connected components by Tarjan's algorithm, written with an explicit stack: a city's roads are deeper than the call stack.
// R. Tarjan, Depth-first search and linear graph algorithms, SIAM J. Comput. 1 (1972).

export interface StrongComponents {
  /** Component number of each node. */
  readonly of: Int32Array;
  readonly count: number;
  /** The one with the most nodes; -1 in an empty graph. */
  readonly largest: number;
}

/** `first` has nodeCount + 1 entries; the successors of n are head[first[n]] up to head[first[n + 1]]. */
export function strongComponents(nodeCount: number, first: Uint32Array, head: Uint32Array): StrongComponents {
  const of = new Int32Array(nodeCount).fill(-1);
  const order = new Int32Array(nodeCount).fill(-1);
  const low = new Int32Array(nodeCount);
  const next = new Uint32Array(nodeCount);
  const open: number[] = [];
  const path: number[] = [];
  const sizes: number[] = [];
  let seen = 0;
  for (let root = 0; root < nodeCount; root++) {
    if (order[root] !== -1) continue;
    path.push(root);
    while (path.length > 0) {
      const node = path[path.length - 1]!;
      if (order[node] === -1) {
        order[node] = low[node] = seen++;
        next[node] = first[node]!;
        open.push(node);
      }
      let deeper = false;
      while (next[node]! < first[node + 1]!) {
        const to = head[next[node]!++]!;
        if (order[to] === -1) {
          path.push(to);
          deeper = true;
          break;
        }
        if (of[to] === -1 && order[to]! < low[node]!) low[node] = order[to]!;
      }
      if (deeper) continue;
      path.pop();
      const parent = path[path.length - 1];
      if (parent !== undefined && low[node]! < low[parent]!) low[parent] = low[node]!;
      if (low[node] === order[node]) {
        const component = sizes.length;
        let size = 0;
        for (;;) {
          const member = open.pop()!;
          of[member] = component;
          size++;
          if (member === node) break;
        }
        sizes.push(size);
      }
    }
  }
  let largest = -1;
  for (let c = 0; c < sizes.length; c++) if (largest < 0 || sizes[c]! > sizes[largest]!) largest = c;
  return { of, count: sizes.length, largest };
}
