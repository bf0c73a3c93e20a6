// A newcomer's first minute: what this city is, and three things to try.
import { Button } from "../design/index.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useCityNotice } from "./city-notice.ts";
import { useCity } from "./city.ts";
import { setPreferences } from "./preferences.ts";
import type { RoomName } from "./rooms.ts";
import { navigate } from "./route.ts";
import { useSession } from "./session.ts";
import { shellWords } from "./words.ts";

export function Welcome({ rooms }: { readonly rooms: readonly RoomName[] }) {
  const all = useWords(shellWords);
  const words = all.welcome;
  const format = useFormat();
  const city = useCity((s) => s.city);
  const name = useSession((s) => s.welcome?.name ?? "");
  const demo = useSession((s) => s.welcome?.demo === true);
  const notice = useCityNotice();
  const first = rooms[0];
  const go = (room: RoomName): void => {
    setPreferences({ welcomed: true });
    navigate(`/${room}`);
  };
  return (
    <div className="welcome">
      <h2 className="page-title">{words.title(city?.name ?? name)}</h2>
      <p>{notice}{demo && ` ${words.stories}`}</p>
      {city !== null && <p className="quiet">{words.counts(format.number(city.counts.streets), format.number(city.counts.cameras), format.number(city.counts.platforms))}</p>}
      {rooms.includes("operate") && (
        <>
          <h3 className="welcome-things">{words.things}</h3>
          <ol className="welcome-list">
            {([words.call, words.camera, words.unit] as const).map((thing, i) => (
              <li key={i}>
                <span className="welcome-number">{i + 1}</span>
                <div>
                  <strong>{thing.title}</strong>
                  <p className="quiet">{thing.text}</p>
                </div>
              </li>
            ))}
          </ol>
        </>
      )}
      {first === undefined ? <p>{all.noRoom}</p> : (
        <div className="row">
          {rooms.map((room, i) => <Button key={room} tone={i === 0 ? "primary" : "plain"} autoFocus={i === 0} onPress={() => go(room)}>{words.openRoom(all.rooms[room])}</Button>)}
        </div>
      )}
    </div>
  );
}
