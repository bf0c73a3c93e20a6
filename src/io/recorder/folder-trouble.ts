// Why a recorder's folder cannot be used: for the log in words, for the console as a code with the folder. Whoever can mend it is told; dispatch goes on without that recorder.
import { ToldError } from "../../base/told-error.ts";
import type { RecorderTroubleCode } from "../../contract/recorders.ts";

export class FolderTrouble extends ToldError {
  readonly code: RecorderTroubleCode;
  readonly folder: string;

  constructor(code: RecorderTroubleCode, folder: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.folder = folder;
  }
}
