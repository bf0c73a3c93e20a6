// index.html of an evidence package: opened from a disk, without a network, in a browser that nobody prepared. It shows what the package says, plays it, and verifies it as far as
// the browser lets it read the files. The manifest comes as a script (manifest.js), since such a page may read no other file.
import "../api/zod-settings.ts";
import { zoneOffsetMs } from "../../../src/base/time-zone.ts";
import { parseBase64 } from "../../../src/evidence/ed25519.ts";
import { type Manifest, parseManifest } from "../../../src/evidence/manifest.ts";
import { judgeFingerprint, parseFingerprint } from "../../../src/evidence/fingerprint.ts";
import { verifyPackage, type Verdict } from "../../../src/evidence/verify.ts";
import { browserTools, openPackageFiles } from "../evidence/package-files.ts";
import { chosenFiles, type PackageFile } from "../evidence/dropped-files.ts";
import { evidenceWords } from "../evidence/words.ts";
import { LOCALES, wordFor, type Language } from "../words/catalogue.ts";
import { domainWords } from "../words/domain.ts";
import { listOffsets, sayOffset, zoneOf } from "./city-time.ts";
import { button, el } from "./elements.ts";
import { listGaps } from "./playback.ts";
import { createPlayer, type Player } from "./player.ts";

interface Given {
  readonly manifest: Uint8Array;
  readonly signature: Uint8Array;
}

function readGiven(): Given | undefined {
  const given = (globalThis as { citywatchEvidence?: { manifest?: unknown; signature?: unknown } }).citywatchEvidence;
  const manifest = typeof given?.manifest === "string" ? parseBase64(given.manifest) : undefined;
  const signature = typeof given?.signature === "string" ? parseBase64(given.signature) : undefined;
  return manifest === undefined || signature === undefined ? undefined : { manifest, signature };
}

let player: Player | null = null;

function show(language: Language): void {
  player?.destroy();
  player = null;
  const words = evidenceWords[language];
  const domain = domainWords[language];
  const page = document.getElementById("page")!;
  document.documentElement.lang = LOCALES[language];
  const given = readGiven();
  const parsed = given === undefined ? undefined : parseManifest(new TextDecoder().decode(given.manifest));
  if (given === undefined || parsed?.ok !== true) {
    page.replaceChildren(el("main", {}, el("section", {}, words.page.missing)));
    return;
  }
  const manifest = parsed.value;
  const moment = createMoment(manifest, language);
  document.title = words.page.title(String(manifest.exportId), manifest.city);
  player = createPlayer(manifest, { page: words.page, gapCauses: domain.gapCauses }, createMoment(manifest, language, true));
  page.replaceChildren(el("main", {},
    el("header", {}, el("h1", {}, document.title), button(words.page.language, () => show(language === "en" ? "zh" : "en"))),
    player.element,
    createVerifier(manifest, given, language),
    createFacts(manifest, language, moment),
    createTables(manifest, language, moment),
  ));
}

/** By the clocks of the city that the cameras hang in, whoever opens the page wherever. Where the clocks were turned within the range, each time says its offset; the player's clock always does. */
function createMoment(manifest: Manifest, language: Language, alwaysOffset = false): (at: number) => string {
  const timeZone = zoneOf(manifest);
  const exact = new Intl.DateTimeFormat(LOCALES[language], { timeZone, year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hourCycle: "h23" });
  const [first, ...later] = listOffsets(manifest.range, timeZone);
  return (at) => !alwaysOffset && later.length === 0 && zoneOffsetMs(at, timeZone) === first ? exact.format(at) : `${exact.format(at)} ${sayOffset(zoneOffsetMs(at, timeZone))}`;
}

function createFacts(manifest: Manifest, language: Language, moment: (at: number) => string): HTMLElement {
  const { page } = evidenceWords[language];
  const { reason } = manifest;
  const zone = zoneOf(manifest);
  const why = [reason.incidentNumber === null ? wordFor(domainWords[language].purposes, reason.purpose) : page.incident(String(reason.incidentNumber)), reason.words].filter((text) => text !== null).join(": ");
  const rows: readonly (readonly [string, string])[] = [
    [page.asked, `${manifest.askedBy.name}, ${moment(manifest.askedBy.at)}`], [page.why, why], [page.range, `${moment(manifest.range.from)} – ${moment(manifest.range.to)}`],
    [page.made, `${moment(manifest.madeAt)}, ${page.recorder(String(manifest.recorderId))}`], [page.program, manifest.program],
  ];
  return el("section", {}, el("dl", { class: "facts" }, ...rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]), el("dt", {}, page.key), el("dd", { class: "mono" }, manifest.key.fingerprint)), el("p", { class: "quiet" }, manifest.timeZone === zone ? page.zone(manifest.city, zone, listOffsets(manifest.range, zone).map(sayOffset).join(" / ")) : page.zoneNone));
}

