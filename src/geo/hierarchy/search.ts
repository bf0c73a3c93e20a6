// Questions to a hierarchy. Between two places: both walk to the root of the elimination tree and meet on the way, without a queue. From one place to all
// or from all to one: the same walk, then one sweep over the arcs from the top down (Delling et al., PHAST, 2011), as fast for ten thousand units as
// for ten. Scratch arrays belong to the search and are clean between questions.
import type { RoadGraph } from "../road-graph.ts";
import { eachLowerTriangle, type Metric, NO_WAY } from "./metric.ts";
import type { Hierarchy } from "./topology.ts";

/** A state where a way begins or ends, and the ms that are spent before or after it. */
export interface Seed {
  readonly state: number;
  readonly ms: number;
}

/** The fastest way between states: its ms, the seeds it used, and the arcs of the graph in driving order. */
export interface StateWay {
  readonly ms: number;
  readonly from: number; // index in the origins
  readonly to: number; // index in the targets
  readonly arcs: readonly number[];
}

export class HierarchySearch {
  readonly #graph: RoadGraph;
  readonly #hierarchy: Hierarchy;
  readonly #forward: Walk;
  readonly #backward: Walk;

  constructor(graph: RoadGraph, hierarchy: Hierarchy) {
    this.#graph = graph;
    this.#hierarchy = hierarchy;
    this.#forward = new Walk(hierarchy);
    this.#backward = new Walk(hierarchy);
  }

  /** Only the time: NO_WAY where there is none. */
  findMs(metric: Metric, origins: readonly Seed[], targets: readonly Seed[]): number {
    this.#forward.run(origins, metric.up);
    this.#backward.run(targets, metric.down);
    const { ms } = this.#meet();
    this.#clear();
    return ms;
  }

  findWay(metric: Metric, origins: readonly Seed[], targets: readonly Seed[]): StateWay | undefined {
    this.#forward.run(origins, metric.up);
    this.#backward.run(targets, metric.down);
    const { ms, at } = this.#meet();
    let way: StateWay | undefined;
    if (ms < NO_WAY) {
      const there = this.#forward.chain(at);
      const back = this.#backward.chain(at);
      const arcs: number[] = [];
      for (const arc of there.arcs.reverse()) this.#unpack(metric, arc, true, arcs);
      for (const arc of back.arcs) this.#unpack(metric, arc, false, arcs);
      way = { ms, from: there.seed, to: back.seed, arcs };
    }
    this.#clear();
    return way;
  }

  /** By state, what is left to the nearest target in ms, its own share included; NO_WAY where none can be reached. `into` has one place for each state. */
  sweepTo(metric: Metric, targets: readonly Seed[], into: Int32Array): void {
    this.#sweep(this.#backward, targets, metric.down, metric.up, into);
  }

  /** By state, what it takes to come there from the nearest origin. */
  sweepFrom(metric: Metric, origins: readonly Seed[], into: Int32Array): void {
    this.#sweep(this.#forward, origins, metric.up, metric.down, into);
  }

