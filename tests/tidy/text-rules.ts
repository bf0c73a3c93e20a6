// Rules that one line of text can break: size, clocks and dice outside their places, words for what this system will not do, paths of somebody's machine.

import { isTest, listFiles, type Finding, type Tree } from "./tree.ts";

const LINES_LIMIT = 500;

/** Files that may be longer, each with its reason. */
export const LONG_FILES: Readonly<Record<string, string>> = {};

export function checkFileSize(tree: Tree, exempt: Readonly<Record<string, string>> = LONG_FILES): Finding {
  const files = listFiles(tree, /^(src|console|tests|scripts)\/.*\.(tsx?|css|sql)$|^[^/]+\.mjs$/);
  const violations: string[] = [];
  for (const [path, text] of files) {
    const lines = text.split("\n").length - 1;
    if (lines > LINES_LIMIT && !exempt[path]) violations.push(`${path} has ${lines} lines; ${LINES_LIMIT} are the limit`);
    if (lines <= LINES_LIMIT && exempt[path]) violations.push(`${path} is exempt from the limit and does not need it`);
  }
  for (const path of Object.keys(exempt)) if (!tree.has(path)) violations.push(`${path} is exempt from the limit and is not there`);
  return { saw: files.length, violations };
}

const withoutComments = (text: string): string => text.replace(/^\s*(?:\/\/|\*|\/\*).*$/gm, "").replace(/\s\/\/ .*$/gm, "");

function checkLines(files: readonly (readonly [string, string])[], patterns: readonly RegExp[], say: string): Finding {
  const violations: string[] = [];
  for (const [path, text] of files) {
    for (const [i, line] of withoutCommentsKeepingLines(text).entries()) {
      for (const pattern of patterns) {
        const found = pattern.exec(line);
        if (found) violations.push(`${path}:${i + 1} ${found[0]}: ${say}`);
      }
    }
  }
  return { saw: files.length, violations };
}

const withoutCommentsKeepingLines = (text: string): string[] => text.split("\n").map((line) => withoutComments(line));

/** Time and chance enter at the edges only. A date made of a given number is no clock. */
export function checkClocks(tree: Tree): Finding {
  const inside = listFiles(tree, /^src\/.*\.ts$/).filter(([path]) => !isTest(path) && !/^src\/(io|app|cli)\//.test(path) && !/^src\/sim\/(?:[^/]+\/)*(?:main|run|start|clock)[^/]*\.ts$/.test(path));
  return checkLines(inside, [/\bDate\.now\b/, /\bnew Date\(\s*\)/, /\bMath\.random\b/, /\bperformance\.(?:now|timeOrigin)\b/, /\bprocess\.hrtime\b/], "time and chance come in as arguments");
}

// What mission says this system will not do must not have a place to be put: no field, type or column of these names.
const IDENTITY = /\b\w*(?:face_?id|facial|face_?recogn|face_?match|plate_?number|licen[cs]e_?plate|person_?id|person_?track|re_?identif|biometric|gait_?recogn|social_?score|person_?score|risk_?score|iris_?scan|voice_?print)\w*/i;
const MODELS = /^node_modules\/(?:@vladmandic\/[^/]+|face-api(?:\.js)?|@tensorflow-models\/(?:face|blazeface|facemesh)[^/]*|deepface|insightface|openalpr|.*\bface-?(?:recognition|detection)\b.*|.*\bplate-?recogni[sz].*)$/;

export function checkNoIdentity(tree: Tree): Finding {
  const files = listFiles(tree, /^(src|console\/src)\/.*\.(tsx?|sql)$/).filter(([path]) => !isTest(path));
  const found = checkLines(files, [IDENTITY], "there is no place for who a person is");
  const lock = tree.files.get("package-lock.json");
  const packages = lock ? Object.keys((JSON.parse(lock) as { packages: object }).packages) : [];
  return { saw: found.saw, violations: [...found.violations, ...packages.filter((name) => MODELS.test(name)).map((name) => `package-lock.json: ${name} identifies people`)] };
}

// Split so that this file does not break its own rule.
const slash = "/";
const PATHS = [
  new RegExp(`(?<![\\w.~-])${slash}(?:work|home${slash}[a-z][\\w.-]*|root|Users${slash}[A-Za-z][\\w.-]*|tmp)${slash}[\\w.]`),
  /\b[A-Z]:\\Users\\/,
  new RegExp(["registry", "npmjs", "org"].join("\\.")),
];

/** What is committed names no folder of the machine it was written on, and no registry's host. */
export function checkNoMachinePaths(tree: Tree): Finding {
  const files = listFiles(tree, /./);
  const violations: string[] = [];
  for (const [path, text] of files) {
    for (const [i, line] of text.split("\n").entries()) {
      for (const pattern of PATHS) {
        const found = pattern.exec(line);
        if (found) violations.push(`${path}:${i + 1} names ${found[0]}`);
      }
    }
  }
  return { saw: files.length, violations };
}
