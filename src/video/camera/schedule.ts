// The hours of one scheduled camera, judged at each of its ticks: what was judged holds until it says, so that time zones are asked twice a day and not once a second.
import type { WallMs } from "../../base/time.ts";
import { judgeHours, parseWeeklyHours, type WeeklyHours } from "../../base/weekly-hours.ts";

export class Schedule {
  readonly #hours: WeeklyHours | undefined;
  #timeZone = "";
  #within = false;
  #from: WallMs = 0;
  #until: WallMs = 0;

  /** Hours that cannot be read are taken for always: a picture too many can be deleted, one too few cannot be had again. */
  constructor(text: string | null) {
    const read = parseWeeklyHours(text ?? "", "schedule");
    this.#hours = read.ok ? read.value : undefined;
  }

  isNow(now: WallMs, timeZone: string): boolean {
    if (this.#hours === undefined) return true;
    if (timeZone !== this.#timeZone || now < this.#from || now >= this.#until) {
      const { within, until } = judgeHours(this.#hours, now, timeZone);
      this.#timeZone = timeZone;
      this.#within = within;
      this.#from = now;
      this.#until = until ?? Infinity;
    }
    return this.#within;
  }
}
