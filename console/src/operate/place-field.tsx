// "Where": type what the caller says, choose what it is. The chosen place's own name stands in the box, its kind, district and how exact it is
// below, with the words that were typed. Enter takes the first completion; where that does not account for all that was typed, is one of several of its
// name, or lies outside the city, it is said and the second Enter takes it. The caret goes on in the very key press: what is typed next never lands here. Pressed before the answer
// came, Enter goes on all the same and what comes is taken then; a doubt is said below the field, and the list waits for the caret's return.
import { useEffect, useRef, useState, type FocusEvent, type KeyboardEvent } from "react";
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
import type { PlaceView } from "./draft.ts";
import { OutsideCity, useOutsideText } from "./outside-city.tsx";
import { findFarFromPhone, type PhoneArea } from "./phone-area.ts";
import { operateWords } from "./words.ts";

const EXACT_M = 30; // a camera or a crew finds a place that is known so well
const MOST_TYPED = 200; // contract/dispatch.ts, IncidentPlace and CallDraft
const WAIT_MS = 70; // between the last key and the question
const SLOW_MS = 150; // from the last key on: then it is said that the search goes on

interface Found {
  readonly query: string;
  readonly places: readonly PlaceView[];
  readonly error: unknown;
  /** Cameras are too many to be found by name. */
  readonly camerasByCodeOnly: boolean;
}
const NOTHING: Found = { query: "", places: [], error: null, camerasByCodeOnly: false };
/**
 * Completions of `query`; `near` lifts what is close. While `loading` they are still those of the text before, to be seen and not to be taken: a
 * list that emptied at each key would flicker. `slow`: the answer takes longer than a person expects.
 */
export function usePlaces(query: string, near: { readonly lon: number; readonly lat: number } | null): Found & { readonly loading: boolean; readonly slow: boolean } {
  const [found, setFound] = useState(NOTHING);
  const [slowQuery, setSlowQuery] = useState<string | null>(null);
  const asked = query.trim();
  const lon = near?.lon;
  const lat = near?.lat;
  useEffect(() => {
    if (asked === "") return setFound(NOTHING);
    const abort = new AbortController();
    const timer = setTimeout(() => {
      api.call("searchPlaces", { query: { q: asked, limit: 8, lon, lat } }, { signal: abort.signal }).then(
        ({ places, camerasByCodeOnly }) => abort.signal.aborted || setFound({ query: asked, places, error: null, camerasByCodeOnly }),
        (error: unknown) => abort.signal.aborted || setFound({ ...NOTHING, query: asked, error }),
      );
    }, WAIT_MS);
    const slowTimer = setTimeout(() => setSlowQuery(asked), SLOW_MS);
    return () => {
      clearTimeout(timer);
      clearTimeout(slowTimer);
      abort.abort();
    };
  }, [asked, lon, lat]);
  const loading = asked !== found.query;
  return { ...found, loading, slow: loading && slowQuery === asked };
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
  /** Moves the caret on; called within the key press that takes a place or will take it once the answer comes. Without it Enter waits here. */
  readonly onNext?: () => void;
  /** Where the caller's phone is: a place far from it says so. */
  readonly phone?: PhoneArea | null;
  /** Escape where no list is open; without it the caret leaves the field. */
  readonly onLeave?: () => void;
}
export function PlaceField({ id, label, words: typed, place, fault, autoFocus = false, onWords, onPlace, onNext, phone = null, onLeave }: PlaceFieldProps) {
  const { intake: words, incident: incidentWords } = useWords(operateWords);
  const problemText = useProblemText();
  const centre = useCity((s) => s.city?.centre ?? null);
  const [open, setOpen] = useState(false);
  const cityName = useCity((s) => s.city?.name ?? "");
  /** The text on which Enter was pressed before its answer came. */
  const [awaited, setAwaited] = useState<string | null>(null);
  const found = usePlaces(open || awaited !== null ? typed : "", centre);
  /** Why the answer to such an Enter was not taken. */
  const [untaken, setUntaken] = useState<string | null>(null);
  const walked = useRef(false); // with the arrows: then Enter takes what is marked
  const box = useRef<HTMLDivElement>(null);

  const shown = place?.label ?? typed;
  const showList = open && typed.trim() !== "";
  /** The text of which it was said what its first place does not account for. */
  const [warned, setWarned] = useState<string | null>(null);
  const choose = (chosen: PlaceView): void => {
    setAwaited(null);
    setUntaken(null);
    setOpen(false);
    onPlace(chosen);
  };
  const first = found.loading ? undefined : found.places[0];
  const outside = useOutsideText(first?.point ?? null);
  const doubted = (place: PlaceView): boolean => place.notUnderstood !== null || place.namesakes > 0 || outside !== null;
  useEffect(() => {
    if (awaited === null || found.loading) return;
    setAwaited(null);
    if (awaited !== found.query) return;
    if (first !== undefined && !doubted(first)) return choose(first);
    if (first !== undefined) setWarned(found.query); // once the caret is back, Enter takes it
    setUntaken(first === undefined ? (found.error === null ? words.noPlace(found.query) : problemText(found.error)) : first.notUnderstood !== null ? words.untaken(first.notUnderstood) : first.namesakes > 0 ? words.untakenNamesakes(first.label, first.namesakes + 1) : words.untakenOutside(first.label));
  });
  /** The place under the mark of the arrows. */
  const marked = (): PlaceView | undefined => {
    const at = box.current?.querySelector("[role=option][data-focused] [data-place]")?.getAttribute("data-place");
    return at == null ? undefined : found.places[Number(at)];
  };
  const onKeyDownCapture = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      // The first closes the list, the next leaves the field; neither throws away what was typed or chosen.
      event.preventDefault();
      event.stopPropagation();
      if (showList) setOpen(false);
      else if (onLeave !== undefined) onLeave();
      else if (event.target instanceof HTMLElement) event.target.blur();
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") walked.current = true;
    if (event.key !== "Enter" || event.nativeEvent.isComposing || !open || typed.trim() === "") return;
    const chosen = found.loading ? undefined : walked.current ? (marked() ?? first) : first;
    if (!found.loading && chosen === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat) return;
    if (chosen === undefined) setAwaited(typed.trim());
    else if (!walked.current && doubted(chosen) && warned !== found.query) return setWarned(found.query); // by Enter alone, with nothing marked: what is in doubt is said first
    onNext?.(); // before anything is drawn: the next key is already the next field's
    if (chosen !== undefined) choose(chosen);
  };
  const onFocus = (event: FocusEvent): void => {
    if (onNext !== undefined && event.target instanceof HTMLInputElement && place === null && typed.trim() !== "" && !box.current?.contains(event.relatedTarget)) setOpen(true);
  };
  const note =
    found.slow ? (found.places.length > 0 ? words.searching : null) // an empty list says it itself
      : first !== undefined && warned === found.query && first.notUnderstood !== null ? words.enterTakes(first.notUnderstood, cityName)
        : first !== undefined && warned === found.query && first.namesakes > 0 ? words.enterTakesNamesake(first.label, first.namesakes + 1, first.district)
        : first !== undefined && warned === found.query && outside !== null ? words.enterTakesOutside : null;
  return (
    <div ref={box} className="place-field" onKeyDownCapture={onKeyDownCapture} onFocus={onFocus} onBlur={(e) => { if (!box.current?.contains(e.relatedTarget)) setOpen(false); }}>
      <Autocomplete inputValue={shown} onInputChange={(value) => { if (value !== shown) { walked.current = false; setAwaited(null); setUntaken(null); onWords(value); setOpen(true); } }}>
        <SearchField className="field" autoFocus={autoFocus} isInvalid={fault !== undefined} onClear={() => onWords("")}>
          <Label>{label}</Label>
          <Input {...(id === undefined ? {} : { id })} className="input" placeholder={words.wherePlaceholder} autoComplete="off" maxLength={MOST_TYPED} {...(place === null ? {} : { title: place.label })} />
        </SearchField>
        {showList && (
          <div className="place-list" aria-busy={found.loading} data-old={found.loading || undefined}>
            {note !== null && <p className={`menu-note ${found.slow ? "" : "mean-decide"}`} role="status">{note}</p>}
            <ListBox aria-label={label} items={found.places.map((p, i) => ({ ...p, id: i }))} className="menu" onAction={(key) => { const chosen = found.loading ? undefined : found.places[Number(key)]; if (chosen !== undefined) { choose(chosen); if (onNext !== undefined) setTimeout(onNext, 0); } }} selectionMode="none"
              renderEmptyState={() => <p className="menu-note">{found.loading ? words.searching : found.error !== null ? problemText(found.error) : words.noPlace(typed.trim())}</p>}>
              {(item) => (
                <ListBoxItem id={item.id} textValue={item.label} className="menu-item">
                  <PlaceLine place={item} at={item.id} phone={phone} />
                </ListBoxItem>
              )}
            </ListBox>
            {found.camerasByCodeOnly && <p className="menu-note quiet">{words.camerasByCode}</p>}
          </div>
        )}
      </Autocomplete>
      {!showList && place !== null && <div className="place-chosen row wrap"><PlaceDetail place={place} phone={phone} />{typed.trim() !== "" && typed.trim() !== place.label && <span className="quiet clip">{incidentWords.typed(typed.trim())}</span>}</div>}
      {!showList && place === null && awaited !== null && <p className="field-hint" role="status">{words.searching}</p>}
      {!showList && place === null && untaken !== null ? <p className="field-hint mean-decide" role="alert">{untaken}</p> : !showList && fault !== undefined && <p className="field-fault" role="alert">{fault}</p>}
    </div>
  );
}

