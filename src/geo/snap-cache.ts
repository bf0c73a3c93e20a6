// Where on the roads points were found to be, kept by their exact coordinates: most of ten thousand units stand where they stood a second ago, and finding the
// nearest road is the dearest part of timing them. A direct-mapped table in typed arrays: a point that falls on another's slot takes it.
import type { Point } from "./point.ts";
import type { RoadGraph } from "./road-graph.ts";
import { snapToRoad } from "./road-snap.ts";

const SLOTS = 1 << 16;
const OFF_ROAD = -1;

export class SnapCache {
  readonly #graph: RoadGraph;
  readonly #lon = new Float64Array(SLOTS).fill(NaN);
  readonly #lat = new Float64Array(SLOTS);
  readonly #edge = new Int32Array(SLOTS);
  readonly #share = new Float64Array(SLOTS);
  readonly #bits = new Uint32Array(4);
  readonly #degrees = new Float64Array(this.#bits.buffer);

  constructor(graph: RoadGraph) {
    this.#graph = graph;
  }

  /** The slot that has the point's road now, valid until the next call. */
  look(p: Point): number {
    const slot = this.#slotOf(p);
    if (this.#lon[slot] === p.lon && this.#lat[slot] === p.lat) return slot;
    const at = snapToRoad(this.#graph, p);
    this.#lon[slot] = p.lon;
    this.#lat[slot] = p.lat;
    this.#edge[slot] = at?.edge ?? OFF_ROAD;
    this.#share[slot] = at?.share ?? 0;
    return slot;
  }

  /** -1: no road within reach. */
  edge(slot: number): number {
    return this.#edge[slot]!;
  }

  share(slot: number): number {
    return this.#share[slot]!;
  }

  #slotOf(p: Point): number {
    this.#degrees[0] = p.lon;
    this.#degrees[1] = p.lat;
    const [a, b, c, d] = this.#bits as unknown as [number, number, number, number];
    const mixed = Math.imul(a ^ Math.imul(c, 0x9e37_79b1), 0x85eb_ca6b) ^ Math.imul(b ^ Math.imul(d, 0xc2b2_ae35), 0x27d4_eb2f);
    return ((mixed ^ (mixed >>> 15)) >>> 0) & (SLOTS - 1);
  }
}
