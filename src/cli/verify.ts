// `citywatch verify`: the verdict over an evidence package, graded, for people or as JSON. Needs no running system and no data folder: whoever gets a package
// can run it. Exit code 0: whole and signed with the key that was given; 3: whole, but under a key that nobody was asked about, or its signature could
// not be judged; 1: altered; 2: no package, or nothing was judged: a slip of the keyboard must never say "altered".
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { findTimeZone, formatOffsetTime } from "../base/time-zone.ts";
import { ToldError } from "../base/told-error.ts";
import { formatHex, parsePublicKeyPem } from "../evidence/ed25519.ts";
import { judgeFingerprint, parseFingerprint } from "../evidence/fingerprint.ts";
import { type Finding, type FindingCode, type Grade, type Verdict, verifyPackage } from "../evidence/verify.ts";
import { nodeTools, openPackage } from "../io/evidence/package-source.ts";

const HELP = `Usage: citywatch verify PACKAGE [--key FILE.pem | --fingerprint HEX] [--json]

PACKAGE is a ZIP as it was downloaded, or the folder that it was unpacked into. Every byte is read once; nothing is changed.

  --key FILE.pem      the public key that the city published (citywatch evidence-key)
  --fingerprint HEX   its fingerprint instead: SHA-256 of the key, 64 digits
  --json              one object instead of text

Times are by the clocks of the city that the package is of, with their offset from UTC; in UTC where the package names no zone.

Exit code: 0 whole, signed with the key that you gave; 3 whole, under a key that you did not give; 1 altered; 2 no package (also a ZIP
that is cut off), or it could not be checked: a wrong option, a file that cannot be read.`;

const EXIT: Readonly<Record<Grade, number>> = { "whole-known-key": 0, "whole-unknown-key": 3, unverifiable: 3, altered: 1 };
const GRADES: Readonly<Record<Grade, string>> = {
  "whole-known-key": "Whole, and signed with the key that you gave.",
  "whole-unknown-key": "Whole under the key that came with it. Who holds that key this check cannot say: compare its fingerprint with what the city published, or give it by --key.",
  unverifiable: "Nothing contradicts, but the signature could not be judged: this proves nothing.",
  altered: "ALTERED: this is not the package that was signed.",
};
const WORDS: Readonly<Record<FindingCode, string>> = {
  "manifest-missing": "is missing: without it nothing can be verified", "manifest-broken": "is no manifest", "signature-missing": "is missing or cut", "signature-wrong": "was changed, or signed by another key",
  "signature-unchecked": "could not be checked here", "key-bad": "names a key that proves nothing", "key-other": "was signed by another key than the one you gave", "key-file-other": "is not the key of the manifest",
  "file-missing": "is missing", "file-extra": "was added: the manifest does not name it", "file-of-system": "was left there by an operating system and is no part of the package", "file-changed": "was changed", "file-length": "has another length", "file-unreadable": "could not be read",
  "not-playable": "is no whole fragmented MP4", "frames-differ": "holds another number of pictures than the manifest says", "time-differs": "shows another length of time than the wall clock passed", "derived-changed": "was changed",
  "parts-wrong": "does not add up in the manifest", "gaps-wrong": "recorded time and gaps do not add up to the range", "source-mismatch": "was taken from a recording that had changed on the recorder's disk since it was written",
  "source-no-hash": "was taken from a recording without a hash of its own (it was still being written, or a crash came between)", "source-missing": "was no longer on the recorder's disk", "source-left-out": "lacks a stretch that was recorded: the stored file could not be read, or is of another format", "clock-off": "the camera's own clock was off",
};

export async function run(args: readonly string[]): Promise<number> {
  try {
    return await judge(args);
  } catch (error) {
    const isTold = error instanceof ToldError || (error instanceof Error && "code" in error); // of a file, or of node:util parseArgs
    console.error(`citywatch: ${isTold ? (error as Error).message : error instanceof Error ? error.stack : String(error)}`);
    return 2;
  }
}