/** A place to choose: what it is called, whole; below, what it is, where, how exact. `at`: its position in the list. */
export function PlaceLine({ place, at, phone = null }: { readonly place: PlaceView; readonly at?: number; readonly phone?: PhoneArea | null }) {
  return (
    <span className="place-line" data-place={at}>
      <span>{place.label}</span>
      <span className="place-detail"><PlaceDetail place={place} phone={phone} /></span>
    </span>
  );
}
function PlaceDetail({ place, phone }: { readonly place: PlaceView; readonly phone: PhoneArea | null }) {
  const words = useWords(operateWords).intake;
  const domain = useWords(domainWords);
  const format = useFormat();
  const fromPhoneM = phone === null ? null : findFarFromPhone(phone, place);
  return (
    <>
      <span className="quiet clip">{domain.placeKinds[place.kind]}{place.district === null ? "" : ` · ${place.district}`}</span>
      <span className={place.exact ? "quiet" : "mean-decide"}>{!place.exact && place.kind === "address" && place.notUnderstood === null ? words.notExact(format.metres(place.uncertaintyM)) : place.uncertaintyM > EXACT_M || !place.exact ? words.within(format.metres(place.uncertaintyM)) : words.exact}</span>
      <OutsideCity point={place.point} />
      {fromPhoneM !== null && <span className="mean-decide far-from-phone">{words.farFromPhone(format.metres(fromPhoneM))}</span>}
      {place.namesakes > 0 && <span className="mean-decide">{words.namesakes(place.namesakes + 1)}</span>}
      {place.notUnderstood !== null && <span className="mean-decide clip">{words.notUnderstood(place.notUnderstood)}</span>}
    </>
  );
}
