// The place of the job as the best camera sees it. Asked for by a press, never by itself: each look is recorded, and a live picture costs the phone's data.
// It ends when the page goes into the background, when the job ends, or by a press.
import { useEffect, useState } from "react";
import type { FieldCameras } from "../../../src/contract/live.ts";
import { CameraTile } from "../player/index.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { FieldButton } from "./field-button.tsx";
import { fieldWords } from "./words.ts";

export function JobCamera({ cameras, incidentId }: { readonly cameras: FieldCameras["cameras"]; readonly incidentId: number }) {
  const words = useWords(fieldWords).camera;
  const format = useFormat();
  const [shown, setShown] = useState<number | null>(null);
  useEffect(() => {
    const hide = (): void => {
      if (document.visibilityState === "hidden") setShown(null);
    };
    document.addEventListener("visibilitychange", hide);
    return () => document.removeEventListener("visibilitychange", hide);
  }, []);
  const at = cameras.findIndex(({ cameraId }) => cameraId === shown);
  const camera = cameras[at];
  const best = cameras[0];
  if (best === undefined) return <p className="quiet job-camera-none">{words.none}</p>;
  if (camera === undefined)
    return (
      <section className="job-camera" aria-label={words.title}>
        <FieldButton className="job-camera-show" onPress={() => setShown(best.cameraId)}>{words.show}</FieldButton>
        <p className="quiet">{words.sees(best.name, format.metres(best.distanceM))} {words.recorded}</p>
      </section>
    );
  const next = cameras[(at + 1) % cameras.length]!;
  return (
    <section className="job-camera" aria-label={words.title}>
      <CameraTile key={camera.cameraId} cameraId={camera.cameraId} code={camera.code} name={camera.name} reason={{ purpose: "incident", incidentId }} mode={{ kind: "live" }} size="strip" caption={words.caption(format.metres(camera.distanceM))} />
      <div className="job-others">
        {cameras.length > 1 && <FieldButton onPress={() => setShown(next.cameraId)}>{words.next(String(at + 1), String(cameras.length))}</FieldButton>}
        <FieldButton onPress={() => setShown(null)}>{words.hide}</FieldButton>
      </div>
    </section>
  );
}
