// What one unit reaches by road, as areas on the map: asked for while it is shown, again as the unit drives on and roads are closed. Its legend stands over the map's
// corner and says from where and from when that is; a time is told by a number beside each edge, since shades alone are easily taken one for another.
import { useEffect, type CSSProperties } from "react";
import { create } from "zustand";
import type { Reach } from "../../../src/contract/dispatch.ts";
import { useLive } from "../api/live-link.ts";
import { useNow } from "../api/now.ts";
import type { ApiProblem } from "../api/problem.ts";
import { useCall } from "../api/use-call.ts";
import { IconButton } from "../design/index.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { lookAt, toggleReach, useOperate } from "./store.ts";
import { operateWords } from "./words.ts";

const RENEW_MS = 20_000;
const MINUTES = "3,5,10";
const AREA_ZOOM = 11.5; // ten minutes of a city's roads fill the map

interface ReachState {
  readonly answer: Reach | null;
  readonly problem: ApiProblem | null;
}
export const useReach = create<ReachState>(() => ({ answer: null, problem: null }));

/** Asks for what the chosen unit reaches, for the map and its legend. */
export function useAskReach(): void {
  const unitId = useOperate((s) => s.reachUnitId);
  const closures = useLive((s) => [...s.closures.keys()].join()); // one lifted and one set are as many as before
  const reading = useCall("findReach", unitId === null ? null : { params: { id: unitId }, query: { minutes: MINUTES } }, RENEW_MS);
  const { again } = reading;
  useEffect(() => again(), [closures, again]);
  useEffect(() => {
    useReach.setState({ answer: reading.data, problem: reading.problem });
    return () => useReach.setState({ answer: null, problem: null });
  }, [reading.data, reading.problem]);
  const from = reading.data?.unitId === unitId ? reading.data?.from : undefined;
  const found = from !== undefined;
  useEffect(() => {
    if (found) lookAt(from!, AREA_ZOOM, true);
  }, [unitId, found]); // once for each unit: it drives on, and the map stays
}

export function ReachLegend() {
  const words = useWords(operateWords).reach;
  const format = useFormat();
  const problemText = useProblemText();
  const unitId = useOperate((s) => s.reachUnitId);
  const callSign = useLive((s) => (unitId === null ? undefined : s.units.get(unitId)?.callSign));
  const { answer, problem } = useReach();
  const now = useNow();
  if (unitId === null || callSign === undefined) return null;
  const areas = answer?.areas ?? [];
  return (
    <section className="reach-legend" aria-label={words.of(callSign)}>
      <p className="row"><b className="grow clip">{words.of(callSign)}</b><IconButton icon="close" label={words.hide} onPress={() => toggleReach(unitId)} /></p>
      {answer === null ? <p className="quiet" role="status">{problem === null ? words.asking : problemText(problem)}</p>
        : answer.areas === null ? <p className="mean-decide" role="status">{words.noRoad}</p> : (
          <>
            <ul className="row">{areas.map(({ minutes }, i) => <li key={minutes} className="row"><span className="reach-swatch" style={{ "--layers": areas.length - i } as CSSProperties} aria-hidden="true" />{words.minutes(minutes)}</li>)}</ul>
            <p className="quiet" title={format.exact(answer.at)}>{answer.positionAgeMs === null ? words.fromHome : words.fromPosition(format.age(answer.positionAgeMs + Math.max(0, now - answer.at)))}</p>
          </>
        )}
    </section>
  );
}
