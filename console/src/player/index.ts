export { placeBeside, titleOf } from "./camera-title.ts";
export { CameraTile, ReasonText, type CameraTileProps, type TileMode } from "./camera-tile.tsx";
export { PlaybackTimeline, type PlaybackTimelineProps, type TimelineFlag } from "./playback-timeline.tsx";
export { WallClock } from "./clock-store.ts";
export { openDownload } from "./past-views.ts";
export { codecName, type TileStatus } from "./status.ts";
export type { TimeWindow } from "./timeline-scale.ts";
export { playerWords } from "./words.ts";
