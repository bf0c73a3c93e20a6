// "Try": joins the address once before anything is saved, and says in plain words what is there or what is wrong with it.
import { useState } from "react";
import type { CameraProbeResult, NewCamera } from "../../../src/contract/cameras.ts";
import { api } from "../api/client.ts";
import { Button, StatusMark } from "../design/index.ts";
import { codecName } from "../player/status.ts";
import { domainWords } from "../words/domain.ts";
import { useFaultText, useProblemText } from "../words/use-problem-text.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { camerasWords } from "./words.ts";

type Trial = { readonly state: "idle" } | { readonly state: "trying" } | { readonly state: "failed"; readonly error: unknown } | { readonly state: "answered"; readonly result: CameraProbeResult; readonly of: string };
const PROBE_WITHIN_MS = 30_000;

interface ProbeButtonProps {
  readonly address: string;
  readonly userName: string;
  readonly password: string;
  readonly transport: NewCamera["transport"];
  readonly certificateSha256: string | null;
  /** Somebody has compared the fingerprint with the camera's own and says that it is. */
  readonly onPin: (sha256: string) => void;
}

export function ProbeButton({ address, userName, password, transport, certificateSha256, onPin }: ProbeButtonProps) {
  const { probe: words, expected } = useWords(camerasWords);
  const problems = useWords(domainWords).cameraProblems;
  const format = useFormat();
  const problemText = useProblemText();
  const faultText = useFaultText();
  const [trial, setTrial] = useState<Trial>({ state: "idle" });
  const of = JSON.stringify([address, userName, password, transport, certificateSha256]);
  const run = async (): Promise<void> => {
    setTrial({ state: "trying" });
    try {
      const result = await api.call("probeCamera", { body: { address: address.trim(), userName: userName.trim() || null, password: password || null, transport, certificateSha256 } }, { timeoutMs: PROBE_WITHIN_MS });
      setTrial({ state: "answered", result, of });
    } catch (error) {
      setTrial({ state: "failed", error });
    }
  };
  // A result belongs to what was tried; once a field is changed it says nothing any more.
  const shown = trial.state === "answered" && trial.of !== of ? null : trial;
  return (
    <div className="probe" aria-live="polite">
      <Button onPress={() => void run()} isDisabled={address.trim() === "" || trial.state === "trying"}>{trial.state === "trying" ? words.trying : words.button}</Button>
      {shown?.state === "failed" && <p className="mean-danger">{problemText(shown.error)}</p>}
      {shown?.state === "answered" && (shown.result.ok ? (
        <p className="row" data-probe="ok"><StatusMark tone="free" letter="✓" label="" /><span>{words.good(codecName(shown.result.codec), shown.result.width === null ? "" : `${shown.result.width} × ${shown.result.height}`, shown.result.transport.toUpperCase(), format.number(shown.result.tookMs))}</span></p>
      ) : (
        <p className="row" data-probe={shown.result.problem} title={shown.result.message}><StatusMark tone="danger" letter="!" label="" /><span><b>{problems[shown.result.problem]}</b> {shown.result.fault === null ? words.hints[shown.result.problem] : expected(faultText(shown.result.fault))}</span></p>
      ))}
      {shown?.state === "answered" && !shown.result.ok && shown.result.certificateSha256 !== null && <Certificate sha256={shown.result.certificateSha256} isOther={certificateSha256 !== null} onPin={onPin} />}
    </div>
  );
}

/** The certificate that was shown. It is pinned by a press and never by itself: whoever stands between on that day would be pinned. */
function Certificate({ sha256, isOther, onPin }: { readonly sha256: string; readonly isOther: boolean; readonly onPin: (sha256: string) => void }) {
  const words = useWords(camerasWords).certificate;
  return (
    <div className="certificate">
      <p>{isOther ? words.other : words.shown}</p>
      <p className="mono" translate="no">{sha256.toUpperCase().match(/.{2}/g)!.join(":")}</p>
      <p>{words.compare}</p>
      <Button onPress={() => onPin(sha256)}>{words.pin}</Button>
    </div>
  );
}
