// Recorders in the bottom line: how many of their cameras send, and a word where a disk needs somebody. A press shows each recorder's disk: what is on it, what of that is
// held as evidence, and when it will be full; from there the list of what is wrong with cameras is a press away.
import { Button as PressButton } from "react-aria-components/Button";
import { Dialog, DialogTrigger } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";
import type { DiskAlarm, Recorder } from "../../../src/contract/recorders.ts";
import { useLive } from "../api/live-link.ts";
import { serverNow, useNow } from "../api/now.ts";
import { useCall } from "../api/use-call.ts";
import { Button } from "../design/index.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { diskShares, summariseRecorders } from "./recorder-state.ts";
import { navigate } from "./route.ts";
import { useMay } from "./session.ts";
import { shellWords } from "./words.ts";

/** Pictures are being lost, or were. */
const BAD: ReadonlySet<DiskAlarm> = new Set<DiskAlarm>(["full", "ran-full", "failing"]);
const ASK_MS = 30_000;
const HOUR_MS = 3_600_000;

/** Who has no live link (an engineer) is told by asking now and then. */
export function RecorderStatus({ hasLink }: { readonly hasLink: boolean }) {
  const words = useWords(shellWords).recorders;
  const inWords = useTimeAhead();
  const mayAsk = useMay("system.read");
  const mayList = useMay("camera.read");
  const problemsOpen = useWords(shellWords).status.cameraProblemsOpen;
  const told = useLive((s) => s.status);
  const asked = useCall("listRecorders", hasLink || !mayAsk ? null : {}, ASK_MS);
  useNow();
  const recorders = hasLink ? told?.recorders : asked.data?.recorders;
  if (recorders === undefined) return null;
  if (recorders.length === 0) return <span className="status-item mean-decide">{words.none}</span>;
  const { connected, wanted, alarm, trouble, fullAt } = summariseRecorders(recorders, serverNow());
  const isBad = trouble !== null || (alarm !== null && BAD.has(alarm));
  const tone = isBad ? "mean-danger" : alarm !== null || connected < wanted || fullAt !== null ? "mean-decide" : "";
  const more = trouble !== null ? words.notRunning : alarm !== null ? words.short[alarm] : fullAt !== null ? words.fullIn(inWords(fullAt)) : null;
  return (
    <DialogTrigger>
      <PressButton className={`status-item status-button recorder-item ${tone}`} aria-label={`${words.item(connected, wanted)}${more === null ? "" : `, ${more}`}: ${words.title}`}>
        {words.item(connected, wanted)}{more !== null && <>{" · "}<b>{more}</b></>}
      </PressButton>
      <Popover placement="top start" className="status-note recorder-note">
        <Dialog aria-label={words.title}>
          {({ close }) => (
            <>
              {recorders.map((recorder) => <RecorderDisk key={recorder.id} recorder={recorder} />)}
              {mayList && <Button className="recorder-problems" onPress={() => { close(); navigate("/cameras?problems=now"); }}>{problemsOpen}</Button>}
            </>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function RecorderDisk({ recorder }: { readonly recorder: Recorder }) {
  const words = useWords(shellWords).recorders;
  const format = useFormat();
  const inWords = useTimeAhead();
  const { disk } = recorder;
  const shares = disk === null ? null : diskShares(disk);
  return (
    <section className="recorder-disk">
      <h3>{words.name(recorder.id)}<span className={recorder.connected ? "quiet" : "mean-danger"}>{recorder.connected ? words.cameras(recorder.camerasConnected, recorder.camerasWanted) : words.away}</span></h3>
      {recorder.trouble !== null && <p className="mean-danger">{words.troubles[recorder.trouble.code](recorder.trouble.folder ?? "", recorder.id)}</p>}
      {disk === null || shares === null ? <p className="quiet">{words.untold}</p> : (
        <>
          <div className="disk-bar" role="img" aria-label={words.bar(format.bytes(disk.recordedBytes), format.bytes(disk.totalBytes))}>
            <span className="disk-held" style={{ width: `${shares.held}%` }} /><span className="disk-recorded" style={{ width: `${shares.recorded}%` }} /><span className="disk-other" style={{ width: `${shares.other}%` }} />
          </div>
          <dl>
            <dt><span className="disk-key disk-recorded" />{words.recorded}</dt><dd>{format.bytes(disk.recordedBytes)}</dd>
            <dt><span className="disk-key disk-held" />{words.held}</dt><dd>{format.bytes(disk.heldBytes)}</dd>
            {shares.other > 0 && <><dt><span className="disk-key disk-other" />{words.other}</dt><dd>{format.bytes(disk.totalBytes - disk.freeBytes - disk.recordedBytes)}</dd></>}
            <dt><span className="disk-key disk-free" />{words.free}</dt><dd>{words.of(format.bytes(disk.freeBytes), format.bytes(disk.totalBytes))}</dd>
            <dt>{words.kept}</dt><dd>{words.keptFor(format.bytes(disk.floorBytes))}</dd>
            {disk.forecast.kind !== "unknown" && <><dt>{words.perDay}</dt><dd>{format.bytes(disk.forecast.bytesPerDay)}</dd></>}
            <dt>{words.forecast}</dt>
            <dd>{disk.forecast.kind === "unknown" ? words.unknown : disk.forecast.kind === "steady" ? words.steady(format.bytes(disk.forecast.bytes)) : words.fullIn(inWords(disk.forecast.at))}{disk.forecast.kind !== "unknown" && disk.uncounted > 0 && <span className="mean-decide">, {words.uncounted(disk.uncounted)}</span>}</dd>
            {disk.writeFailures > 0 && <><dt>{words.failures}</dt><dd className="mean-danger">{format.number(disk.writeFailures)}</dd></>}
            {disk.clockBehindMs > 0 && <><dt>{words.clockBehind}</dt><dd className="mean-decide">{inWords(serverNow() + disk.clockBehindMs)}</dd></>}
            {disk.clockAheadMs > 0 && <><dt>{words.clockAhead}</dt><dd className="mean-decide">{inWords(serverNow() + disk.clockAheadMs)}</dd></>}
          </dl>
          <p className="quiet">{disk.isShared ? words.sharedReserve(format.bytes(disk.reserveBytes)) : words.reserve(format.bytes(disk.reserveBytes))}</p>
          {disk.recordersOnVolume > 1 && <p className="quiet">{words.onVolume(disk.recordersOnVolume - 1)}</p>}
          {!disk.isDirect && <p className="mean-decide">{words.buffered}</p>}
          {disk.alarms.map((alarm) => <p key={alarm} className={BAD.has(alarm) ? "mean-danger" : "mean-decide"}>{words.alarms[alarm]}</p>)}
        </>
      )}
    </section>
  );
}

/** "3 days", "5 hours": how far ahead a time lies. */
function useTimeAhead(): (at: number) => string {
  const words = useWords(shellWords).recorders;
  const now = serverNow();
  return (at) => (at - now < 48 * HOUR_MS ? words.hours(Math.max(0, Math.round((at - now) / HOUR_MS))) : words.days(Math.round((at - now) / (24 * HOUR_MS))));
}
