// Finds a camera of the register by its code, name, place or street, wherever it hangs or does not: the register searches, as in the list beside the wall.
import type { Camera } from "../../../src/contract/cameras.ts";
import { useCall } from "../api/use-call.ts";
import { useTypedSearch } from "../design/index.ts";
import { titleOf } from "../player/index.ts";
import { useWords } from "../words/use-words.ts";
import { watchWords } from "./words.ts";

const MOST = 6;

export function CameraFinder({ onCamera }: { readonly onCamera: (camera: Camera) => void }) {
  const words = useWords(watchWords).editor;
  const { typed, q, active, change, take, onKeyDown } = useTypedSearch<Camera>(onCamera);
  const answer = useCall("listCameras", q === "" ? null : { query: { q, limit: MOST } });
  const cameras = q === "" ? [] : (answer.data?.cameras ?? []);
  const total = answer.data?.total ?? 0;
  return (
    <div className="watch-finder grow">
      <input
        className="input" role="combobox" aria-label={words.findCamera} placeholder={words.findCamera} aria-expanded={cameras.length > 0} aria-controls="camera-finder-list" aria-autocomplete="list" aria-activedescendant={cameras.length > 0 ? `camera-finder-${active}` : undefined}
        value={typed} autoComplete="off" onKeyDown={(e) => onKeyDown(e, cameras)} onChange={(e) => change(e.target.value)}
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
