// Where the centre that runs on a data folder answers on this machine, kept in the folder while it runs: a command that is given the folder finds it whatever its port.
// A start that was killed leaves the line of before; nobody answers there then, or one who does not know the folder's token, and the command says so.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const fileOf = (dataDir: string): string => join(dataDir, "centre-address.txt");

export function keepCentreAddress(dataDir: string, address: string): void {
  writeFileSync(fileOf(dataDir), `${address}\n`, { mode: 0o600 });
}
export function dropCentreAddress(dataDir: string): void {
  rmSync(fileOf(dataDir), { force: true });
}

/** Undefined where none runs, or nobody may read where. */
export function findCentreAddress(dataDir: string): string | undefined {
  try {
    const address = readFileSync(fileOf(dataDir), "utf8").trim();
    return URL.canParse(address) && new URL(address).protocol === "http:" ? address : undefined;
  } catch {
    return undefined;
  }
}
