// What a viewer watches: one stream of one camera, as long as somebody does.
import type { Stream } from "../../contract/cameras.ts";
import type { LiveStream, LiveViewerPort } from "../../video/live/live-stream.ts";

export interface LiveSource {
  readonly stream: Stream;
  readonly live: LiveStream;
  addViewer(port: LiveViewerPort): void;
  removeViewer(port: LiveViewerPort): void;
  health(): { readonly state: "connected" | "connecting" | "failing" | "idle"; readonly problem: { readonly code: string; readonly params: Readonly<Record<string, string | number>> } | null };
}
