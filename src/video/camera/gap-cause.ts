// The cause of a gap, from what went wrong with the camera ([RCD7]).
import type { GapCause } from "../ports.ts";

/** What a trial or a session can run into: the contract's words for a camera's problem. */
export const CAMERA_PROBLEMS = [
  "bad-address", "unresolved", "refused", "timeout", "credentials-missing", "unauthorized", "not-found", "not-rtsp", "no-video", "unsupported-codec", "malformed", "closed", "untrusted",
] as const;
export type CameraProblem = (typeof CAMERA_PROBLEMS)[number];

const CAUSES: Readonly<Record<CameraProblem, GapCause>> = {
  "bad-address": "camera-unreachable", unresolved: "camera-unreachable", refused: "camera-unreachable", timeout: "camera-unreachable",
  "credentials-missing": "camera-refused", unauthorized: "camera-refused", "not-found": "camera-refused", "no-video": "camera-refused", "unsupported-codec": "camera-refused",
  "not-rtsp": "bad-data", malformed: "bad-data", closed: "camera-closed", untrusted: "camera-refused",
};

/** Asking again and again would lock the account at the camera. */
export const isLoginProblem = (problem: string | undefined): boolean => problem === "unauthorized" || problem === "credentials-missing";

export function gapCauseOf(problem: CameraProblem): GapCause {
  return CAUSES[problem];
}
