// Addresses. A path is `/room/rest?query`; the first part chooses the room, the rest belongs to the room. The History API is enough for that;
// a routing library would bring loaders and nesting that nothing here uses.
import { useSyncExternalStore } from "react";

export interface Address {
  readonly room: string;
  /** Path parts after the room. */
  readonly rest: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}
export function parseAddress(path: string, search: string): Address {
  const parts = path.split("/").filter((part) => part !== "").map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part; // a broken escape is shown as it was typed
    }
  });
  return { room: parts[0] ?? "", rest: parts.slice(1), query: Object.fromEntries(new URLSearchParams(search)) };
}

const listeners = new Set<() => void>();
let address: Address = typeof location === "undefined" ? parseAddress("/", "") : parseAddress(location.pathname, location.search);
function renew(): void {
  address = parseAddress(location.pathname, location.search);
  for (const listener of listeners) listener();
}
if (typeof window !== "undefined") window.addEventListener("popstate", renew);

export function navigate(path: string, options: { readonly replace?: boolean } = {}): void {
  if (path === location.pathname + location.search) return;
  if (options.replace === true) history.replaceState(null, "", path);
  else history.pushState(null, "", path);
  renew();
}
export const useAddress = (): Address =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => address,
  );
