// Notices: what happened that the person did not look at. They say it once, stay long enough to be read, and never cover what is worked on.
import { create } from "zustand";
import { useWords } from "../words/use-words.ts";
import { IconButton, Button } from "./button.tsx";
import { keepLatest, keepOnLeaving, type Notice } from "./kept-notices.ts";
import { StatusMark, type Tone } from "./status-mark.tsx";
import { designWords } from "./words.ts";

const SHOWN_MS = 9_000;
const useNotices = create<{ readonly notices: readonly Notice[] }>(() => ({ notices: [] }));
let nextId = 1;
const dismiss = (id: number): void => useNotices.setState(({ notices }) => ({ notices: notices.filter((n) => n.id !== id) }));

/** `stays`: until it is closed by hand, for what must not be missed. */
export function notify(tone: Tone, text: string, action: Notice["action"] = null, stays = false): void {
  const id = nextId++;
  useNotices.setState(({ notices }) => ({ notices: keepLatest([...notices.filter((n) => n.text !== text), { id, tone, text, action, stays }]) }));
  if (!stays) setTimeout(() => dismiss(id), tone === "danger" ? SHOWN_MS * 2 : SHOWN_MS);
}

/** Somebody went to another room: what was only told of this one goes with it. */
export const leaveRoom = (): void => useNotices.setState(({ notices }) => ({ notices: keepOnLeaving(notices) }));

/** `over-room`: over a room that must keep its size. */
export function Notices({ place }: { readonly place: "below-room" | "over-room" }) {
  const notices = useNotices((s) => s.notices);
  const words = useWords(designWords);
  return (
    <div className="notices" data-place={place} role="status" aria-live="polite" aria-label={words.notices}>
      {notices.map((notice) => (
        <div key={notice.id} className="notice">
          <StatusMark tone={notice.tone} label="" />
          <p className="grow">{notice.text}</p>
          {notice.action !== null && <Button tone="quiet" onPress={() => { notice.action!.run(); dismiss(notice.id); }}>{notice.action.label}</Button>}
          <IconButton icon="close" label={words.close} onPress={() => dismiss(notice.id)} />
        </div>
      ))}
    </div>
  );
}
