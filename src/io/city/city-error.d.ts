import { ToldError } from "../../base/told-error.ts";
export type CityErrorCode = "not-found" | "not-a-city" | "other-format" | "damaged" | "bad-extract" | "no-roads" | "too-wide" | "in-the-way";
export declare class CityError extends ToldError {
    readonly code: CityErrorCode;
    constructor(code: CityErrorCode, message: string);
}
