// The reason of this session of watching: asked once before the first picture, kept only while the page lives. It is not stored, so that a
// reason of yesterday never covers a look of today.
import { create } from "zustand";
import type { ViewReason } from "../../../src/contract/cameras.ts";

export const useWatchReason = create<{ readonly reason: ViewReason | null }>(() => ({ reason: null }));
export const setWatchReason = (reason: ViewReason | null): void => useWatchReason.setState({ reason });
