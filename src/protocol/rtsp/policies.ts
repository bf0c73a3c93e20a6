// Where makes of cameras depart from the standards, each as a named choice with its reason and where it was seen. The defaults take every camera that we have a text
// of (captures.test.ts); a stricter set is for tests of other people's servers. What only the grammar bears (blanks, letter case, missing lines) stands with it.

export interface RtspPolicies {
  /** RFC 2326 section 12.16 wants Content-Type with every body. libavformat-based servers leave it out of DESCRIBE. */
  readonly missingContentType: "take-as-sdp" | "refuse";
  /** Content-Base without a scheme (`192.168.1.10:554/stream0/`, Anjvision) cannot be a base (RFC 2326 section 12.11). */
  readonly brokenContentBase: "use-request-uri" | "refuse";
  /** RFC 2326 section 10.1 makes OPTIONS possible at any time; some servers answer 404 or 501 to it, or ask for a password first. */
  readonly failedOptions: "go-on" | "refuse";
  /** RFC 2326 section 12.39: the answer's channels count. Some servers give others than were asked for. */
  readonly otherChannels: "follow-server" | "refuse";
  /** RFC 2326 section 12.39: a server must take one of the transports that were offered, or answer 461. H264DVR and Luckfox's rkipc answer TCP with UDP. */
  readonly udpForTcp: "try-udp-where-allowed" | "refuse";
  /** RFC 2326 section 12.39: `ssrc` is the number in the packets. H264DVR says 0, others write it with too few digits or in decimal. */
  readonly toldSsrc: "ignore" | "require";
  /** RFC 3551 section 3 forbids a static payload type in another meaning. GW maps 8 (PCMA) to PCMU, Anpviz 0 (PCMU) to AAC. */
  readonly remappedStaticType: "follow-rtpmap" | "refuse";
  /** RFC 3640 section 4.1 wants mode, sizelength, indexlength and indexdeltalength. Anpviz gives `config` alone. */
  readonly aacWithoutMode: "take-as-hbr" | "refuse";
  /** RFC 6184 section 8.1 wants bare NAL units in sprop-parameter-sets. Geovision and GW put the start code of the next unit behind them (`...AAAAAQ==`). */
  readonly startCodeAfterParameterSet: "cut" | "keep";
  /** A camera that offers sound or metadata and then refuses to set it up, or gives it the channels of the pictures. */
  readonly refusedSecondTrack: "go-without" | "refuse";
}

export const DEFAULT_POLICIES: RtspPolicies = {
  missingContentType: "take-as-sdp", brokenContentBase: "use-request-uri", failedOptions: "go-on", otherChannels: "follow-server", udpForTcp: "try-udp-where-allowed",
  toldSsrc: "ignore", remappedStaticType: "follow-rtpmap", aacWithoutMode: "take-as-hbr", startCodeAfterParameterSet: "cut", refusedSecondTrack: "go-without",
};
export const STRICT_POLICIES: RtspPolicies = {
  missingContentType: "refuse", brokenContentBase: "refuse", failedOptions: "refuse", otherChannels: "refuse", udpForTcp: "refuse",
  toldSsrc: "require", remappedStaticType: "refuse", aacWithoutMode: "refuse", startCodeAfterParameterSet: "keep", refusedSecondTrack: "refuse",
};
