// "Where": type what the caller says, choose what it is. The chosen place's own name stands in the box, its kind, district and how exact it is
// below, with the words that were typed. Enter takes the first completion, even when it is pressed before the answer came.
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { Autocomplete } from "react-aria-components/Autocomplete";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { SearchField } from "react-aria-components/SearchField";
import { api } from "../api/client.ts";
import { domainWords } from "../words/domain.ts";
import { useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useCity } from "../shell/city.ts";
import type { PlaceView } from "./store.ts";
import { operateWords } from "./words.ts";

const EXACT_M = 30; // a camera or a crew finds a place that is known so well
const WAIT_MS = 70; // between the last key and the question

interface Found {
  readonly query: string;
  readonly places: readonly PlaceView[];
  /** The city whose border the typed coordinates lie beyond. */
  readonly outside: string | null;
  readonly error: unknown;
}
const NOTHING: Found = { query: "", places: [], outside: null, error: null };
/** Completions of `query`; `near` lifts what is close. The last list stays until the next is there. */
export function usePlaces(query: string, near: { readonly lon: number; readonly lat: number } | null): Found & { readonly loading: boolean } {
  const [found, setFound] = useState(NOTHING);
  const asked = query.trim();
  const lon = near?.lon;
  const lat = near?.lat;
  useEffect(() => {
    if (asked === "") return setFound(NOTHING);
    const abort = new AbortController();
    const timer = setTimeout(() => {
      api.call("searchPlaces", { query: { q: asked, limit: 8, lon, lat } }, { signal: abort.signal }).then(
        ({ places, reason }) => setFound({ query: asked, places, outside: reason?.code === "outside-city" ? String(reason.params["city"]) : null, error: null }),
        (error: unknown) => abort.signal.aborted || setFound({ ...NOTHING, query: asked, error }),
      );
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [asked, lon, lat]);
  return { ...found, loading: asked !== found.query };
}

interface PlaceFieldProps {
  readonly id?: string;
  readonly label: string;
  readonly words: string;
  readonly place: PlaceView | null;
  readonly fault?: string | undefined;
  readonly autoFocus?: boolean;
  readonly onWords: (words: string) => void;
  readonly onPlace: (place: PlaceView) => void;
  /** Escape where no list is open; without it the caret leaves the field. */
  readonly onLeave?: () => void;
}
export function PlaceField({ id, label, words: typed, place, fault, autoFocus = false, onWords, onPlace, onLeave }: PlaceFieldProps) {
  const { intake: words, incident: incidentWords } = useWords(operateWords);
  const problemText = useProblemText();
  const centre = useCity((s) => s.city?.centre ?? null);
  const [open, setOpen] = useState(false);
  const found = usePlaces(open ? typed : "", centre);
  const waitingEnter = useRef(false);
  const box = useRef<HTMLDivElement>(null);

  const shown = place?.label ?? typed;
  const showList = open && typed.trim() !== "";
  const choose = (chosen: PlaceView): void => {
    waitingEnter.current = false;
    setOpen(false);
    onPlace(chosen);
  };
  const first = found.loading ? undefined : found.places[0];
  useEffect(() => {
    if (waitingEnter.current && !found.loading) {
      waitingEnter.current = false;
      if (first !== undefined) choose(first);
    }
  });
  const onKeyDownCapture = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      // The first closes the list, the next leaves the field; neither throws away what was typed or chosen.
      event.preventDefault();
      event.stopPropagation();
      if (showList) setOpen(false);
      else if (onLeave !== undefined) onLeave();
      else if (event.target instanceof HTMLElement) event.target.blur();
    }
    if (event.key !== "Enter" || event.nativeEvent.isComposing || !open || typed.trim() === "") return;
    if (found.loading) {
      event.preventDefault();
      event.stopPropagation();
      waitingEnter.current = true;
    } else if (box.current?.querySelector("[role=option][data-focused]") === null && first !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      choose(first);
    }
  };
  return (
    <div ref={box} className="place-field" onKeyDownCapture={onKeyDownCapture} onBlur={(e) => { if (!box.current?.contains(e.relatedTarget)) setOpen(false); }}>
      <Autocomplete inputValue={shown} onInputChange={(value) => { if (value !== shown) { onWords(value); setOpen(true); } }}>
        <SearchField className="field" autoFocus={autoFocus} isInvalid={fault !== undefined} onClear={() => onWords("")}>
          <Label>{label}</Label>
          <Input {...(id === undefined ? {} : { id })} className="input" placeholder={words.wherePlaceholder} autoComplete="off" {...(place === null ? {} : { title: place.label })} />
        </SearchField>
        {showList && (
          <div className="place-list">
            <ListBox aria-label={label} items={found.places.map((p, i) => ({ ...p, id: i }))} className="menu" onAction={(key) => { const chosen = found.places[Number(key)]; if (chosen !== undefined) choose(chosen); }} selectionMode="none"
              renderEmptyState={() => <p className="menu-note">{found.error !== null ? problemText(found.error) : found.loading ? words.searching : found.outside !== null ? words.outsideCity(found.outside) : words.noPlace(typed.trim())}</p>}>
              {(item) => (
                <ListBoxItem id={item.id} textValue={item.label} className="menu-item">
                  <PlaceLine place={item} />
                </ListBoxItem>
              )}
            </ListBox>
          </div>
        )}
      </Autocomplete>
      {!showList && place !== null && <div className="place-chosen row wrap"><PlaceDetail place={place} />{typed.trim() !== "" && typed.trim() !== place.label && <span className="quiet clip">{incidentWords.typed(typed.trim())}</span>}</div>}
      {!showList && fault !== undefined && <p className="field-fault" role="alert">{fault}</p>}
    </div>
  );
}

/** A place in one line: what it is called, what it is, where, how exact. */
export function PlaceLine({ place }: { readonly place: PlaceView }) {
  return (
    <>
      <span className="clip grow">{place.label}</span>
      <PlaceDetail place={place} />
    </>
  );
}
function PlaceDetail({ place }: { readonly place: PlaceView }) {
  const words = useWords(operateWords).intake;
  const domain = useWords(domainWords);
  const format = useFormat();
  return (
    <>
      <span className="quiet clip">{domain.placeKinds[place.kind]}{place.district === null ? "" : ` · ${place.district}`}</span>
      <span className={place.exact ? "quiet" : "mean-decide"}>{!place.exact && place.kind === "address" ? words.notExact(format.metres(place.uncertaintyM)) : place.uncertaintyM > EXACT_M ? words.within(format.metres(place.uncertaintyM)) : words.exact}</span>
    </>
  );
}
