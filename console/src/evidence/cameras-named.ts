// Names of cameras that are known by their ids only. One that left the register keeps its number.
import { useEffect, useState } from "react";
import { api } from "../api/client.ts";

export function useCameraNames(ids: readonly number[]): ReadonlyMap<number, string> {
  const [names, setNames] = useState<ReadonlyMap<number, string>>(new Map());
  const key = ids.join(",");
  useEffect(() => {
    const abort = new AbortController();
    for (const id of key === "" ? [] : key.split(",").map(Number))
      api.call("getCamera", { params: { id } }, { signal: abort.signal }).then(
        ({ code, name }) => setNames((held) => new Map(held).set(id, `${code} ${name}`)),
        () => abort.signal.aborted || setNames((held) => new Map(held).set(id, `#${id}`)),
      );
    return () => abort.abort();
  }, [key]);
  return names;
}