function createTables(manifest: Manifest, language: Language, moment: (at: number) => string): HTMLElement {
  const { page } = evidenceWords[language];
  const { gapCauses } = domainWords[language];
  const head = (...names: string[]) => el("thead", {}, el("tr", {}, ...names.map((name) => el("th", name === page.pictures ? { class: "end" } : {}, name))));
  const files = manifest.cameras.flatMap(({ files }) => files).flatMap((file) => [file, ...(file.beside ?? []).map((member) => ({ ...member, frames: null }))]);
  const gaps = listGaps(manifest.cameras);
  return el("section", { class: "tables", tabindex: "0", "aria-label": page.files }, // wider than a phone: the keyboard scrolls it as well
    el("h2", {}, page.files),
    el("table", {}, head(page.file, page.from, page.to, page.pictures, page.hash), el("tbody", {}, ...files.map((file) => el("tr", {}, el("td", {}, file.name), el("td", {}, moment(file.start)), el("td", {}, moment(file.end)), el("td", { class: "end" }, file.frames === null ? "–" : String(file.frames)), el("td", { class: "mono" }, file.sha256))))),
    el("h2", {}, page.gaps),
    gaps.length === 0 ? el("p", { class: "quiet" }, page.noGaps) : el("table", {}, head(page.camera, page.from, page.to, page.cause), el("tbody", {}, ...gaps.map((gap) => el("tr", {}, el("td", {}, gap.code), el("td", {}, moment(gap.start)), el("td", {}, moment(gap.end)), el("td", {}, wordFor(gapCauses, gap.cause), gap.within ? ` (${page.within})` : ""))))),
  );
}

function createVerifier(manifest: Manifest, given: Given, language: Language): HTMLElement {
  const words = evidenceWords[language];
  const bytes = (n: number): string => `${new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: 1 }).format(n / 1e6)} MB`;
  const result = el("div", { role: "status", "aria-live": "polite" }, el("p", {}, words.page.notChecked));
  const known = el("input", { type: "text", spellcheck: "false", autocomplete: "off", id: "known" });
  const say = (text: string, tone = ""): void => result.replaceChildren(el("p", { class: `verdict ${tone}` }, text));

  void browserTools.verifySignature(parseBase64(manifest.key.publicKey) ?? new Uint8Array(32), given.signature, given.manifest).then((holds) => {
    const { signature } = words.page;
    result.append(el("p", { class: holds === false ? "verdict altered" : "quiet" }, holds === null ? signature.unknown : holds ? signature.good : signature.bad));
  });

  const check = async (files: readonly PackageFile[]): Promise<void> => {
    const fingerprint = known.value.trim() === "" ? null : parseFingerprint(known.value);
    if (fingerprint === undefined) return say(words.verify.knownFault, "altered");
    const opened = await openPackageFiles(files);
    if (!opened.ok) return say(`${words.verify.notPackage} (${opened.error})`, "altered");
    let toldAt = 0;
    const verdict = await verifyPackage(opened.value, browserTools, {
      knownKey: null,
      onProgress: (done, of) => {
        if (performance.now() - toldAt < 100) return;
        toldAt = performance.now();
        say(words.verify.reading(bytes(done), bytes(of)));
      },
    });
    tell(judgeFingerprint(verdict, fingerprint));
  };
  const tell = ({ grade, findings }: Verdict): void => {
    const lists = (["broken", "unchecked", "remark"] as const).flatMap((level) => {
      const of = findings.filter((finding) => finding.level === level);
      return of.length === 0 ? [] : [el("h2", {}, words.verify[level]), el("ul", { class: "findings" }, ...of.map(({ subject, code, detail }) => el("li", {}, el("b", {}, subject), ` ${words.findings[code]}${detail === "" ? "" : ` (${detail})`}`)))];
    });
    result.replaceChildren(el("p", { class: `verdict ${grade}` }, words.grades[grade]), ...lists);
  };
  const chooser = (label: string, folder: boolean): HTMLElement => {
    const input = el("input", { type: "file", ...(folder ? { webkitdirectory: "", multiple: "" } : { accept: ".zip,application/zip" }) });
    input.addEventListener("change", () => {
      check(chosenFiles(input.files ?? [])).catch(() => say(words.verify.worker, "altered"));
      input.value = "";
    });
    return el("label", { class: "button" }, label, input);
  };
  return el("section", {},
    el("h2", {}, words.verify.title), result,
    el("p", {}, el("label", { for: "known" }, words.verify.known), el("br"), known, el("br"), el("span", { class: "quiet" }, words.verify.knownHint)),
    el("div", { class: "row" }, chooser(words.verify.chooseFolder, true), chooser(words.verify.choose, false)),
    el("p", { class: "quiet" }, words.page.trust),
  );
}

show(navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");
