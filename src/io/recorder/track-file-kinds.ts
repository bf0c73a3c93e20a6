// The files beside a segment of pictures, by what is in them.
export const TRACK_FILE_KINDS = ["sound", "metadata"] as const;
export type TrackFileKind = (typeof TRACK_FILE_KINDS)[number];
