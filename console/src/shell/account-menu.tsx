import { useState } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { Menu, MenuItem, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { Icon } from "../design/index.ts";
import { OwnPassword } from "./own-password.tsx";
import { playTest } from "./sounds.ts";
import { setPreferences, usePreferences } from "./preferences.ts";
import { navigate } from "./route.ts";
import { logOut, useAccount, useSession } from "./session.ts";
import { useWords } from "../words/use-words.ts";
import { domainWords } from "../words/domain.ts";
import { shellWords } from "./words.ts";

export function AccountMenu() {
  const words = useWords(shellWords);
  const domain = useWords(domainWords);
  const account = useAccount();
  const muted = usePreferences((p) => p.muted);
  const demo = useSession((s) => s.welcome?.demo === true);
  const [changing, setChanging] = useState(false);
  if (account === null) return null;
  return (
    <>
      <MenuTrigger>
        <AriaButton className="button button-quiet account-button" aria-label={`${words.account}: ${account.name}`}>
          <Icon name="person" />
          <span className="clip">{account.name}</span>
        </AriaButton>
        <Popover className="popover" placement="bottom end">
          <header className="account-head">
            <strong>{account.name}</strong>
            <span className="quiet">{account.roles.map((role) => domain.roles[role]).join(" · ")}</span>
          </header>
          <Menu className="menu">
            <MenuItem className="menu-item" onAction={() => setPreferences({ muted: !muted })}>{muted ? words.sound.unmute : words.sound.mute}</MenuItem>
            <MenuItem className="menu-item" onAction={playTest}>{words.sound.test}</MenuItem>
            {demo && <MenuItem className="menu-item" onAction={() => navigate("/welcome")}>{words.openWelcome}</MenuItem>}
            <MenuItem className="menu-item" onAction={() => setChanging(true)}>{words.ownPassword.open}</MenuItem>
            <MenuItem className="menu-item" onAction={() => void logOut()}>{words.logOut}</MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
      <OwnPassword open={changing} onClose={() => setChanging(false)} />
    </>
  );
}
