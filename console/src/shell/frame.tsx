// The frame around every room: rooms at the top, the clock of the city, the status bar below. It never scrolls and never moves.
import { useEffect, useRef, useState, type ReactNode } from "react";
import { Link } from "react-aria-components/Link";
import { silentFor, useLive } from "../api/live-link.ts";
import { useNow } from "../api/now.ts";
import { IconButton, Button, leaveRoom, Notices } from "../design/index.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { AccountMenu } from "./account-menu.tsx";
import { useCity, useCityTimeZone } from "./city.ts";
import { KeysOverlay } from "./keys-overlay.tsx";
import { useKeys } from "./keys.ts";
import { findToldAge, isBroken } from "./link-age.ts";
import { setPreferences, usePreferences } from "./preferences.ts";
import { findRoomComponent, isRoom, mayEnter, preloadRoom, ROOM_NAMES } from "./rooms.ts";
import { navigate, useAddress } from "./route.ts";
import { RoomsMenu } from "./rooms-menu.tsx";
import { usePermissions } from "./session.ts";
import { createSettling } from "./settling.ts";
import { SoundCheckBar } from "./sound-check-bar.tsx";
import { StatusBar } from "./status-bar.tsx";
import { Alerts } from "./use-alerts.ts";
import { useResumedCommands } from "./use-resumed-commands.ts";
import { TrainingMark } from "./training-banner.tsx";
import { EmergencyBanner, WaitingStrip } from "./waiting-strip.tsx";
import { shellWords } from "./words.ts";

/** A room may put its command line here; the shell gives the place. */
export const COMMAND_SLOT = "command-slot";
/** A map and videos are not sized anew for a notice. */
const OVER_ROOM: ReadonlySet<string> = new Set(["operate", "watch"]);
const ROOM_KEYS = { operate: "g o", watch: "g w", field: "g f", warnings: "g a", cameras: "g c", people: "g p", measure: "g n", inspect: "g i" } as const;

export function Frame({ children }: { readonly children: ReactNode }) {
  const words = useWords(shellWords);
  const address = useAddress();
  const permissions = usePermissions();
  const theme = usePreferences((p) => p.theme);
  const [keysShown, setKeysShown] = useState(false);
  const rooms = ROOM_NAMES.filter((room) => mayEnter(room, permissions) && findRoomComponent(room) !== undefined);
  const switchTheme = (): void => setPreferences({ theme: usePreferences.getState().theme === "dark" ? "light" : "dark" });

  useEffect(() => leaveRoom, [address.room]);
  useResumedCommands();
  useKeys(words.product, [
    { keys: "?", label: words.keyWords.help, run: () => setKeysShown((shown) => !shown) },
    ...rooms.map((room) => ({ keys: ROOM_KEYS[room], label: words.keyWords.goTo(words.rooms[room]), run: () => navigate(`/${room}`) })),
    { keys: "g t", label: words.keyWords.theme, run: switchTheme },
    { keys: "g m", label: words.keyWords.mute, run: () => setPreferences({ muted: !usePreferences.getState().muted }) },
  ]);

  return (
    <div className="frame">
      <a className="skip" href="#room">{words.skip}</a>
      <header className="top-bar">
        <span className="brand">{words.product}</span>
        <TrainingMark />
        <RoomsMenu rooms={rooms} here={isRoom(address.room) ? address.room : null} />
        <nav aria-label={words.navigation} className="rooms">
          {rooms.map((room) => (
            <Link key={room} href={`/${room}`} className="room-link" onHoverStart={() => preloadRoom(room)} {...(address.room === room ? { "aria-current": "page" as const } : {})}>
              {words.rooms[room]}
            </Link>
          ))}
        </nav>
        <WaitingStrip />
        <div id={COMMAND_SLOT} className="command-slot" />
        <div className="top-tools">
          <IconButton icon={theme === "dark" ? "sun" : "moon"} label={theme === "dark" ? words.theme.toLight : words.theme.toDark} onPress={switchTheme} />
          <LanguageButton />
          <IconButton icon="keyboard" className="keys-button" label={words.keys} onPress={() => setKeysShown(true)} />
          <AccountMenu />
          <Clock />
        </div>
      </header>
      <Banners>
        <LinkBanner />
        <EmergencyBanner />
        {isRoom(address.room) && <SoundCheckBar />}
      </Banners>
      <Alerts />
      <main id="room" className="room" tabIndex={-1}>
        <h1 className="hidden-text">{isRoom(address.room) ? words.rooms[address.room] : words.product}</h1>
        {children}
      </main>
      <Notices place={OVER_ROOM.has(address.room) ? "over-room" : "below-room"} />
      <StatusBar />
      <KeysOverlay open={keysShown} onClose={() => setKeysShown(false)} />
    </div>
  );
}

/** What stands above the room; while it comes or goes, presses on the room do not count (settling.ts). */
function Banners({ children }: { readonly children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const settling = createSettling((now) => document.getElementById("room")?.toggleAttribute("data-settling", now));
    const watcher = new ResizeObserver(([entry]) => settling.measure(entry?.contentRect.height ?? 0));
    if (box.current !== null) watcher.observe(box.current);
    return () => {
      watcher.disconnect();
      settling.stop();
    };
  }, []);
  return <div ref={box} className="banners">{children}</div>;
}

export function LanguageButton() {
  const words = useWords(shellWords);
  const language = usePreferences((p) => p.language);
  return (
    <Button tone="quiet" className="language-button" aria-label={`${words.language}: ${words.languageLabel}`} onPress={() => setPreferences({ language: language === "en" ? "zh" : "en" })}>
      {words.language}
    </Button>
  );
}

function Clock() {
  const format = useFormat();
  const words = useWords(shellWords);
  const now = useNow();
  const city = useCity((s) => s.city?.name ?? null);
  const zone = useCityTimeZone();
  return (
    <time className="clock" title={words.clock(format.exact(now), zone, format.zone(now))}>
      {format.time(now)}
      <small className="clip">{city === null ? format.zone(now) : words.clockOf(city, format.zone(now))}</small>
    </time>
  );
}

/** A broken link is told at the top, with its age, for as long as it lasts. */
function LinkBanner() {
  const words = useWords(shellWords);
  const format = useFormat();
  const link = useLive((s) => s.link);
  const since = useLive((s) => s.linkSince);
  useNow();
  const wasUp = useLive((s) => s.snapshots > 0);
  const now = Date.now();
  const seen = { link, since, silentMs: silentFor(now, link), wasUp };
  const broken = isBroken(seen);
  const age = findToldAge(seen, now);
  useEffect(() => {
    document.documentElement.dataset["link"] = broken ? "broken" : "well";
  }, [broken]);
  if (age === null) return null;
  return <div className="link-banner" role="alert">{words.broken.banner(format.span(age))}</div>;
}
