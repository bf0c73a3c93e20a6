// How one camera does: what is measured of its stream, with a line of the last minutes, and its problems with start, end and length. The lines begin when the
// panel is opened: nobody keeps every figure of every camera.
import { useEffect, useRef, useState } from "react";
import type { CameraEvent } from "../../../src/contract/camera-events.ts";
import type { Camera, StreamFigures } from "../../../src/contract/cameras.ts";
import { useLive } from "../api/live-link.ts";
import { useNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { StatusMark } from "../design/index.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { Acknowledgement } from "./acknowledge.tsx";
import { healthWords } from "./health-words.ts";
import { textOfClock, textOfProblem, titleOfProblem } from "./problem-text.ts";
import { sparkPath } from "./sparkline.ts";

const KEPT = 120;
const RENEW_MS = 15_000;
const MOST = 20;
const SPARK_WIDTH = 120;
const SPARK_HEIGHT = 20;
/** Less is what a network's way costs. */
const SAME_CLOCK_MS = 100;

export function CameraHealthPanel({ camera }: { readonly camera: Camera }) {
  const words = useWords(healthWords);
  const answer = useCall("listCameraEvents", { query: { cameraId: camera.id, limit: MOST } }, RENEW_MS);
  const { again } = answer;
  const toldAt = useLive((s) => s.cameraProblems?.at ?? null);
  useEffect(() => {
    if (toldAt !== null) again();
  }, [toldAt, again]);
  return (
    <>
      {camera.health.figures !== null && camera.health.state === "connected" && <Figures camera={camera} figures={camera.health.figures} />}
      <section className="health" aria-label={words.history}>
        <h3>{words.history}</h3>
        {answer.data !== null && (answer.data.events.length === 0 ? <p className="quiet">{words.noHistory}</p> : <ul>{answer.data.events.map((event) => <OneProblem key={event.id} event={event} changed={again} />)}</ul>)}
      </section>
    </>
  );
}

function OneProblem({ event, changed }: { readonly event: CameraEvent; readonly changed: () => void }) {
  const words = useWords(healthWords);
  const domain = useWords(domainWords);
  const format = useFormat();
  const now = useNow();
  const lasts = event.endedAt === null;
  const span = format.age((event.endedAt ?? now) - event.startedAt);
  return (
    <li className="problem">
      <span className="row"><StatusMark tone={lasts ? (event.acknowledged === null ? "danger" : "decide") : "off"} label="" /><strong>{titleOfProblem(event, words)}</strong><span className="quiet end">{lasts ? words.lasts(span) : span}</span></span>
      <span className="problem-what">{textOfProblem(event, words, domain, format)}</span>
      <span className="quiet problem-what">{format.exact(event.startedAt)}{event.endedAt !== null && ` – ${format.exact(event.endedAt)}`}</span>
      {(lasts || event.acknowledged !== null) && <span className="problem-what"><Acknowledgement event={event} changed={changed} /></span>}
    </li>
  );
}

function Figures({ camera: { id, health }, figures: f }: { readonly camera: Camera; readonly figures: StreamFigures }) {
  const words = useWords(healthWords);
  const format = useFormat();
  const now = useNow();
  const rates = useLatest(id, health.bitsPerSecond, health.lastFrameAt);
  const frames = useLatest(id, health.framesPerSecond, health.lastFrameAt);
  const losses = useLatest(id, f.lossShare, health.lastFrameAt);
  const { figures } = words;
  const faults = Object.entries(f.faults).filter(([, n]) => n > 0);
  const rows: readonly (readonly [string, React.ReactNode, (readonly (number | null)[])?])[] = [
    [figures.rate, health.bitsPerSecond === null ? "–" : `${format.number(health.bitsPerSecond / 1e6, 2)} Mbit/s`, rates],
    [figures.frames, health.framesPerSecond === null ? "–" : format.number(health.framesPerSecond, 1), frames],
    [figures.keyInterval, f.keyIntervalMs === null ? "–" : `${format.number(f.keyIntervalMs / 1_000, 1)} s${f.keyIntervalSetMs === null ? "" : ` · ${figures.set(format.number(f.keyIntervalSetMs / 1_000, 1))}`}`],
    [figures.loss, f.lossShare === null ? "–" : `${format.number(f.lossShare * 100, 2)} %`, losses],
    [figures.clock, f.clockOffsetMs === null ? <span key="u" className="quiet">{figures.unknown}</span> : Math.abs(f.clockOffsetMs) < SAME_CLOCK_MS ? figures.exact : textOfClock(f.clockOffsetMs, words, format)],
    [figures.breaks, figures.breaksOf(format.number(f.reconnectsHour), format.number(f.reconnectsDay))],
    [figures.faults, faults.length === 0 ? figures.noFaults : format.list(faults.map(([kind, n]) => `${kind.replaceAll("-", " ")} ${format.number(n)}`))],
    ...(f.dropped.sound + f.dropped.metadata === 0 ? [] : [[figures.dropped, <span key="d" className="mean-danger">{figures.droppedOf(format.number(f.dropped.sound), format.number(f.dropped.metadata))}</span>] as const]),
    [figures.picture, f.pictureChecks === "no-ffmpeg" ? <span key="n" className="quiet">{figures.noFfmpeg}</span> : f.picture === null ? figures.notYet
      : <span key="p" className={f.picture.state === "good" ? "" : "mean-danger"}>{words.pictures[f.picture.state]} <span className="quiet">· {figures.looked(format.ago(now - f.picture.at))}</span></span>],
  ];
  return (
    <section className="health" aria-label={words.health}>
      <h3>{words.health}</h3>
      <dl className="facts">
        {rows.map(([label, value, line]) => (
          <div key={label} className={line === undefined ? "" : "fact-line"}>
            <dt>{label}</dt>
            <dd>
              {value}
              {line !== undefined && <svg className="spark" width={SPARK_WIDTH} height={SPARK_HEIGHT} role="img" aria-label={`${label}, ${words.sinceOpened}`}><title>{words.sinceOpened}</title><path d={sparkPath(line, SPARK_WIDTH, SPARK_HEIGHT)} /></svg>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The values that came since the panel of this camera is open, one for each that was newly told. */
function useLatest(cameraId: number, value: number | null, toldAt: number | null): readonly (number | null)[] {
  const [values, setValues] = useState<readonly (number | null)[]>([]);
  const last = useRef<string | null>(null);
  useEffect(() => {
    const key = `${cameraId} ${toldAt}`;
    if (last.current === key) return;
    const isOther = last.current !== null && !last.current.startsWith(`${cameraId} `);
    last.current = key;
    setValues((before) => [...(isOther ? [] : before), value].slice(-KEPT));
  }, [cameraId, value, toldAt]);
  return values;
}
