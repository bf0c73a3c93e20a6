// At each log-on, for those who must hear: one press plays every sound, and one says whether it was heard. Nothing waits for it, and it takes one line.
import { useState } from "react";
import { Button } from "../design/index.ts";
import { useWords } from "../words/use-words.ts";
import { setSoundCheck, useMustHear, useSoundCheck } from "./sound-check.ts";
import { playTest } from "./sounds.ts";
import { shellWords } from "./words.ts";

export function SoundCheckBar() {
  const words = useWords(shellWords).sound;
  const mustHear = useMustHear();
  const { result, aside } = useSoundCheck();
  const [played, setPlayed] = useState(false);
  if (result === "heard" || aside || !mustHear) return null;
  const silent = result === "not-heard";
  const play = (): void => {
    playTest();
    setPlayed(true);
  };
  const answer = (heard: boolean): void => {
    setPlayed(false);
    setSoundCheck({ result: heard ? "heard" : "not-heard", aside: false });
  };
  const text = played ? words.heardThem : silent ? words.silent : words.ask;
  return (
    <div className={`sound-check ${silent ? "sound-check-silent" : ""}`} role="status">
      <span className="grow clip" title={text}>{text}</span>
      {played && <><Button tone="primary" onPress={() => answer(true)}>{words.yes}</Button><Button onPress={() => answer(false)}>{words.no}</Button></>}
      <Button tone={played ? "quiet" : "primary"} onPress={play}>{played || silent ? words.again : words.play}</Button>
      {!played && <Button tone="quiet" onPress={() => setSoundCheck({ result, aside: true })}>{words.later}</Button>}
    </div>
  );
}
