// "outside Montevideo, 200 km west": said wherever a place out there is shown, since an incident is taken wherever the caller is.
import { outsideOf } from "../../../src/geo/outside.ts";
import type { Point } from "../../../src/geo/point.ts";
import { useCity } from "../shell/city.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { operateWords } from "./words.ts";

const DIRECTIONS = 8;

/** The words, or null where the place is in the city. `short`: for a row, where only the distance and the direction fit. */
export function useOutsideText(point: Point | null, size: "whole" | "short" = "whole"): string | null {
  const words = useWords(operateWords).outside;
  const format = useFormat();
  const city = useCity((s) => s.city);
  const outside = point === null || city === null ? null : outsideOf(city.bounds, point);
  if (city === null || outside === null) return null;
  const direction = words.directions[Math.round(outside.bearingDeg / (360 / DIRECTIONS)) % DIRECTIONS]!;
  return words[size](city.name, outside.distanceM < 10_000 ? format.metres(Math.max(100, Math.round(outside.distanceM / 100) * 100)) : format.metres(Math.round(outside.distanceM / 1_000) * 1_000), direction);
}

export function OutsideCity({ point, size = "whole" }: { readonly point: Point; readonly size?: "whole" | "short" }) {
  const whole = useOutsideText(point);
  const text = useOutsideText(point, size);
  return text === null ? null : <span className="mean-decide outside-city" title={whole ?? ""}>{text}</span>;
}
