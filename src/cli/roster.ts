// `citywatch roster import FILE.csv`: who is on duty on which unit from when to when, entered into the running centre. The list is read there, by the clocks of the city.
import { SHIFT_CSV_COLUMNS } from "../contract/duty.ts";
import { count } from "./camera.ts";
import { CENTRE_HELP } from "./centre-client.ts";
import { readListFile, runImport } from "./list-import.ts";
import { sendList } from "./send-list.ts";

const HELP = `Usage: citywatch roster import FILE.csv [--check]

columns (${SHIFT_CSV_COLUMNS.join(", ")}), in any order; the last three may be absent or empty, and then stay as they are when the shift begins:
  call_sign   of a unit that is registered
  starts      2026-03-23 07:00, by the clocks of the city; with an offset, 2026-03-23T07:00-03:00, it is that moment
  ends        the same, or hours and minutes alone (15:00): the next such time after the start; at most a day later
  platform    the code of the platform that the unit staffs
  crew        names with their badges, separated by ";", e.g. Ana Silva 1043;Rui Costa 1044
  skills      separated by ";", e.g. first-aid;boat

What a unit has at the same hours gives way; the same list again changes nothing. A unit that has a roster is proposed on its shifts only. --check only says what would become of the list.

${CENTRE_HELP}`;

export const run = (args: readonly string[]): Promise<number> =>
  runImport(args, {
    name: "roster", help: HELP, flags: ["check"],
    prepare: async (path, flags) => {
      const list = readListFile(path).toString("utf8");
      const checks = flags.has("check");
      return async (centre) => {
        let entered = 0;
        let version: number | null = null;
        const left = await sendList(list, async (csv) => {
          const answer = await centre.call("importShifts", { query: checks ? { check: "true" } : {}, body: { csv } });
          entered += answer.entered;
          version = answer.version ?? version;
          return answer;
        });
        const done = checks ? "could be entered" : version === null ? "known already" : `entered, roster version ${version}`;
        console.log(`${count(entered, "shift")} ${done}, ${count(left, "row")} not`);
        return left === 0 ? 0 : 1;
      };
    },
  });
