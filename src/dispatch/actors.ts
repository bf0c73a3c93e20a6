// One object for each actor, whoever reads or makes it: a milestone or a claim then keeps a reference and no copy. A log of years names the same
// few thousand people; copies of them were an eighth of the state.
import type { Actor } from "./entities.ts";

/** Gives the actor that was given first for the same kind, id and name. */
export type ActorTable = (kind: Actor["kind"], id: number, name: string) => Actor;

export function createActorTable(): ActorTable {
  const known = new Map<string, Actor>();
  return (kind, id, name) => {
    const key = `${kind} ${id} ${name}`;
    let actor = known.get(key);
    if (actor === undefined) known.set(key, (actor = { kind, id, name }));
    return actor;
  };
}
