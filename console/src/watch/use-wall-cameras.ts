// The register's word on each camera of the wall, renewed now and then; "gone" where it was removed.
import { useCallback, useEffect, useRef, useState } from "react";
import type { Camera } from "../../../src/contract/cameras.ts";
import { api } from "../api/client.ts";
import type { Wall } from "./wall.ts";

const RENEW_MS = 15_000;

export function useWallCameras(wall: Wall): { readonly cameras: ReadonlyMap<number, Camera | "gone">; readonly learn: (camera: Camera) => void } {
  const [cameras, setCameras] = useState<ReadonlyMap<number, Camera | "gone">>(new Map());
  const learn = useCallback((camera: Camera) => setCameras((held) => new Map(held).set(camera.id, camera)), []);
  const ids = wall.cells.filter((id) => id !== null).sort((a, b) => a - b).join(",");
  const held = useRef(cameras);
  held.current = cameras;
  useEffect(() => {
    const abort = new AbortController();
    const read = (all: boolean): void => {
      for (const id of ids === "" ? [] : ids.split(",").map(Number)) {
        if (!all && held.current.has(id)) continue;
        api.call("getCamera", { params: { id } }, { signal: abort.signal }).then(learn, (error: { readonly status?: number }) => {
          if (error.status === 404) setCameras((before) => new Map(before).set(id, "gone"));
        });
      }
    };
    read(false);
    const timer = setInterval(() => read(true), RENEW_MS);
    return () => {
      abort.abort();
      clearInterval(timer);
    };
  }, [ids, learn]);
  return { cameras, learn };
}
