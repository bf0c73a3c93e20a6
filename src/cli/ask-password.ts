// Asks for a password on the terminal without showing it. Where there is no terminal it must come by the environment: never as an argument, which
// every user of the machine can see in the list of processes.
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { ToldError } from "../base/told-error.ts";

/** `variable` is the environment's name for it. Throws a ToldError where it can be had from neither. */
export async function askPassword(question: string, variable: string): Promise<string> {
  const given = process.env[variable];
  if (given !== undefined && given !== "") return given;
  if (!process.stdin.isTTY) throw new ToldError(`${question}: there is no terminal to ask on: give it in the environment variable ${variable}`);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  process.stdout.write(`${question}: `);
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once("line", resolve);
      lines.once("SIGINT", () => reject(new ToldError("interrupted")));
      lines.once("close", () => reject(new ToldError("no password given")));
    });
  } finally {
    lines.close();
    process.stdout.write("\n");
  }
}
