// What is being looked at stands in the address: a filter can be sent to a colleague, other rooms link to "the looks of this camera", and the browser's
// back button takes back one narrowing.
import { useMemo } from "react";
import { navigate, useAddress } from "../shell/route.ts";

export type Query = Readonly<Record<string, string>>;
export interface FilterAddress {
  readonly tab: string;
  readonly query: Query;
  /** Empty text takes a part away. */
  readonly set: (change: Query) => void;
  readonly clear: () => void;
}

export const inspectAddress = (tab: string, query: Query): string => {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "")).toString();
  return `/inspect/${tab}${search === "" ? "" : `?${search}`}`;
};

export function useFilterAddress(tab: string): FilterAddress {
  const { query } = useAddress();
  return useMemo(() => ({
    tab, query,
    set: (change) => navigate(inspectAddress(tab, { ...query, ...change })),
    clear: () => navigate(inspectAddress(tab, {})),
  }), [tab, query]);
}

/** A whole number of the address, or undefined for what is none. */
export const idOf = (text: string | undefined): number | undefined => (text !== undefined && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined);
