// The order in which a hierarchy contracts its nodes: nested dissection. A road network falls apart at few places (bridges, tunnels, passes), so the
// nodes of a small cut come last, and both sides are ordered in the same way. The cut is found by inertial flow (Schild and Sommer, SEA 2015): along
// four directions, the first and the last quarter of the nodes become source and sink of a flow with one unit for each road, and the smallest of the
// four cuts is taken. Only the shape of the network counts, never a time: the order holds for every hour and every closure.

/** An undirected network: neighbours of `v` are `to[first[v]]` up to `to[first[v + 1]]`, each edge there from both ends. */
export interface Network {
  readonly count: number;
  readonly first: Uint32Array;
  readonly to: Uint32Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** So few nodes are not cut any more. */
const SMALL = 3;
const END_SHARE = 0.25;
const DIRECTIONS = [[1, 0], [0, 1], [1, 1], [1, -1]] as const;

/** Nodes from the one contracted first to the one contracted last. */
export function dissect(network: Network): Uint32Array {
  const order = new Uint32Array(network.count);
  let next = network.count; // ranks are given from the top
  // Parts that wait, each with its own numbering and the names of its nodes in `network`. Depth first, so that what is near in space is near in rank.
  const waiting: Part[] = [{ network, names: Uint32Array.from({ length: network.count }, (_, i) => i) }];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    const { names } = part;
    if (names.length <= SMALL) {
      for (const name of names) order[--next] = name;
      continue;
    }
    const side = separate(part.network);
    for (let v = 0; v < names.length; v++) if (side[v] === SEPARATOR) order[--next] = names[v]!;
    waiting.push(partOf(part, side, LEFT), partOf(part, side, RIGHT));
  }
  return order;
}

interface Part {
  readonly network: Network;
  readonly names: Uint32Array;
}
const LEFT = 0;
const RIGHT = 1;
const SEPARATOR = 2;

function partOf(part: Part, side: Uint8Array, wanted: number): Part {
  const { network, names } = part;
  const local = new Int32Array(network.count).fill(-1);
  let count = 0;
  let arcs = 0;
  for (let v = 0; v < network.count; v++) {
    if (side[v] !== wanted) continue;
    local[v] = count++;
    for (let i = network.first[v]!; i < network.first[v + 1]!; i++) if (side[network.to[i]!] === wanted) arcs++;
  }
  const first = new Uint32Array(count + 1);
  const to = new Uint32Array(arcs);
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  const own = new Uint32Array(count);
  let at = 0;
  for (let v = 0; v < network.count; v++) {
    const l = local[v]!;
    if (l < 0) continue;
    for (let i = network.first[v]!; i < network.first[v + 1]!; i++) {
      const head = local[network.to[i]!]!;
      if (head >= 0) to[at++] = head;
    }
    first[l + 1] = at;
    x[l] = network.x[v]!;
    y[l] = network.y[v]!;
    own[l] = names[v]!;
  }
  return { network: { count, first, to, x, y }, names: own };
}

/** For each node its side, or that it is one of those that keep the sides apart. */
function separate(network: Network): Uint8Array {
  const flow = new Flow(network);
  let best: Uint8Array | undefined;
  let bestCut = Infinity;
  let bestBalance = 0;
  for (const [a, b] of DIRECTIONS) {
    const ends = endsAlong(network, a, b);
    const cut = flow.run(ends, bestCut);
    if (cut > bestCut) continue;
    const { side, balance } = flow.side();
    if (cut === bestCut && balance <= bestBalance) continue;
    best = side;
    bestCut = cut;
    bestBalance = balance;
  }
  return markSeparator(network, best!);
}

const SOURCE = 1;
const SINK = 2;

/** The first and the last quarter along a direction. Equal places (a crossing and the twins of its banned turns) are parted by their number. */
function endsAlong(network: Network, a: number, b: number): Uint8Array {
  const { count, x, y } = network;
  const along = new Float64Array(count);
  for (let v = 0; v < count; v++) along[v] = a * x[v]! + b * y[v]!;
  const sorted = along.slice().sort();
  const quota = Math.max(1, Math.floor(count * END_SHARE));
  const low = sorted[quota - 1]!;
  const high = sorted[count - quota]!;
  const ends = new Uint8Array(count);
  let sources = 0;
  let sinks = 0;
  for (let v = 0; v < count; v++) {
    if (along[v]! < low) {
      ends[v] = SOURCE;
      sources++;
    }
    if (along[v]! > high) {
      ends[v] = SINK;
      sinks++;
    }
  }
  for (let v = 0; v < count; v++) {
    if (ends[v] !== 0) continue;
    if (along[v] === low && sources < quota) {
      ends[v] = SOURCE;
      sources++;
    } else if (along[v] === high && sinks < quota) {
      ends[v] = SINK;
      sinks++;
    }
  }
  return ends;
}

