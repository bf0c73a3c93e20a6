// The map goes with the call in hand: to the place that was set, else to where the caller's phone is. Once for each call and each time the page is
// loaded; afterwards the map is the dispatcher's, and a place that is chosen moves it by itself.
import { useEffect, useRef } from "react";
import type { PhoneArea } from "./phone-area.ts";
import { lookAt, zoomFor } from "./store.ts";

export function useFollowCall(intakeId: number | null, place: PhoneArea | null, phone: PhoneArea | null): void {
  const followed = useRef<{ readonly intakeId: number; readonly by: "place" | "phone" } | null>(null);
  useEffect(() => {
    if (intakeId === null) return void (followed.current = null);
    const target = place ?? phone;
    if (target === null) return;
    const by = place === null ? "phone" : "place";
    const { current } = followed;
    if (current?.intakeId === intakeId && (current.by === "place" || current.by === by)) return;
    followed.current = { intakeId, by };
    lookAt(target.point, zoomFor(target.uncertaintyM));
  }, [intakeId, place, phone]);
}
