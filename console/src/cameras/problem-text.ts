// What was found, in words, from an event's figures. Pure, so that a test can say each kind in each language.
import type { CameraEvent } from "../../../src/contract/camera-events.ts";
import { wordFor, type Translation } from "../words/catalogue.ts";
import type { en as domain } from "../words/domain.en.ts";
import type { Format } from "../words/format.ts";
import type { en } from "./health.en.ts";

export function textOfProblem({ kind, reason: { params } }: Pick<CameraEvent, "kind" | "reason">, words: Translation<typeof en>, domainWords: Translation<typeof domain>, format: Format): string {
  const { found } = words;
  const number = (name: string): number => Number(params[name] ?? 0);
  switch (kind) {
    case "offline":
    case "no-pictures": {
      const problem = String(params["problem"] ?? "connecting");
      return problem === "connecting" ? found.connecting : problem === "no-pictures" ? found.stopped : wordFor(domainWords.cameraProblems, problem);
    }
    case "key-interval": return found.keyInterval(format.number(number("valueMs") / 1_000, 1), format.number(number("expectedMs") / 1_000, 1));
    case "bit-rate": return found.bitRate(format.number(number("value") / 1e6, 2), format.number(number("expected") / 1e6, 2));
    case "frame-rate": return found.frameRate(format.number(number("value"), 1), format.number(number("expected"), 1));
    case "clock": return textOfClock(number("offsetMs"), words, format);
    case "loss": return found.loss(format.number(number("percent"), 1));
    case "reconnecting": return found.breaks(number("times"));
    case "frozen": return found.still(number("minutes"));
    case "black": return found.luma(format.number(number("luma")));
    case "blurred": return found.sharpness(format.number(number("sharpness")), format.number(number("usual")));
    case "sound-dropped": return found.dropped(format.number(number("sound")), format.number(number("metadata")));
    case "recorder-away": return found.away;
  }
}

/** What it is headed by. One that cannot be joined is not reachable only where nobody answered: a wrong password is another errand. */
export function titleOfProblem({ kind, reason: { params } }: Pick<CameraEvent, "kind" | "reason">, words: Translation<typeof en>): string {
  const answered: Readonly<Record<string, string>> = words.answered;
  const problem = String(params["problem"]);
  return kind === "offline" && Object.hasOwn(answered, problem) ? answered[problem]! : words.kinds[kind];
}

/** Camera's clock less ours. */
export function textOfClock(offsetMs: number, { found }: Translation<typeof en>, format: Format): string {
  const span = Math.abs(offsetMs) < 60_000 ? `${format.number(Math.abs(offsetMs) / 1_000, 1)} s` : format.age(Math.abs(offsetMs));
  return offsetMs >= 0 ? found.ahead(span) : found.behind(span);
}

/** Whether what is typed in the search stands in the problem's words or those of its camera. */
export function matchesSearch(event: CameraEvent, typed: string, words: Translation<typeof en>, format: Format): boolean {
  const { camera } = event;
  const text = [titleOfProblem(event, words), nameOfSubject(event, words, format), camera?.code ?? "", camera?.place ?? ""].join(" ").toLowerCase();
  return typed.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/** Whose problem it is. */
export const nameOfSubject = ({ camera, recorderId, reason }: Pick<CameraEvent, "camera" | "recorderId" | "reason">, words: Translation<typeof en>, format: Format): string =>
  camera?.name ?? words.recorder(recorderId, format.number(Number(reason.params["cameras"] ?? 0)));