/** Takes the end nodes of the cut edges, on the side that has fewer of them. */
function markSeparator(network: Network, side: Uint8Array): Uint8Array {
  const marks = [0, 0];
  const touches = (v: number): boolean => {
    for (let i = network.first[v]!; i < network.first[v + 1]!; i++) if (side[network.to[i]!] !== side[v]) return true;
    return false;
  };
  const onCut = new Uint8Array(network.count);
  for (let v = 0; v < network.count; v++) {
    if (!touches(v)) continue;
    onCut[v] = 1;
    marks[side[v]!]!++;
  }
  const taken = marks[LEFT]! <= marks[RIGHT]! ? LEFT : RIGHT;
  const marked = side.slice();
  for (let v = 0; v < network.count; v++) if (onCut[v] === 1 && side[v] === taken) marked[v] = SEPARATOR;
  return marked;
}

/** Largest flow with one unit for each edge, by layers (Dinic): cuts of road networks are small, so few rounds are needed. */
class Flow {
  readonly #network: Network;
  /** The same edge, from its other end. */
  readonly #twin: Uint32Array;
  /** Units that go along an arc: -1, 0 or 1; its twin has the opposite. */
  readonly #units: Int8Array;
  readonly #layer: Int32Array;
  readonly #next: Uint32Array;
  readonly #queue: Uint32Array;
  readonly #way: Uint32Array;
  #ends: Uint8Array = new Uint8Array(0);

  constructor(network: Network) {
    this.#network = network;
    this.#twin = twinsOf(network);
    this.#units = new Int8Array(network.to.length);
    this.#layer = new Int32Array(network.count);
    this.#next = new Uint32Array(network.count);
    this.#queue = new Uint32Array(network.count);
    this.#way = new Uint32Array(network.count);
  }

  /** Size of the smallest cut between the ends; a number above `atMost` where it is larger than that. */
  run(ends: Uint8Array, atMost: number): number {
    this.#ends = ends;
    this.#units.fill(0);
    let flow = 0;
    while (this.#layers(SOURCE)) {
      this.#next.set(this.#network.first.subarray(0, this.#network.count));
      for (let v = 0; v < ends.length; v++) {
        if (ends[v] !== SOURCE) continue;
        while (this.#push(v)) if (++flow > atMost) return flow;
      }
    }
    return flow;
  }

  /** After a full run: the sides of the cut next to the sources or the one next to the sinks, whichever is more even; `balance` is the smaller one's nodes. */
  side(): { readonly side: Uint8Array; readonly balance: number } {
    const { count } = this.#network;
    const bySource = this.#reached(SOURCE, LEFT, RIGHT);
    const bySink = this.#reached(SINK, RIGHT, LEFT);
    const even = (side: Uint8Array): number => {
      let right = 0;
      for (let v = 0; v < count; v++) right += side[v]!;
      return Math.min(right, count - right);
    };
    const a = even(bySource);
    const b = even(bySink);
    return a >= b ? { side: bySource, balance: a } : { side: bySink, balance: b };
  }

  #reached(from: typeof SOURCE | typeof SINK, near: number, far: number): Uint8Array {
    this.#layers(from);
    const side = new Uint8Array(this.#network.count);
    for (let v = 0; v < side.length; v++) side[v] = this.#layer[v]! >= 0 ? near : far;
    return side;
  }

  /** Breadth first from one end over what still has room (backwards from the sinks); whether the other end was met. */
  #layers(from: typeof SOURCE | typeof SINK): boolean {
    const { first, to, count } = this.#network;
    const layer = this.#layer;
    layer.fill(-1);
    const queue = this.#queue;
    let tail = 0;
    for (let v = 0; v < count; v++) {
      if (this.#ends[v] !== from) continue;
      layer[v] = 0;
      queue[tail++] = v;
    }
    const full = from === SOURCE ? 1 : -1;
    let met = false;
    for (let head = 0; head < tail; head++) {
      const v = queue[head]!;
      for (let i = first[v]!; i < first[v + 1]!; i++) {
        const w = to[i]!;
        if (layer[w]! >= 0 || this.#units[i] === full) continue;
        layer[w] = layer[v]! + 1;
        queue[tail++] = w;
        if (this.#ends[w] !== 0 && this.#ends[w] !== from) met = true;
      }
    }
    return met;
  }

  /** Sends one unit from a source along rising layers; false where no way is left. */
  #push(source: number): boolean {
    const { first, to } = this.#network;
    const way = this.#way;
    let depth = 0;
    let v = source;
    for (;;) {
      if (this.#ends[v] === SINK) {
        for (let d = 0; d < depth; d++) {
          const arc = way[d]!;
          this.#units[arc]!++;
          this.#units[this.#twin[arc]!]!--;
        }
        return true;
      }
      let arc = this.#next[v]!;
      const end = first[v + 1]!;
      while (arc < end && (this.#units[arc] === 1 || this.#layer[to[arc]!] !== this.#layer[v]! + 1)) arc++;
      this.#next[v] = arc;
      if (arc < end) {
        way[depth++] = arc;
        v = to[arc]!;
      } else {
        if (depth === 0) return false;
        v = to[this.#twin[way[--depth]!]!]!;
        this.#next[v]!++;
      }
    }
  }
}

function twinsOf(network: Network): Uint32Array {
  const { count, first, to } = network;
  const twin = new Uint32Array(to.length);
  // Neighbours stand in rising order, so that the edges into a node are met in the order in which the node lists them.
  const next = first.slice(0, count);
  for (let v = 0; v < count; v++) {
    for (let i = first[v]!; i < first[v + 1]!; i++) twin[i] = next[to[i]!]!++;
  }
  return twin;
}
