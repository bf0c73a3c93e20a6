// What the page shows at all: asking, unreachable, log-in, or the frame with a room in it.
import { Suspense, useEffect, type ReactNode } from "react";
import { I18nProvider } from "react-aria-components/I18nProvider";
import { RouterProvider } from "react-aria-components";
import { Button, EmptyState, Skeleton } from "../design/index.ts";
import { LOCALES } from "../words/catalogue.ts";
import { useLanguage, useWords } from "../words/use-words.ts";
import { Frame } from "./frame.tsx";
import { LogIn } from "./log-in.tsx";
import { FirstAccount } from "./first-account.tsx";
import { findKeptPhone } from "./phone-store.ts";
import { RoomBoundary } from "./room-boundary.tsx";
import { findHomeRoom, findRoomByOtherAddress, findRoomComponent, isRoom, mayEnter } from "./rooms.ts";
import { navigate, useAddress } from "./route.ts";
import { openSession, usePermissions, useSession } from "./session.ts";
import { TrainingBanner, useIsTraining } from "./training-banner.tsx";
import { Welcome } from "./welcome.tsx";
import { shellWords } from "./words.ts";
import { usePreferences } from "./preferences.ts";
import { ForbiddenState } from "../design/index.ts";

export function App() {
  const language = useLanguage();
  return (
    <I18nProvider locale={LOCALES[language]}>
      <RouterProvider navigate={navigate}>
        <TrainingBanner />
        <Page />
      </RouterProvider>
    </I18nProvider>
  );
}

function Page() {
  const now = useSession((s) => s.now);
  const { room } = useAddress();
  if (now.state === "asking") return <div className="plain-page"><Skeleton rows={4} /></div>;
  if (now.state === "unreachable") return room === "field" && findKeptPhone() !== null ? <PhoneWithoutLink /> : <Unreachable />;
  if (now.state === "logged-out") return now.welcome.needsFirstAccount ? <FirstAccount welcome={now.welcome} /> : <LogIn welcome={now.welcome} ended={now.ended} />;
  return <Frame><Room /></Frame>;
}

function useAskingAgain(): void {
  useEffect(() => {
    const timer = setInterval(() => void openSession(), 3_000);
    return () => clearInterval(timer);
  }, []);
}

/** Field says by itself what it knows without anybody logged in. */
function PhoneWithoutLink() {
  useAskingAgain();
  const Field = findRoomComponent("field");
  return <main className="phone-alone">{Field !== undefined && <Suspense fallback={<Skeleton rows={8} />}><Field /></Suspense>}</main>;
}

function Unreachable() {
  const words = useWords(shellWords);
  useAskingAgain();
  return (
    <main className="plain-page stack">
      <h1 className="page-title">{words.unreachable.title}</h1>
      <p className="quiet">{words.unreachable.text}</p>
      <div><Button onPress={() => void openSession()}>{words.unreachable.again}</Button></div>
    </main>
  );
}

function Room(): ReactNode {
  const address = useAddress();
  const words = useWords(shellWords);
  const permissions = usePermissions();
  const welcomed = usePreferences((p) => p.welcomed);
  const demo = useSession((s) => s.welcome?.demo === true);
  const training = useIsTraining();
  const first = findHomeRoom(permissions);
  const isEntry = address.room === "" || address.room === "login"; // an address that people guess
  const showWelcome = address.room === "welcome" || (isEntry && demo && !welcomed && first !== "field" && first !== "watch");
  useEffect(() => {
    if (isEntry && !showWelcome && first !== undefined) navigate(`/${first}`, { replace: true });
  }, [isEntry, showWelcome, first]);
  const meant = findRoomByOtherAddress(address.room);
  useEffect(() => {
    if (meant !== undefined) navigate(`/${meant}`, { replace: true });
  }, [meant]);
  useEffect(() => {
    document.title = `${training ? `${words.training.mark} · ` : ""}${isRoom(address.room) ? `${words.rooms[address.room]} · Citywatch` : "Citywatch"}`;
  }, [address.room, words, training]);

  if (showWelcome) return <Welcome />;
  if (isEntry) return first === undefined ? <EmptyState>{words.noRoom}</EmptyState> : <Skeleton />;
  if (meant !== undefined) return <Skeleton />;
  if (!isRoom(address.room)) return <EmptyState {...(first === undefined ? {} : { action: <Button onPress={() => navigate(`/${first}`)}>{words.goToFirst(words.rooms[first])}</Button> })}>{words.notFound}</EmptyState>;
  if (!mayEnter(address.room, permissions)) return <ForbiddenState />;
  const Component = findRoomComponent(address.room);
  if (Component === undefined) return <EmptyState>{words.notFound}</EmptyState>;
  return (
    <RoomBoundary key={address.room}>
      <Suspense fallback={<Skeleton rows={12} />}>
        <Component />
      </Suspense>
    </RoomBoundary>
  );
}
