// `citywatch evidence-key`: the public key of this installation's evidence packages, and its fingerprint, to be published where those who get packages find it by
// another way than the package.
import { parseArgs } from "node:util";
import { CENTRE_HELP, openNamedCentre } from "./centre-client.ts";

const HELP = `Usage: citywatch evidence-key [--pem]

Shows the public key that signs evidence packages. Publish it, with its fingerprint: whoever gets a package compares with it.

  --pem                  only the key, for a file: citywatch evidence-key --pem > public-key-of-the-city.pem
${CENTRE_HELP}`;

export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { pem: { type: "boolean" }, centre: { type: "string" }, data: { type: "string" }, login: { type: "string" }, help: { type: "boolean" } } });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const centre = await openNamedCentre(values);
  try {
    const { pem, fingerprint } = await centre.call("getEvidenceKey");
    console.log(values.pem === true ? pem.trimEnd() : `${pem}Fingerprint (SHA-256 of the 32 bytes of the key): ${fingerprint}`);
    return 0;
  } finally {
    await centre.close();
  }
}
