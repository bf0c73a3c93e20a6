// Finds the point of a camera, or of an alarm, by a street and number, a crossing or a school, so that nobody types coordinates from a paper map.
import { useEffect, useState, type KeyboardEvent } from "react";
import type { Place } from "../../../src/contract/city.ts";
import { useCall } from "../api/use-call.ts";
import { domainWords } from "../words/domain.ts";
import { useWords } from "../words/use-words.ts";
import "./finder.css";
import { mapWords } from "./words.ts";

export function PlaceFinder({ onPlace }: { readonly onPlace: (place: Place) => void }) {
  const words = useWords(mapWords).place;
  const kinds = useWords(domainWords).placeKinds;
  const [typed, setTyped] = useState("");
  const [q, setQ] = useState("");
  const [active, setActive] = useState(0);
  useEffect(() => {
    const timer = setTimeout(() => setQ(typed.trim()), 120);
    return () => clearTimeout(timer);
  }, [typed]);
  const answer = useCall("searchPlaces", q === "" ? null : { query: { q, limit: 6 } });
  const places = q === "" || answer.data?.reason?.code === "outside-city" ? [] : (answer.data?.places ?? []); // nothing of the city stands outside it
  const take = (place: Place | undefined): void => {
    if (place === undefined) return;
    onPlace(place);
    setTyped("");
    setQ("");
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter") take(places[active]);
    else if (event.key === "ArrowDown") setActive((n) => Math.min(places.length - 1, n + 1));
    else if (event.key === "ArrowUp") setActive((n) => Math.max(0, n - 1));
    else return;
    event.preventDefault();
  };
  return (
    <div className="finder">
      <label className="field"><span className="field-label">{words.label}</span>
        <input className="input" role="combobox" aria-expanded={places.length > 0} aria-controls="finder-list" aria-autocomplete="list" aria-activedescendant={places.length > 0 ? `finder-${active}` : undefined} value={typed} placeholder={words.example} onKeyDown={onKeyDown} onChange={(e) => { setTyped(e.target.value); setActive(0); }} />
      </label>
      {places.length > 0 && (
        <ul id="finder-list" role="listbox" aria-label={words.label} className="finder-list">
          {places.map((place, i) => (
            <li key={`${place.kind}-${place.label}-${i}`} id={`finder-${i}`} role="option" aria-selected={i === active} className="menu-item" data-focused={i === active ? "" : undefined} onMouseDown={(e) => { e.preventDefault(); take(place); }}>
              <span className="clip grow">{place.label}{place.district !== null && <span className="quiet"> · {place.district}</span>}</span>
              <span className="quiet">{kinds[place.kind]}</span>
            </li>
          ))}
        </ul>
      )}
      {q !== "" && answer.data !== null && places.length === 0 && <p className="field-hint">{answer.data.reason?.code === "outside-city" ? words.outside : words.none}</p>}
    </div>
  );
}
