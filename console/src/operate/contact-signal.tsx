// What a device or another centre said besides words: what it is, where it hangs, how urgent it is held to be. A hint: who takes the contact decides.
import type { Contact } from "../../../src/contract/dispatch.ts";
import { useLive } from "../api/live-link.ts";
import { wordFor } from "../words/catalogue.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useCameraNames } from "./camera-names.ts";
import { signalWords } from "../words/signal.ts";

type Signal = NonNullable<Contact["signal"]>;

/** Kind, site and door in one line, for a row. */
export function useSignalText(): (signal: Signal) => string {
  const words = useWords(signalWords);
  return (signal) => [wordFor(words.kinds, signal.kind), signal.site ?? signal.code, signal.door].filter((part) => part !== null).join(" · ");
}

export function ContactSignal({ contactId }: { readonly contactId: number }) {
  const words = useWords(signalWords);
  const textOf = useSignalText();
  const signal = useLive((s) => s.contacts.get(contactId)?.signal ?? null);
  const nameOf = useCameraNames();
  const format = useFormat();
  if (signal === null) return null;
  return (
    <div className="caller-signal">
      <p><b>{textOf(signal)}</b>{signal.priorityHint !== null && <span className="quiet"> · {words.hint(String(signal.priorityHint))}</span>}</p>
      {signal.code !== null && signal.site === null && <p className="mean-decide">{words.unregistered(signal.code)}</p>}
      {signal.fix !== undefined && <p className={signal.fix.source === "none" ? "mean-decide" : "quiet"}>{signal.fix.at === null ? words.noPlace : signal.fix.source === "none" ? words.oldPlace(format.exact(signal.fix.at)) : words.lastPlace(format.time(signal.fix.at))}</p>}
      {signal.cameraIds.length > 0 && <p className="quiet">{words.cameras(signal.cameraIds.map((id) => nameOf(id) ?? String(id)).join(", "))}</p>}
    </div>
  );
}
