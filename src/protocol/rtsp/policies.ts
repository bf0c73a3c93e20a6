// Where makes of cameras depart from the standards, each as a named choice with its reason. The defaults take every camera that we have a text of;
// a stricter set is for tests of other people's servers.

export interface RtspPolicies {
  /** RFC 2326 section 12.16 wants Content-Type with every body. libavformat-based servers leave it out of DESCRIBE. */
  readonly missingContentType: "take-as-sdp" | "refuse";
  /** Content-Base without a scheme (`192.168.1.10:554/stream0/`, Anjvision) cannot be a base (RFC 2326 section 12.11). */
  readonly brokenContentBase: "use-request-uri" | "refuse";
  /** RFC 2326 section 10.1 makes OPTIONS possible at any time; some servers answer 404 or 501 to it, or ask for a password first. */
  readonly failedOptions: "go-on" | "refuse";
  /** RFC 2326 section 12.39: the answer's channels count. Some servers give others than were asked for. */
  readonly otherChannels: "follow-server" | "refuse";
}

export const DEFAULT_POLICIES: RtspPolicies = {
  missingContentType: "take-as-sdp", brokenContentBase: "use-request-uri", failedOptions: "go-on", otherChannels: "follow-server",
};