  #sweep(walk: Walk, seeds: readonly Seed[], upwards: Int32Array, downwards: Int32Array, into: Int32Array): void {
    const { count, upFirst, upHead, stateOfRank } = this.#hierarchy;
    walk.run(seeds, upwards);
    const ms = walk.ms;
    for (let r = count - 1; r >= 0; r--) {
      let best = ms[r]!;
      for (let a = upFirst[r]!, end = upFirst[r + 1]!; a < end; a++) {
        const over = downwards[a]! + ms[upHead[a]!]!;
        if (over < best) best = over;
      }
      ms[r] = best;
      into[stateOfRank[r]!] = best;
    }
    ms.fill(NO_WAY);
    walk.walked.length = 0;
  }

  #meet(): { readonly ms: number; readonly at: number } {
    let ms = NO_WAY;
    let at = -1;
    for (const rank of this.#forward.walked) {
      const sum = this.#forward.ms[rank]! + this.#backward.ms[rank]!;
      if (sum < ms) {
        ms = sum;
        at = rank;
      }
    }
    return { ms, at };
  }

  #clear(): void {
    this.#forward.clear();
    this.#backward.clear();
  }

  /** The graph's arcs under an arc of the hierarchy, in driving order. */
  #unpack(metric: Metric, arc: number, upwards: boolean, into: number[]): void {
    // Depth first with a list of our own: an arc over a whole city stands on thousands.
    const waiting: { arc: number; upwards: boolean }[] = [{ arc, upwards }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const ms = (next.upwards ? metric.up : metric.down)[next.arc]!;
      const entry = (next.upwards ? metric.upEntry : metric.downEntry)[next.arc]!;
      if (entry >= 0 && metric.edgeMs[this.#graph.outArc[entry]! >> 1] === ms) {
        into.push(this.#graph.outArc[entry]!);
        continue;
      }
      const halves = this.#halvesOf(metric, next.arc, next.upwards, ms);
      waiting.push(halves[1], halves[0]);
    }
  }

  #halvesOf(metric: Metric, arc: number, upwards: boolean, ms: number): [{ arc: number; upwards: boolean }, { arc: number; upwards: boolean }] {
    let found: [{ arc: number; upwards: boolean }, { arc: number; upwards: boolean }] | undefined;
    eachLowerTriangle(this.#hierarchy, arc, (toTail, toHead) => {
      const [first, second] = upwards ? [toTail, toHead] : [toHead, toTail];
      if (metric.down[first]! + metric.up[second]! !== ms) return false;
      found = [{ arc: first, upwards: false }, { arc: second, upwards: true }];
      return true;
    });
    if (found === undefined) throw new Error(`arc ${arc} takes ${ms} ms, and nothing below it does`);
    return found;
  }
}

/** One side's way to the root. */
class Walk {
  readonly ms: Int32Array;
  /** Ranks that were visited, rising. */
  readonly walked: number[] = [];
  readonly #hierarchy: Hierarchy;
  /** The arc by which a rank was reached; -1 - index at a seed. */
  readonly #by: Int32Array;

  constructor(hierarchy: Hierarchy) {
    this.#hierarchy = hierarchy;
    this.ms = new Int32Array(hierarchy.count).fill(NO_WAY);
    this.#by = new Int32Array(hierarchy.count);
  }

  run(seeds: readonly Seed[], costs: Int32Array): void {
    const { upFirst, upHead, parent, rankOfState } = this.#hierarchy;
    const { ms } = this;
    const fronts: number[] = [];
    for (const [index, seed] of seeds.entries()) {
      const rank = rankOfState[seed.state]!;
      fronts.push(rank);
      if (seed.ms >= ms[rank]!) continue;
      ms[rank] = seed.ms;
      this.#by[rank] = -1 - index;
    }
    // Seeds lie on few ways to the root, which soon become one: the lowest front goes on, and those that stand with it.
    for (;;) {
      let rank = -1;
      for (const front of fronts) if (front >= 0 && (rank < 0 || front < rank)) rank = front;
      if (rank < 0) return;
      this.walked.push(rank);
      const base = ms[rank]!;
      if (base < NO_WAY) {
        for (let a = upFirst[rank]!, end = upFirst[rank + 1]!; a < end; a++) {
          const sum = base + costs[a]!;
          if (sum >= ms[upHead[a]!]!) continue;
          ms[upHead[a]!] = sum;
          this.#by[upHead[a]!] = a;
        }
      }
      for (let i = 0; i < fronts.length; i++) if (fronts[i] === rank) fronts[i] = parent[rank]!;
    }
  }

  /** Arcs from a rank down to the seed it was reached from, and which seed. */
  chain(rank: number): { readonly arcs: number[]; readonly seed: number } {
    const arcs: number[] = [];
    let by = this.#by[rank]!;
    while (by >= 0) {
      arcs.push(by);
      by = this.#by[this.#hierarchy.upTail[by]!]!;
    }
    return { arcs, seed: -1 - by };
  }

  clear(): void {
    for (const rank of this.walked) this.ms[rank] = NO_WAY;
    this.walked.length = 0;
  }
}
