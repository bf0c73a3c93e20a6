// Names of cameras that this room has met, for the timeline's lines. Filled by the strip and the map; one that is not here is asked for once.
import { useCallback } from "react";
import { create } from "zustand";
import { api } from "../api/client.ts";

const useNames = create<{ readonly names: ReadonlyMap<number, string> }>(() => ({ names: new Map() }));
const asked = new Set<number>();

export function keepCameraNames(cameras: readonly { readonly cameraId: number; readonly name: string }[]): void {
  const { names } = useNames.getState();
  if (cameras.every((c) => names.get(c.cameraId) === c.name)) return;
  const next = new Map(names);
  for (const camera of cameras) next.set(camera.cameraId, camera.name);
  useNames.setState({ names: next });
}
export function useCameraNames(): (id: number) => string | undefined {
  const names = useNames((s) => s.names);
  return useCallback((id) => {
    const name = names.get(id);
    if (name === undefined && id > 0 && !asked.has(id)) {
      asked.add(id);
      api.call("getCamera", { params: { id } }).then((camera) => keepCameraNames([{ cameraId: id, name: camera.name }]), () => {}); // its number stands in the line
    }
    return name;
  }, [names]);
}
