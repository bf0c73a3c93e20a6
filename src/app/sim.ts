// The simulated city: every demo camera on one RTSP port, the callers, and the crews with their phones. It recomputes the demo city from the
// same folder and seed as the centre did, so that the two share no channel but the public ones: RTSP and the HTTP contract.
import { systemClock } from "../io/clock/clock.ts";
import { loadCity } from "../io/city/city-folder.ts";
import { startCameraServer } from "../sim/cameras/server.ts";
import { generateDemoCity } from "../sim/demo-city/generate.ts";
import { startPeople } from "../sim/people/people.ts";
import type { Logger, RunningRole, SimConfig } from "./roles.ts";

/** A running simulator; ready when its cameras can be joined. Throws with a plain message where the city or the port cannot be had. */
export async function startSim(config: SimConfig, log: Logger): Promise<RunningRole> {
  const city = await loadCity(config.cityDir);
  const demo = generateDemoCity(city, config.seed);
  const cameras = await startCameraServer({
    host: config.host, port: config.cameraPort, password: config.cameraPassword, clock: systemClock, log, seed: config.seed, timeZone: city.timeZone,
    cameras: demo.cameras.map(({ code, name, scene, sound }) => ({ code, name, hints: [scene], ...(sound === null ? {} : { sound }) })),
  });
  const people = startPeople({
    centreUrl: config.centreUrl, tokens: config.tokens, seed: config.seed, callsPerHour: config.callsPerHour, city, stories: demo.storySites,
    stage: (cameraCode, event, durationMs) => cameras.stage(cameraCode, event, durationMs), clock: systemClock, warn: (fields, message) => log.warn(fields, message),
  });
  log.info({ cameras: demo.cameras.length, port: cameras.port, callsPerHour: config.callsPerHour }, "the simulated city lives");
  let stopped: Promise<void> | undefined;
  return {
    stop: () =>
      (stopped ??= (async () => {
        await people.stop();
        await cameras.stop();
        city.close();
      })()),
  };
}
