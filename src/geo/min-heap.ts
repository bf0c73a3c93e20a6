// A 4-ary heap of node numbers in typed arrays with a position per node, so that a key can be lowered in place. Keys are whole milliseconds.
// A binary heap of objects with lazy deletion is the usual choice; it allocates per push and was three times slower on a city.

/** Keys up to 2^32 - 1 ms, that is 49 days. One heap serves many searches: `clear` costs only what is still inside. */
export interface MinHeap {
  readonly size: () => number;
  /** The smallest key inside; Infinity when empty. */
  readonly minKey: () => number;
  /** Adds the node, or lowers its key; a higher key than it has changes nothing. */
  readonly push: (node: number, key: number) => void;
  /** Takes out the node with the smallest key; -1 when empty. */
  readonly pop: () => number;
  readonly clear: () => void;
}

export function createMinHeap(nodeCount: number): MinHeap {
  const position = new Int32Array(nodeCount).fill(-1);
  let nodes = new Uint32Array(1024);
  let keys = new Uint32Array(1024);
  let size = 0;

  const siftUp = (start: number, node: number, key: number): void => {
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      if (keys[parent]! <= key) break;
      keys[at] = keys[parent]!;
      nodes[at] = nodes[parent]!;
      position[nodes[at]!] = at;
      at = parent;
    }
    keys[at] = key;
    nodes[at] = node;
    position[node] = at;
  };
  const siftDown = (node: number, key: number): void => {
    let at = 0;
    for (;;) {
      const first = at * 4 + 1;
      if (first >= size) break;
      let least = first;
      const end = Math.min(first + 4, size);
      for (let child = first + 1; child < end; child++) if (keys[child]! < keys[least]!) least = child;
      if (keys[least]! >= key) break;
      keys[at] = keys[least]!;
      nodes[at] = nodes[least]!;
      position[nodes[at]!] = at;
      at = least;
    }
    keys[at] = key;
    nodes[at] = node;
    position[node] = at;
  };

  return {
    size: () => size,
    minKey: () => (size === 0 ? Infinity : keys[0]!),
    push: (node, key) => {
      const at = position[node]!;
      if (at >= 0) {
        if (keys[at]! > key) siftUp(at, node, key);
        return;
      }
      if (size === nodes.length) {
        const wider = new Uint32Array(size * 2);
        wider.set(nodes);
        nodes = wider;
        const widerKeys = new Uint32Array(size * 2);
        widerKeys.set(keys);
        keys = widerKeys;
      }
      size++;
      siftUp(size - 1, node, key);
    },
    pop: () => {
      if (size === 0) return -1;
      const node = nodes[0]!;
      position[node] = -1;
      size--;
      if (size > 0) siftDown(nodes[size]!, keys[size]!);
      return node;
    },
    clear: () => {
      for (let i = 0; i < size; i++) position[nodes[i]!] = -1;
      size = 0;
    },
  };
}
