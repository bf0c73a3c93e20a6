// What of a camera's particulars does not go together, beyond what each field may hold by itself: said by the server of an entry and of a change laid over what is kept, and by the
// console's form, a list's check and the command line before anything is sent.
import type { z } from "zod";
import { createFault, type InputFault } from "../base/expectations.ts";
import { parseWeeklyHours } from "../base/weekly-hours.ts";
import { leadsElsewhere } from "./camera-endpoint.ts";
import { JOINING_DEFAULTS, NewCamera, type CameraEntry } from "./cameras.ts";
import { faultsOf } from "./faults.ts";

const FIELDS = ["address", "subAddress", "transport", "certificateSha256", "recording", "schedule", "retentionDays", "leastDays"] as const;
export type CameraParticulars = Pick<CameraEntry, (typeof FIELDS)[number]>;

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

/** Of a field one thing at a time: what it may not hold by itself comes before what it does not go with. */
export const withoutRepeats = (faults: readonly InputFault[]): InputFault[] => faults.filter((fault, i) => faults.findIndex(({ field }) => field === fault.field) === i);

/** All that is wrong with an entry that the schema refused: what is well-formed in it is judged all the same, so that nobody mends one fault to be told the next. */
export function faultsOfEntry(input: Readonly<Record<string, unknown>>, error: z.ZodError): InputFault[] {
  const faults = faultsOf("body", input, error);
  // In place of what cannot be read stands what goes with everything.
  const neutral: CameraParticulars = { ...JOINING_DEFAULTS, retentionDays: Number.POSITIVE_INFINITY, address: null };
  const readable = FIELDS.map((field) => {
    const read = NewCamera.shape[field].safeParse(input[field]);
    return [field, read.success ? read.data : neutral[field]] as const;
  });
  const hasAddress = isSound(faults, "address"); // else nothing is compared with it
  return withoutRepeats([...faults, ...faultsOfParticulars(Object.fromEntries(readable) as unknown as CameraParticulars).filter(({ field }) => hasAddress || field === "schedule" || field === "leastDays")]);
}
/** Neither the field nor anything in it has a fault. */
export const isSound = (faults: readonly InputFault[], field: string): boolean => !faults.some((fault) => fault.field === field || fault.field.startsWith(`${field}.`));
