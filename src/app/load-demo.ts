// Fills the register with the demo city: once. What is remembered is the seed and where its cameras were joined; at a later start with other ports the
// cameras move there. A demo camera that somebody removed stays removed. A crash in the middle is made good by the next start: everything is
// added by its code, and what is there already stays as it is.
import { createHash } from "node:crypto";
import type { CameraRegistry } from "../api/cameras/camera-registry.ts";
import { NewCamera } from "../contract/cameras.ts";
import type { CityModel } from "../geo/city/city-model.ts";
import type { createCameraStore } from "../io/postgres/camera-store.ts";
import type { createPlaceStore } from "../io/postgres/place-store.ts";
import type { createSettingStore } from "../io/postgres/setting-store.ts";
import { demoCameraAddress, newCameraOf } from "../sim/demo-city/types.ts";
import type { DispatchService } from "../workflow/dispatch-service.ts";
import { DEMO_SETTING } from "./demo-seed.ts";
import type { DemoCityConfig, Logger } from "./roles.ts";

const BATCH = 500;
const SYSTEM = { kind: "system", id: 0, name: "system" } as const;

interface Remembered {
  readonly seed: number;
  readonly addressPrefix: string;
  readonly credentialDigest: string;
}

export interface LoadDemoOptions {
  readonly config: DemoCityConfig;
  readonly city: CityModel;
  readonly registry: CameraRegistry;
  readonly cameras: ReturnType<typeof createCameraStore>;
  readonly places: ReturnType<typeof createPlaceStore>;
  readonly settings: ReturnType<typeof createSettingStore>;
  readonly dispatch: DispatchService;
  readonly log: Logger;
  readonly now: number;
  readonly progress: (step: string, done: number, of: number | null) => void;
}

/** Returns what it did: loaded now, moved to another address, or nothing to do. */
export async function loadDemo(options: LoadDemoOptions): Promise<"loaded" | "moved" | "present"> {
  const { config, settings, log, cameras, registry } = options;
  const credential = { userName: config.cameraUserName, password: config.cameraPassword };
  const wanted: Remembered = {
    seed: config.seed, addressPrefix: demoCameraAddress("", config.cameraHost, config.cameraPort),
    credentialDigest: createHash("sha256").update(`${credential.userName}\n${credential.password}`).digest("base64url").slice(0, 22),
  };
  const before = (await settings.find(DEMO_SETTING)) as Remembered | undefined;
  if (before === undefined) {
    await load(options);
    await settings.save(DEMO_SETTING, wanted);
    return "loaded";
  }
  if (before.seed !== wanted.seed) log.warn({ seed: wanted.seed, loaded: before.seed }, `The demo city was loaded with seed ${before.seed} and stays so; for another, use another data folder`);
  if (before.addressPrefix === wanted.addressPrefix && before.credentialDigest === wanted.credentialDigest) return "present";
  const moved = await cameras.move(before.addressPrefix, wanted.addressPrefix, credential, SYSTEM, options.now);
  await registry.load();
  await settings.save(DEMO_SETTING, { ...wanted, seed: before.seed });
  log.info({ cameras: moved }, "the demo cameras were moved to where the simulator is now");
  return "moved";
}

async function load({ config, city, registry, places, dispatch, log, progress }: LoadDemoOptions): Promise<void> {
  progress("demo city", 0, null);
  const { generateDemoCity } = await import("../sim/demo-city/generate.ts"); // once in the life of a data folder
  const demo = generateDemoCity(city, config.seed);
  await places.addPlatforms(demo.platforms);
  await places.addCampuses(demo.campuses.map((campus) => ({ ...campus, guards: campus.guards.map((guard) => ({ ...guard })) })));
  const platformIds = new Map((await places.listPlatforms()).map((platform) => [platform.code, platform.id]));
  const campusIds = new Map((await places.listCampuses()).map((campus) => [campus.code, campus.id]));

  const at = { host: config.cameraHost, port: config.cameraPort, userName: config.cameraUserName, password: config.cameraPassword };
  for (let first = 0; first < demo.cameras.length; first += BATCH) {
    const batch = demo.cameras.slice(first, first + BATCH).map((camera) => {
      const prepared = registry.prepare(NewCamera.parse(newCameraOf(camera, at)));
      if (!prepared.ok) throw new Error(`demo camera ${camera.code}: ${prepared.error.map((fault) => `${fault.field}: expected ${fault.expected}`).join("; ")}`);
      return { ...prepared.value, district: camera.district };
    });
    await registry.addMany(batch, SYSTEM);
    progress("demo cameras", Math.min(first + BATCH, demo.cameras.length), demo.cameras.length);
  }

  const outcome = await dispatch.sendSystem({
    type: "units.register",
    units: demo.units.map((unit) => ({
      callSign: unit.callSign, kind: unit.kind, platformId: unit.platformCode === null ? null : (platformIds.get(unit.platformCode) ?? null),
      campusId: unit.campusCode === null ? null : (campusIds.get(unit.campusCode) ?? null), skills: [...unit.skills], crew: unit.crew.map((person) => ({ ...person })),
      phone: unit.phone, shiftEndsAt: null, home: unit.home,
    })),
  });
  if (outcome.outcome !== "accepted") throw new Error(`the demo's units were not registered: ${outcome.message}`);
  progress("demo units", demo.units.length, demo.units.length);
  log.info({ cameras: demo.cameras.length, platforms: demo.platforms.length, campuses: demo.campuses.length, units: demo.units.length }, "demo city loaded");
}
