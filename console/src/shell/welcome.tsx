// A newcomer's first minute: what this city is, and what this account may try.
import { Link } from "react-aria-components/Link";
import { Button, Icon } from "../design/index.ts";
import { useFormat, useWords } from "../words/use-words.ts";
import { useCityNotice } from "./city-notice.ts";
import { useCity } from "./city.ts";
import { setPreferences } from "./preferences.ts";
import { findHomeRoom, type RoomName } from "./rooms.ts";
import { navigate } from "./route.ts";
import { usePermissions, useSession } from "./session.ts";
import { hrefOfTask, listWelcomeTasks } from "./welcome-tasks.ts";
import { shellWords } from "./words.ts";

export function Welcome() {
  const all = useWords(shellWords);
  const words = all.welcome;
  const format = useFormat();
  const city = useCity((s) => s.city);
  const name = useSession((s) => s.welcome?.name ?? "");
  const demo = useSession((s) => s.welcome?.demo === true);
  const simulatedCalls = useSession((s) => s.welcome?.simulatedCalls === true);
  const notice = useCityNotice();
  const permissions = usePermissions();
  const home = findHomeRoom(permissions);
  const tasks = listWelcomeTasks(permissions, !demo || simulatedCalls);
  const leave = (): void => setPreferences({ welcomed: true });
  const go = (room: RoomName): void => {
    leave();
    navigate(`/${room}`);
  };
  return (
    <div className="welcome">
      <h2 className="page-title">{words.title(city?.name ?? name)}</h2>
      <p>{notice}{demo && ` ${simulatedCalls ? words.stories : words.noCalls}`}</p>
      {city !== null && <p className="quiet">{words.counts(format.number(city.counts.streets), format.number(city.counts.cameras), format.number(city.counts.platforms))}</p>}
      {tasks.length > 0 && (
        <>
          <h3 className="welcome-things">{words.things(tasks.length)}</h3>
          <ol className="welcome-list">
            {tasks.map((task, i) => (
              <li key={task}>
                <Link className="welcome-task" href={hrefOfTask(task)} onPress={leave}>
                  <span className="welcome-number">{i + 1}</span>
                  <span className="grow">
                    <strong>{words[task].title}</strong>
                    <span className="quiet">{words[task].text}</span>
                  </span>
                  <Icon name="chevron" />
                </Link>
              </li>
            ))}
          </ol>
        </>
      )}
      {home === undefined ? <p>{all.noRoom}</p> : (
        <div><Button tone="primary" autoFocus onPress={() => go(home)}>{words.openRoom(all.rooms[home])}</Button></div>
      )}
    </div>
  );
}
