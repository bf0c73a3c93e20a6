// Where on the roads things were found to be, kept by a small number that names each of them (a unit's id): most of ten thousand units stand where they stood a
// second ago, and finding the nearest road is the dearest part of timing them. Rejected: a table by coordinates, where points fall on each other's slots.
import type { RoadGraph } from "./road-graph.ts";
import { snapToRoad } from "./road-snap.ts";

const OFF_ROAD = -1;
const FIRST_CAPACITY = 1_024;
/** A key above this is looked up anew each time: it names no unit. */
const MOST_KEYS = 1 << 20;

export class SnapCache {
  readonly #graph: RoadGraph;
  #lon = new Float64Array(0);
  #lat = new Float64Array(0);
  #edge = new Int32Array(0);
  #share = new Float64Array(0);

  constructor(graph: RoadGraph) {
    this.#graph = graph;
  }

  /** The slot that has the place's road now, valid until the next call. `key`: a whole number from 0 on. */
  look(key: number, lon: number, lat: number): number {
    const slot = key < MOST_KEYS ? key : 0;
    if (slot >= this.#lon.length) this.#grow(slot);
    if (this.#lon[slot] === lon && this.#lat[slot] === lat) return slot;
    const at = snapToRoad(this.#graph, { lon, lat });
    this.#lon[slot] = lon;
    this.#lat[slot] = lat;
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

  #grow(slot: number): void {
    const capacity = Math.max(FIRST_CAPACITY, 2 ** Math.ceil(Math.log2(slot + 1)));
    const wider = <T extends Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.#lon = wider(this.#lon, new Float64Array(capacity).fill(NaN));
    this.#lat = wider(this.#lat, new Float64Array(capacity));
    this.#edge = wider(this.#edge, new Int32Array(capacity));
    this.#share = wider(this.#share, new Float64Array(capacity));
  }
}
