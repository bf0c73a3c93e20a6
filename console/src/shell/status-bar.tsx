// The bottom line: is what I see true, and how old is it. Grey while all is well.
import { Button as PressButton } from "react-aria-components/Button";
import { Dialog, DialogTrigger } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";
import { useLive, retryLiveLink, silentFor } from "../api/live-link.ts";
import { serverNow, useNow } from "../api/now.ts";
import { isKept, usePendingCommands } from "../api/command.ts";
import { useCall } from "../api/use-call.ts";
import { Button, StatusMark } from "../design/index.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useCityNotice } from "./city-notice.ts";
import { navigate } from "./route.ts";
import { RecorderStatus } from "./recorder-status.tsx";
import { usePreferences, setPreferences } from "./preferences.ts";
import { useMay, useSession } from "./session.ts";
import { setSoundCheck, useMustHear, useSoundCheck } from "./sound-check.ts";
import { TrainingMark } from "./training-banner.tsx";
import { shellWords } from "./words.ts";

const STALE_POSITIONS_MS = 30_000;
const SLOW_ANSWER_MS = 2_000;
const ASK_PROBLEMS_MS = 30_000;

export function StatusBar() {
  const words = useWords(shellWords);
  const hasLink = useMay("operate.read");
  const mayKnow = useMay("camera.read");
  const mayAsk = useMay("system.read");
  const muted = usePreferences((p) => p.muted);
  const check = useSoundCheck();
  const untested = useMustHear() && check.result !== "heard" && check.aside;
  const demo = useSession((s) => s.welcome?.demo === true);
  return (
    <footer className="status-bar" aria-label={words.status.bar}>
      <TrainingMark />
      {hasLink && <LinkFigures />}
      {(hasLink || mayAsk) && <RecorderStatus hasLink={hasLink} />}
      {mayKnow && <CameraProblems hasLink={hasLink} />}
      <Pending />
      <button type="button" className={`status-item status-button ${muted ? "mean-decide" : ""}`} title={words.sound.muteNote} onClick={() => setPreferences({ muted: !muted })}>
        {muted ? words.status.soundOff : words.status.soundOn}
      </button>
      {untested && <button type="button" className="status-item status-button mean-decide" title={words.sound.ask} onClick={() => setSoundCheck({ ...check, aside: false })}>{check.result === "not-heard" ? words.status.soundNotHeard : words.status.soundUntested}</button>}
      {demo && <DemoNotice />}
    </footer>
  );
}

/** One word for ever; what is real and what is invented on hover and on press. */
function DemoNotice() {
  const words = useWords(shellWords).status;
  const notice = useCityNotice();
  return (
    <span className="status-demo end" title={notice}>
      <DialogTrigger>
        <PressButton className="status-button status-demo-button" aria-label={`${words.demo}: ${words.demoAbout}`}><strong>{words.demo}</strong></PressButton>
        <Popover placement="top end" className="status-note"><Dialog aria-label={words.demoAbout}><p>{notice}</p></Dialog></Popover>
      </DialogTrigger>
    </span>
  );
}

function LinkFigures() {
  const words = useWords(shellWords).status;
  const format = useFormat();
  const link = useLive((s) => s.link);
  const since = useLive((s) => s.linkSince);
  const rtt = useLive((s) => s.rttMs);
  const status = useLive((s) => s.status);
  const positionsAt = useLive((s) => s.positionsAt);
  useNow();
  const now = serverNow();
  const silent = silentFor(Date.now(), link);
  const positionAge = positionsAt === null ? null : Math.max(0, now - positionsAt);
  return (
    <>
      {link === "open" && silent !== null && <span className="status-item mean-danger row" role="status"><StatusMark tone="danger" label="" />{words.linkSilent(format.span(silent))}</span>}
      {link === "open" && silent === null && <span className="status-item">{words.linkOpen(Math.round(rtt ?? 0))}</span>}
      {link === "connecting" && <span className="status-item mean-decide">{words.linkConnecting}</span>}
      {link === "broken" && (
        <span className="status-item mean-danger row">
          <StatusMark tone="danger" label="" />
          {words.linkBroken(format.span(Date.now() - since))}
          <Button tone="quiet" className="status-retry" onPress={retryLiveLink}>{words.linkRetry}</Button>
        </span>
      )}
      {link === "idle" && <span className="status-item">{words.linkIdle}</span>}
      {status !== null && <span className={`status-item ${status.logLag > 0 ? "mean-decide" : ""}`}>{words.logLag(status.logLag)}</span>}
      <span className={`status-item ${positionAge === null || positionAge > STALE_POSITIONS_MS ? "mean-decide" : ""}`}>
        {positionAge === null ? words.noPositions : words.positions(format.age(positionAge))}
      </span>
    </>
  );
}

/** Problems of cameras that last; nothing while there are none. Who has no live link (an engineer) is told by asking now and then. */
function CameraProblems({ hasLink }: { readonly hasLink: boolean }) {
  const words = useWords(shellWords).status;
  const told = useLive((s) => s.cameraProblems);
  const asked = useCall("listCameraEvents", hasLink ? null : { query: { state: "open", limit: 1 } }, ASK_PROBLEMS_MS);
  const counts = hasLink ? told : asked.data;
  if (counts === null || counts.open === 0) return null;
  return (
    <button type="button" className={`status-item status-button ${counts.unacknowledged > 0 ? "mean-decide" : ""}`} title={words.cameraProblemsOpen} onClick={() => navigate("/cameras?problems=now")}>
      {words.cameraProblems(counts.open, counts.unacknowledged)}
    </button>
  );
}

/** Commands without an outcome yet; shown once one takes longer than a person expects, with which they are on a press. */
function Pending() {
  const { status: words, resumed } = useWords(shellWords);
  const format = useFormat();
  const pending = usePendingCommands((s) => s.pending);
  useNow();
  const slow = pending.filter((p) => isKept(p) && (Date.now() - p.since > SLOW_ANSWER_MS || p.tries > 1));
  if (slow.length === 0) return null;
  return (
    <span className="status-item" role="status">
      <DialogTrigger>
        <PressButton className="status-button status-pending mean-decide">{words.pending(slow.length)}</PressButton>
        <Popover placement="top" className="status-note">
          <Dialog aria-label={words.pending(slow.length)}>
            <ul className="pending-list">{slow.map((p) => <li key={p.commandId}><b>{resumed.commands[p.command.type]}</b><span className="quiet">{format.ago(Date.now() - p.since)}</span></li>)}</ul>
            <p className="quiet">{words.pendingNote}</p>
          </Dialog>
        </Popover>
      </DialogTrigger>
    </span>
  );
}
