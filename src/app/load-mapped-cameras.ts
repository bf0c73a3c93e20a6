// Puts the cameras that an imported map knows (man_made=surveillance) into the register, without a stream: once for each map, so that what somebody
// removed stays removed. A crash in the middle is made good by the next start, since a code that is there already is left as it is.
import type { CameraRegistry } from "../api/cameras/camera-registry.ts";
import { NewCamera } from "../contract/cameras.ts";
import { listMappedCameras } from "../geo/city/mapped-cameras.ts";
import type { LoadedCity } from "../io/city/city-folder.ts";
import type { createSettingStore } from "../io/postgres/setting-store.ts";
import type { Logger } from "./roles.ts";

const SETTING = "mapped-cameras";
const SYSTEM = { kind: "system", id: 0, name: "system" } as const;

export interface LoadMappedOptions {
  readonly city: LoadedCity;
  readonly registry: CameraRegistry;
  readonly settings: ReturnType<typeof createSettingStore>;
  readonly log: Logger;
}

/** Returns how many were added now. */
export async function loadMappedCameras({ city, registry, settings, log }: LoadMappedOptions): Promise<number> {
  const before = ((await settings.find(SETTING)) ?? { sources: [] }) as { readonly sources: readonly string[] };
  const { source } = city.manifest;
  if (before.sources.includes(source)) return 0;
  const mapped = listMappedCameras(city);
  const wanted = mapped.flatMap(({ code, name, kind, pose, imageWidthPx }) => {
    // Names come from whoever drew the map: one that the register does not take must not keep the city from starting.
    const read = NewCamera.safeParse({ code, name, kind, pose, imageWidthPx, purpose: "Known from the map, not connected", owner: "Unknown", address: null });
    const prepared = read.success ? registry.prepare(read.data) : null;
    if (prepared?.ok !== true) log.warn({ code, point: pose.point }, "a camera of the map cannot be taken into the register");
    return prepared?.ok === true ? [prepared.value] : [];
  });
  const added = wanted.length === 0 ? 0 : (await registry.addMany(wanted, SYSTEM)).filter((camera) => camera !== null).length;
  await settings.save(SETTING, { sources: [...before.sources, source] });
  log.info({ mapped: mapped.length, added, source }, `${added} cameras that the map knows are in the register, without a stream`);
  return added;
}
