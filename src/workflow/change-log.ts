// What changed, told to everyone who listens, and kept for a while so that a console that was away for a minute gets what it missed. Bounded:
// who was away longer takes a snapshot.
import type { WallMs } from "../base/time.ts";
import type { Assignment, Closure, Contact, HandOver, Incident, TimelineEntry, Unit } from "../dispatch/entities.ts";
import type { StoredEvent } from "../dispatch/events.ts";
import type { State } from "../dispatch/state.ts";
import { timelineEntryOf } from "../dispatch/timeline.ts";

/** What changed between two points of the log; entities come whole, as they are after it. */
export interface Change {
  readonly after: number;
  readonly sequence: number;
  readonly at: WallMs;
  readonly contacts: Contact[];
  readonly incidents: Incident[];
  readonly units: Unit[];
  readonly assignments: Assignment[];
  readonly closures: Closure[];
  readonly handOvers: HandOver[];
  readonly timeline: TimelineEntry[];
}

/** To be asked before the layer is merged: it knows what was written. */
export function changeOf(layer: State, after: number, events: readonly StoredEvent[]): Change {
  const values = <V>(changed: Iterable<[number, V]>): V[] => Array.from(changed, ([, value]) => value);
  return {
    after, sequence: layer.sequence, at: layer.at, contacts: values(layer.contacts.changed()), incidents: values(layer.incidents.changed()),
    units: values(layer.units.changed()), assignments: values(layer.assignments.changed()), closures: values(layer.closures.changed()), handOvers: values(layer.handOvers.changed()),
    timeline: events.map(timelineEntryOf).filter((entry) => entry !== null),
  };
}

/** Changes that follow each other, as one: each entity once, as it is after the last. */
export function mergeChanges(changes: readonly [Change, ...Change[]]): Change {
  const last = changes.at(-1)!;
  const latest = <V extends { readonly id: number }>(pick: (change: Change) => readonly V[]): V[] => [...new Map(changes.flatMap(pick).map((value) => [value.id, value])).values()];
  return {
    after: changes[0].after, sequence: last.sequence, at: last.at, contacts: latest((c) => c.contacts), incidents: latest((c) => c.incidents), units: latest((c) => c.units),
    assignments: latest((c) => c.assignments), closures: latest((c) => c.closures), handOvers: latest((c) => c.handOvers), timeline: changes.flatMap((c) => c.timeline),
  };
}

export interface ChangeLog {
  publish(change: Change): void;
  /** Every change after the sequence; null where that is too far back or ahead of this log. */
  after(sequence: number, now: number): Change[] | null;
  subscribe(listener: (change: Change) => void): () => void;
}

export function createChangeLog(most: number, onListenerFailed: (error: unknown) => void): ChangeLog {
  const ring: Change[] = [];
  const listeners = new Set<(change: Change) => void>();
  return {
    publish: (change) => {
      ring.push(change);
      if (ring.length > most) ring.shift();
      for (const listener of listeners) {
        try {
          listener(change);
        } catch (error) {
          onListenerFailed(error); // one console's trouble is not the others'
        }
      }
    },
    after: (sequence, now) => {
      if (sequence === now) return [];
      if (sequence > now || ring.length === 0 || sequence < ring[0]!.after) return null;
      return ring.filter((change) => change.sequence > sequence);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
