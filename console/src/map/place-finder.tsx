// Finds the point of a camera, or of an alarm, by a street and number, a crossing or a school, so that nobody types coordinates from a paper map.
import type { Place } from "../../../src/contract/city.ts";
import { useCall } from "../api/use-call.ts";
import { useTypedSearch } from "../design/index.ts";
import { domainWords } from "../words/domain.ts";
import { useWords } from "../words/use-words.ts";
import "./finder.css";
import { mapWords } from "./words.ts";

export function PlaceFinder({ onPlace }: { readonly onPlace: (place: Place) => void }) {
  const words = useWords(mapWords).place;
  const kinds = useWords(domainWords).placeKinds;
  const { typed, q, active, change, take, onKeyDown } = useTypedSearch<Place>(onPlace);
  const answer = useCall("searchPlaces", q === "" ? null : { query: { q, limit: 6 } });
  const places = q === "" || answer.data?.reason?.code === "outside-city" ? [] : (answer.data?.places ?? []); // nothing of the city stands outside it
  return (
    <div className="finder">
      <label className="field"><span className="field-label">{words.label}</span>
        <input className="input" role="combobox" aria-expanded={places.length > 0} aria-controls="finder-list" aria-autocomplete="list" aria-activedescendant={places.length > 0 ? `finder-${active}` : undefined} value={typed} placeholder={words.example} onKeyDown={(e) => onKeyDown(e, places)} onChange={(e) => change(e.target.value)} />
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
