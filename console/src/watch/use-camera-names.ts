// Names of cameras that need not hang on the wall: asked of the register once each. One that was removed keeps the name that the wall knew, if any.
import { useCallback, useEffect, useRef, useState } from "react";
import type { Camera } from "../../../src/contract/cameras.ts";
import { api } from "../api/client.ts";

type Named = Pick<Camera, "id" | "code" | "name">;

export function useCameraNames(cameraIds: readonly number[]): { readonly names: ReadonlyMap<number, string>; readonly learn: (camera: Named) => void } {
  const [names, setNames] = useState<ReadonlyMap<number, string>>(new Map());
  const learn = useCallback(({ id, code, name }: Named) => setNames((held) => new Map(held).set(id, `${code} ${name}`)), []);
  const asked = useRef(new Set<number>());
  const wanted = cameraIds.filter((id) => !names.has(id)).join(",");
  useEffect(() => {
    for (const id of wanted === "" ? [] : wanted.split(",").map(Number)) {
      if (asked.current.has(id)) continue;
      asked.current.add(id);
      api.call("getCamera", { params: { id } }).then(learn, () => undefined);
    }
  }, [wanted, learn]);
  return { names, learn };
}
