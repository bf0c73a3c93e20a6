// Media Source Extensions as this browser has them. iPhones have the managed kind only (Media Source Extensions level 2, ManagedMediaSource), which takes the same bytes where the element
// may not be shown on another screen; browsers from before it have none, and the tile says so.

// The browser has it; its type declarations do not.
declare const ManagedMediaSource: typeof MediaSource | undefined;

export const MediaSourceHere: typeof MediaSource | undefined =
  typeof MediaSource !== "undefined" ? MediaSource : typeof ManagedMediaSource !== "undefined" ? ManagedMediaSource : undefined;

export const playsType = (mimeType: string): boolean => MediaSourceHere?.isTypeSupported(mimeType) ?? false;

/** Throws where this browser has none. */
export function openMediaSource(video: HTMLVideoElement): MediaSource {
  if (MediaSourceHere === undefined) throw new Error("no media source in this browser");
  video.disableRemotePlayback = true;
  return new MediaSourceHere();
}
