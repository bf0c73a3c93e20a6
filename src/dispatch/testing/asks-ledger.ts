// What each incident asks for, kept from the log alone, beside the fold and in another way: its own share, and the share of each that was merged into it. The invariants are held against this and
// not against the state's own account.
import type { Want } from "../entities.ts";
import type { Plan, StoredEvent } from "../events.ts";

interface Share {
  priority: number;
  wants: readonly Want[];
}
interface Asked extends Share {
  runCard: Plan["runCard"];
  readonly brought: Map<number, Share>;
}

export interface AsksLedger {
  take(event: StoredEvent): void;
  /** What the incident says for itself. */
  findOwn(incidentId: number): { readonly priority: number; readonly runCard: Plan["runCard"] } | null;
  /** The highest of all shares. */
  priorityOf(incidentId: number): number;
  /** How many of each kinds and skills, the most that any share asks for. */
  countByKinds(incidentId: number): Record<string, number>;
}

/** Kinds and skills in whatever order, once each; what is asked for twice is added up. */
export function sumByKinds(wants: readonly Want[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { kinds, count, skills = [] } of wants) {
    const key = [kinds, skills].map((names) => [...new Set(names)].sort().join(" ")).join(" / ");
    sums[key] = (sums[key] ?? 0) + count;
  }
  return sums;
}

export function createAsksLedger(): AsksLedger {
  const asked = new Map<number, Asked>();
  const plan = (one: Asked, { runCard, wants }: Plan): void => void Object.assign(one, { runCard, wants });
  const sharesOf = (id: number): Share[] => [asked.get(id)!, ...asked.get(id)!.brought.values()];
  return {
    take: ({ body }) => {
      if (body.type === "incident.created") asked.set(body.incidentId, { priority: body.priority, wants: body.plan.wants, runCard: body.plan.runCard, brought: new Map() });
      const one = "incidentId" in body ? asked.get(body.incidentId) : undefined;
      if (one === undefined) return;
      const decided = (change: Partial<Share>): void => [one, ...one.brought.values()].forEach((share) => Object.assign(share, change));
      switch (body.type) {
        case "incident.updated":
          if (body.plan !== null) {
            decided({ wants: [] });
            plan(one, body.plan);
          }
          return body.priority === undefined ? undefined : decided({ priority: body.priority });
        case "incident.regraded":
          one.priority = body.priority;
          return body.plan === null ? undefined : plan(one, body.plan);
        case "incident.no-unit-needed":
          return decided({ wants: [] });
        case "incident.absorbed":
          return void one.brought.set(body.fromId, { priority: body.asks!.priority, wants: body.asks!.wants });
        case "incident.gave-back":
          return void one.brought.delete(body.fromId);
        default:
          return;
      }
    },
    findOwn: (id) => {
      const one = asked.get(id);
      return one === undefined ? null : { priority: one.priority, runCard: one.runCard };
    },
    priorityOf: (id) => Math.min(...sharesOf(id).map(({ priority }) => priority)),
    countByKinds: (id) => {
      const most: Record<string, number> = {};
      for (const { wants } of sharesOf(id)) for (const [kinds, count] of Object.entries(sumByKinds(wants))) most[kinds] = Math.max(most[kinds] ?? 0, count);
      return most;
    },
  };
}
