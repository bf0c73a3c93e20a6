// The order of the subfolders inside a folder, and what of another folder is private. The compiler sees folders only; this sees below them.

import { listImports } from "./imports.ts";
import { isTest, listFiles, type Finding, type Tree } from "./tree.ts";

/** For each folder its subfolders from the bottom up: one may import what stands before it, its own files and the folder's own. */
export const SUBFOLDER_ORDER: Readonly<Record<string, readonly string[]>> = {
  geo: ["hierarchy", "city"],
  media: ["h264", "h265", "aac", "rtp", "fmp4"],
  protocol: ["sdp", "rtsp", "avl", "xml", "cap", "eido"],
  video: ["camera", "ingest", "motion", "health", "recording", "live", "playback", "retention", "export"],
  api: ["gate", "interfaces", "cameras", "holds", "http", "recorder", "live", "inspect", "run-cards", "duty", "handlers"],
  io: ["clock", "crypto", "process", "dns", "udp", "tcp", "avl", "city", "postgres", "recorder", "evidence", "webhook"],
  sim: ["cameras", "demo-city", "people", "replay"],
};

/** Rooms of the console open and close by themselves: none may import another. */
const ROOMS = ["operate", "watch", "field", "warnings", "cameras", "people", "inspect", "measure"];

export function checkLayers(tree: Tree, order: Readonly<Record<string, readonly string[]>> = SUBFOLDER_ORDER): Finding {
  const violations: string[] = [];
  const seen = new Set<string>();
  for (const [path] of listFiles(tree, /^src\/[^/]+\/[^/]+\/.*\.ts$/)) {
    const [, folder, sub] = path.split("/") as [string, string, string];
    const key = `${folder}/${sub}`;
    if (seen.has(key) || sub === "testing") continue;
    seen.add(key);
    if (!order[folder]?.includes(sub)) violations.push(`src/${key}: has no place in the order of ${folder}'s subfolders`);
  }
  for (const [folder, subs] of Object.entries(order)) {
    for (const sub of subs) if (!seen.has(`${folder}/${sub}`)) violations.push(`src/${folder}/${sub}: stands in the order of subfolders and is not there`);
  }
  const imports = listImports(tree, /^(src|console\/src)\/.*\.tsx?$/).filter(({ from }) => !isTest(from));
  for (const { from, to, line } of imports) {
    const [a, folder, sub, ...rest] = from.split("/");
    const [b, otherFolder, otherSub, ...otherRest] = to.split("/");
    if (a === "src" && b === "src" && folder === otherFolder && rest.length > 0 && otherRest.length > 0 && sub !== otherSub) {
      const list = order[folder!] ?? [];
      if (list.indexOf(otherSub!) > list.indexOf(sub!)) violations.push(`${from}:${line} imports ${to}: ${sub} stands before ${otherSub}`);
    }
    if (a === "console" && b === "console" && ROOMS.includes(sub!) && ROOMS.includes(otherSub!) && sub !== otherSub) violations.push(`${from}:${line} imports ${to}: rooms do not import each other`);
  }
  return { saw: imports.length, violations };
}
