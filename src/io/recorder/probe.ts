// The trial connection before a camera is added: joins, reads the description, plays until the first picture is understood, leaves, and says what it
// found or what was wrong in the contract's words. A wrong password is told here, at once, instead of as a black picture later.
import type { CameraProbeResult } from "../../contract/cameras.ts";
import type { VideoFormat } from "../../media/video-format.ts";
import { VideoIngest } from "../../video/ingest/video-ingest.ts";
import { type CameraAddress, CameraSession, type CameraSessionOptions } from "../tcp/camera-session.ts";

/** After PLAY, how long to wait for a picture before answering with what the description alone tells. */
const PICTURE_WAIT_MS = 4_000;
const WHOLE_PROBE_MS = 15_000;

export function probeCamera(camera: CameraAddress, options: CameraSessionOptions): Promise<CameraProbeResult> {
  const { clock } = options;
  const startedAt = clock.monotonicMs();
  return new Promise((resolve) => {
    let tracks: readonly string[] = [];
    let server: string | null = null;
    let ingest: VideoIngest | undefined;
    let playingAt = -1;
    let codec = "";
    let packets = 0;
    let transport: "tcp" | "udp" = "tcp";
    const finish = (result: CameraProbeResult): void => {
      clearInterval(timer);
      session.close();
      resolve(result);
    };
    const found = (format: VideoFormat | undefined): void => finish({
      ok: true, codec: format?.codecString ?? codec, width: format?.width ?? null, height: format?.height ?? null, tracks: [...tracks], server, transport,
      tookMs: Math.round(clock.monotonicMs() - startedAt),
    });
    const session = new CameraSession(camera, options, {
      onDescribed: (track, names, serverName) => {
        tracks = names;
        server = serverName ?? null;
        codec = track.codec;
      },
      onPlaying: (playing) => {
        playingAt = clock.monotonicMs();
        transport = playing.tracks[0]?.path.kind ?? "tcp";
        ingest = new VideoIngest(playing.track.codec, playing.track.payloadType, playing.track.parameterSets, {
          onFormat: (format) => found(format), onSample: () => undefined, onTimeLost: () => undefined,
        });
      },
      onRtp: (bytes, start, end) => {
        packets++;
        ingest?.onRtp(bytes, start, end, clock.wallMs());
      },
      onRtcp: () => undefined,
      onEnded: (problem, message, certificateSha256) => finish({ ok: false, problem, message, fault: null, certificateSha256: certificateSha256 ?? null }),
    });
    const timer = setInterval(() => {
      session.tick();
      const now = clock.monotonicMs();
      if (playingAt >= 0 && now - playingAt > PICTURE_WAIT_MS) {
        // Key frames may be far apart: where packets come and the description told the format, the camera is good.
        const told = packets > 0 ? ingest?.findToldFormat() : undefined;
        if (told !== undefined) found(told);
        else finish({ ok: false, problem: "timeout", message: `the camera plays but sends no picture: waiting for ${ingest?.waitingFor ?? "a packet"}`, fault: null, certificateSha256: null });
      } else if (now - startedAt > WHOLE_PROBE_MS) finish({ ok: false, problem: "timeout", message: `no picture within ${WHOLE_PROBE_MS / 1000} s`, fault: null, certificateSha256: null });
    }, 250);
  });
}
