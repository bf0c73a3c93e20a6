// What of a camera's particulars does not go together, beyond what each field may hold by itself: said by the server of an entry and of a change laid over what is kept, and by the
// console's form before anything is sent.
import { createFault, type InputFault } from "../base/expectations.ts";
import { parseWeeklyHours } from "../base/weekly-hours.ts";
import { leadsElsewhere } from "./camera-endpoint.ts";
import type { CameraEntry } from "./cameras.ts";

export type CameraParticulars = Pick<CameraEntry, "address" | "subAddress" | "transport" | "certificateSha256" | "recording" | "schedule" | "retentionDays" | "leastDays">;

export function faultsOfParticulars(camera: CameraParticulars): InputFault[] {
  const { address, subAddress, transport, certificateSha256, recording, schedule, retentionDays, leastDays } = camera;
  const faults: InputFault[] = [];
  if (subAddress !== null && address === null) faults.push(createFault("subAddress", "(not shown)", "main-needed"));
  else if (subAddress !== null && leadsElsewhere(address, subAddress)) faults.push(createFault("subAddress", "(not shown)", "same-endpoint"));
  const isTls = address?.trim().toLowerCase().startsWith("rtsps://") ?? false;
  if (isTls && transport === "udp") faults.push(createFault("transport", transport, "tls-by-tcp"));
  if (certificateSha256 !== null && !isTls) faults.push(createFault("certificateSha256", certificateSha256, "tls-needed"));
  if (schedule !== null) {
    const hours = parseWeeklyHours(schedule, "schedule");
    if (!hours.ok) faults.push(hours.error);
  } else if (recording === "scheduled") faults.push(createFault("schedule", "absent", "schedule-needed"));
  if (leastDays !== null && leastDays > retentionDays) faults.push(createFault("leastDays", String(leastDays), "not-more-than", { n: retentionDays }));
  return faults;
}
