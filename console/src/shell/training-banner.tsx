// What nobody may overlook: this is training. In words at the top of every page, the log-in and the phone's too, and as a striped frame around the window, so that a glance from
// the other end of the room is enough and no colour is needed [TRN4].
import { useEffect } from "react";
import { useWords } from "../words/use-words.ts";
import { findKeptPhone } from "./phone-store.ts";
import { useSession } from "./session.ts";
import { shellWords } from "./words.ts";

export const useIsTraining = (): boolean => useSession((s) => (s.welcome === null ? findKeptPhone()?.training === true : s.welcome.training));

/** The word again, where the eye rests: beside the name of the program, in the bottom line, beside a phone's call sign. */
export function TrainingMark() {
  const words = useWords(shellWords).training;
  return useIsTraining() ? <strong className="training-mark">{words.mark}</strong> : null;
}

export function TrainingBanner() {
  const words = useWords(shellWords).training;
  const training = useIsTraining();
  useEffect(() => {
    if (training) document.documentElement.dataset["training"] = "";
    else delete document.documentElement.dataset["training"];
  }, [training]);
  if (!training) return null;
  return (
    <>
      <div className="training-banner" role="status"><strong>{words.mark}</strong><span className="clip">{words.text} <span className="training-more">{words.more}</span></span></div>
      <div className="training-frame" aria-hidden="true" />
    </>
  );
}
