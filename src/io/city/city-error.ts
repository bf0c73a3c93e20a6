// What goes wrong with city files, in words for the person at the terminal. `code` is for the program.
import { ToldError } from "../../base/told-error.ts";

export type CityErrorCode = "not-found" | "not-a-city" | "other-format" | "damaged" | "bad-extract" | "no-roads" | "too-wide" | "in-the-way";

export class CityError extends ToldError {
  readonly code: CityErrorCode;
  constructor(code: CityErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
