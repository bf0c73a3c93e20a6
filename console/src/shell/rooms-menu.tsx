// The rooms on a narrow screen: one button that names the present one and lists all. A row of links would be cut off at the edge, and what is cut off is not there.
import { Button as AriaButton } from "react-aria-components/Button";
import { Menu, MenuItem, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { Icon } from "../design/index.ts";
import { useWords } from "../words/use-words.ts";
import type { RoomName } from "./room-rules.ts";
import { navigate } from "./route.ts";
import { shellWords } from "./words.ts";

export function RoomsMenu({ rooms, here }: { readonly rooms: readonly RoomName[]; readonly here: RoomName | null }) {
  const words = useWords(shellWords);
  return (
    <MenuTrigger>
      <AriaButton className="button button-quiet rooms-menu" aria-label={here === null ? words.navigation : `${words.navigation}: ${words.rooms[here]}`}>
        <b className="clip">{here === null ? words.navigation : words.rooms[here]}</b>
        <Icon name="chevron" size={12} />
      </AriaButton>
      <Popover className="popover" placement="bottom start">
        <Menu className="menu rooms-menu-list" selectionMode="single" selectedKeys={here === null ? [] : [here]}>
          {rooms.map((room) => <MenuItem key={room} id={room} className="menu-item" onAction={() => navigate(`/${room}`)}>{words.rooms[room]}</MenuItem>)}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