async function judge(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args], allowPositionals: true,
    options: { key: { type: "string" }, fingerprint: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  if (positionals.length !== 1) {
    console.error(HELP);
    return 2;
  }
  const knownKey = values.key === undefined ? null : readKey(values.key);
  const fingerprint = values.fingerprint === undefined ? null : parseFingerprint(values.fingerprint);
  if (fingerprint === undefined) throw new ToldError(`--fingerprint: ${values.fingerprint}: expected 64 hexadecimal digits`);
  const opened = await openPackage(resolve(positionals[0]!));
  if (!opened.ok) {
    console.error(`citywatch: this is not an evidence package: ${opened.error}`);
    return 2;
  }
  const isShown = process.stderr.isTTY && values.json !== true;
  try {
    const found = await verifyPackage(opened.value, nodeTools, {
      knownKey,
      onProgress: (done, of) => {
        if (isShown) process.stderr.write(`\r\x1b[K  ${Math.floor((done / Math.max(1, of)) * 100)} % of ${(of / 1e6).toFixed(0)} MB`);
      },
    });
    if (isShown) process.stderr.write("\r\x1b[K");
    const verdict = judgeFingerprint(found, fingerprint);
    console.log(values.json === true ? formatJson(verdict) : formatVerdict(verdict));
    return EXIT[verdict.grade];
  } finally {
    await opened.value.close();
  }
}

function readKey(path: string): Uint8Array {
  let text: string;
  try {
    text = readFileSync(resolve(path), "utf8");
  } catch {
    throw new ToldError(`--key: ${path}: there is no such file that can be read`);
  }
  const key = parsePublicKeyPem(text);
  if (!key.ok) throw new ToldError(`--key: ${path}: ${key.error}`);
  return key.value;
}

const count = (n: number, one: string): string => `${n} ${one}${n === 1 ? "" : "s"}`;
const formatFinding = ({ subject, code, detail }: Finding): string => `${subject}: ${WORDS[code]}${detail === "" ? "" : ` (${detail})`}`;

export function formatVerdict({ grade, findings, manifest, fingerprint, bytes, frames, sounds, metadata }: Verdict): string {
  const lines: string[] = [];
  if (manifest !== undefined) {
    const { reason } = manifest;
    const zone = findTimeZone(manifest.timeZone ?? "UTC") ?? "UTC";
    const iso = (at: number): string => formatOffsetTime(at, zone);
    lines.push(
      `Evidence package ${manifest.exportId} of ${manifest.city}, made ${iso(manifest.madeAt)} by ${manifest.program}, recorder ${manifest.recorderId}`,
      `Asked by ${manifest.askedBy.name} on ${iso(manifest.askedBy.at)}: ${reason.incidentNumber === null ? reason.purpose : `incident ${reason.incidentNumber}`}${reason.words === null ? "" : `, ${reason.words}`}`,
      `Range ${iso(manifest.range.from)} to ${iso(manifest.range.to)} (${zone})`,
      ...manifest.cameras.map(({ code, name, files, gaps }) => `  ${code} ${name}: ${count(files.reduce((sum, file) => sum + file.frames, 0), "picture")} in ${count(files.length, "file")}, ${count(gaps.length, "gap")}${gaps.length === 0 ? "" : `: ${gaps.slice(0, 5).map((gap) => `${iso(gap.start)} to ${iso(gap.end)} ${gap.cause}`).join("; ")}${gaps.length > 5 ? "; ..." : ""}`}`),
      `Read ${(bytes / 1e6).toFixed(1)} MB, ${count(frames, "picture")}${sounds === 0 ? "" : `, ${count(sounds, "file")} of sound`}${metadata === 0 ? "" : `, ${metadata} of metadata`}`,
      `Key ${fingerprint}`,
      "",
    );
  }
  for (const [level, title] of [["broken", "Not as it was signed:"], ["unchecked", "Could not be looked at:"], ["remark", "To be known of the recording:"]] as const) {
    const of = findings.filter((finding) => finding.level === level);
    if (of.length > 0) lines.push(title, ...of.map((finding) => `  ${formatFinding(finding)}`), "");
  }
  lines.push(GRADES[grade]);
  return lines.join("\n");
}

function formatJson({ grade, findings, manifest, fingerprint, bytes, frames, sounds, metadata }: Verdict): string {
  return JSON.stringify({ grade, fingerprint: fingerprint ?? null, bytes, frames, sounds, metadata, findings: findings.map((finding) => ({ ...finding, text: formatFinding(finding) })), exportId: manifest?.exportId ?? null, key: manifest === undefined ? null : formatHex(Buffer.from(manifest.key.publicKey, "base64")) });
}
