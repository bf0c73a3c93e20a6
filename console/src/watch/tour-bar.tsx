// A tour under way, in one line: where it is, what is left of the stop, and the keys to hold it.
import { useEffect, useState } from "react";
import { Button } from "../design/index.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { leftMs, type RunningTour } from "./tour.ts";
import { watchWords } from "./words.ts";

export function TourBar({ running, onPauseOrResume, onGo, onEnd }: { readonly running: RunningTour; readonly onPauseOrResume: () => void; readonly onGo: (by: 1 | -1) => void; readonly onEnd: () => void }) {
  const words = useWords(watchWords).tour;
  const format = useFormat();
  const [, setTurn] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTurn((n) => n + 1), 500);
    return () => clearInterval(timer);
  }, []);
  const { tour, index, pace } = running;
  return (
    <div className="watch-tour" role="group" aria-label={words.label(tour.name)}>
      <b className="clip">{tour.name}</b>
      <span className="quiet">{words.stop(index + 1, tour.stops.length)}</span>
      <span className="watch-tour-left" role="timer">{pace.state === "standing" ? words.standing : format.span(Math.ceil(leftMs(running, Date.now()) / 1_000) * 1_000)}</span>
      <div className="row end">
        <Button tone="quiet" keys="PageUp" onPress={() => onGo(-1)}>{words.back}</Button>
        <Button tone="quiet" keys="Space" onPress={onPauseOrResume}>{pace.state === "running" ? words.pause : words.resume}</Button>
        <Button tone="quiet" keys="PageDown" onPress={() => onGo(1)}>{words.next}</Button>
        <Button tone="quiet" onPress={onEnd}>{words.end}</Button>
      </div>
    </div>
  );
}
