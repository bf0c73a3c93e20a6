// People: who may come in. The accounts of persons, and the keys of outside systems.
import { Tab, TabList, TabPanel, Tabs } from "../design/index.ts";
import { navigate, useAddress } from "../shell/route.ts";
import { useWords } from "../words/use-words.ts";
import { Accounts } from "./accounts.tsx";
import { OutsideSystems } from "./outside-systems.tsx";
import { outsideWords } from "./outside-words.ts";
import "./people.css";
import { peopleWords } from "./words.ts";

export default function People() {
  const words = useWords(peopleWords);
  const outside = useWords(outsideWords);
  const tab = useAddress().rest[0] === "outside" ? "outside" : "accounts";
  return (
    <div className="people-room">
      <Tabs selectedKey={tab} onSelectionChange={(key) => String(key) !== tab && navigate(key === "outside" ? "/people/outside" : "/people")}>
        <TabList aria-label={words.title}><Tab id="accounts">{words.title}</Tab><Tab id="outside">{outside.title}</Tab></TabList>
        <TabPanel id="accounts"><Accounts /></TabPanel>
        <TabPanel id="outside"><OutsideSystems /></TabPanel>
      </Tabs>
    </div>
  );
}
