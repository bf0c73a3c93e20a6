// Who comes to an officer in danger: who, how far, and how long the road takes. Nobody yet is said as plainly.
import type { FieldView } from "../../../src/contract/live.ts";
import { distanceM } from "../../../src/geo/point.ts";
import { StatusMark } from "../design/index.ts";
import { wordFor } from "../words/catalogue.ts";
import { domainWords } from "../words/domain.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { isThere } from "./progress.ts";
import { fieldWords } from "./words.ts";

export function Help({ help }: { readonly help: NonNullable<FieldView["help"]> }) {
  const words = useWords(fieldWords).emergency;
  const domain = useWords(domainWords);
  const format = useFormat();
  if (help.length === 0) return <p>{words.nobody}</p>;
  return (
    <ul className="field-help" aria-label={words.coming}>
      {help.map((one) => (
        <li key={one.callSign}>
          <StatusMark tone={isThere(one.state) ? "scene" : "moving"} label="" />
          <b>{one.callSign}</b> <span>{domain.unitKinds[one.kind]}, {wordFor(domain.assignmentStates, one.state)}</span>
          {!isThere(one.state) && one.point !== null && <span>{words.away(format.metres(distanceM(one.point, one.place)))}</span>}
          {!isThere(one.state) && one.secondsAtAssign !== null && one.sentAt !== null && <span className="quiet">{words.byRoad(format.age(one.secondsAtAssign * 1000), format.time(one.sentAt))}</span>}
        </li>
      ))}
    </ul>
  );
}
