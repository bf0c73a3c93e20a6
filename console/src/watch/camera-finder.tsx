// Finds a camera of the register by its code, name, place or street, wherever it hangs or does not: the register searches, as in the list beside the wall.
import { useEffect, useState, type KeyboardEvent } from "react";
import type { Camera } from "../../../src/contract/cameras.ts";
import { useCall } from "../api/use-call.ts";
import { titleOf } from "../player/index.ts";
import { useWords } from "../words/use-words.ts";
import { watchWords } from "./words.ts";

const MOST = 6;

export function CameraFinder({ onCamera }: { readonly onCamera: (camera: Camera) => void }) {
  const words = useWords(watchWords).editor;
  const [typed, setTyped] = useState("");
  const [q, setQ] = useState("");
  const [active, setActive] = useState(0);
  useEffect(() => {
    const timer = setTimeout(() => setQ(typed.trim()), 120);
    return () => clearTimeout(timer);
  }, [typed]);
  const answer = useCall("listCameras", q === "" ? null : { query: { q, limit: MOST } });
  const cameras = q === "" ? [] : (answer.data?.cameras ?? []);
  const total = answer.data?.total ?? 0;
  const take = (camera: Camera | undefined): void => {
    if (camera === undefined) return;
    onCamera(camera);
    setTyped("");
    setQ("");
    setActive(0);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") {
      if (typed.trim() === q) take(cameras[active]); // what is found is not yet of what is typed
    } else if (event.key === "ArrowDown") setActive((n) => Math.max(0, Math.min(cameras.length - 1, n + 1)));
    else if (event.key === "ArrowUp") setActive((n) => Math.max(0, n - 1));
    else if (event.key === "Escape" && typed !== "") setTyped("");
    else return;
    event.preventDefault(); // Enter does not also keep the tour
    event.stopPropagation();
  };
  return (
    <div className="watch-finder grow">
      <input
        className="input" role="combobox" aria-label={words.findCamera} placeholder={words.findCamera} aria-expanded={cameras.length > 0} aria-controls="camera-finder-list" aria-autocomplete="list" aria-activedescendant={cameras.length > 0 ? `camera-finder-${active}` : undefined}
        value={typed} autoComplete="off" onKeyDown={onKeyDown} onChange={(e) => { setTyped(e.target.value); setActive(0); }}
      />
      {cameras.length > 0 && (
        <ul id="camera-finder-list" role="listbox" aria-label={words.findCamera} className="watch-found">
          {cameras.map((camera, i) => {
            const { lead, rest } = titleOf(camera.name);
            return (
              <li key={camera.id} id={`camera-finder-${i}`} role="option" aria-selected={i === active} className="menu-item" data-focused={i === active ? "" : undefined} title={`${camera.code} ${camera.name}`} onMouseDown={(e) => { e.preventDefault(); take(camera); }}>
                <span className="mono quiet">{camera.code}</span>
                <span className="watch-found-name"><span className="clip">{rest ?? lead}</span>{rest !== null && <span>, {lead}</span>}</span>
              </li>
            );
          })}
          {total > cameras.length && <li role="presentation" className="field-hint watch-found-more">{words.moreFound(total - cameras.length)}</li>}
        </ul>
      )}
      {q !== "" && answer.data !== null && cameras.length === 0 && <p className="field-hint" role="status">{words.noneFound}</p>}
    </div>
  );
}
