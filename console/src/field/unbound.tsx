// An account without a unit: what is missing, who mends it, and what to tell them. The page asks now and then whether it was done, and on a press.
import { useEffect, useState } from "react";
import { Button } from "../design/index.ts";
import { renewSession, useAccount } from "../shell/session.ts";
import { useWords } from "../words/use-words.ts";
import { fieldWords } from "./words.ts";

const ASK_EVERY_MS = 20_000;

export function Unbound() {
  const words = useWords(fieldWords).unbound;
  const account = useAccount();
  const [asked, setAsked] = useState<"no" | "asking" | "still">("no");
  useEffect(() => {
    const timer = setInterval(() => void renewSession(), ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const ask = async (): Promise<void> => {
    setAsked("asking");
    await renewSession();
    setAsked("still");
  };
  return (
    <div className="field-room field-unbound">
      <h2>{words.title}</h2>
      <p>{words.why}</p>
      <ol>
        <li>{words.call}</li>
        <li>{words.tell} <b className="mono">{account?.login}</b></li>
        <li>{words.wait}</li>
      </ol>
      <Button tone="primary" onPress={() => void ask()} isDisabled={asked === "asking"}>{words.again}</Button>
      {asked === "still" && <p className="quiet" role="status">{words.still}</p>}
    </div>
  );
}
