// People: who may come in. The accounts of persons, the keys of outside systems, and what is registered of these; and the run cards, the platforms and the shifts, which the same people keep, and how long things may wait.
import type { ComponentType } from "react";
import { Tab, TabList, TabPanel, Tabs } from "../design/index.ts";
import { navigate, useAddress } from "../shell/route.ts";
import { useWords } from "../words/use-words.ts";
import { Accounts } from "./accounts.tsx";
import { AlarmPoints } from "./alarm-points.tsx";
import { alarmWords } from "./alarm-words.ts";
import { dutyWords } from "./duty-words.ts";
import { OutsideSystems } from "./outside-systems.tsx";
import { outsideWords } from "./outside-words.ts";
import "./people.css";
import { Platforms } from "./platforms.tsx";
import { RunCards } from "./run-cards.tsx";
import { runCardWords } from "./run-card-words.ts";
import { Shifts } from "./shifts.tsx";
import { trackerWords } from "./tracker-words.ts";
import { Trackers } from "./trackers.tsx";
import { webhookWords } from "./webhook-words.ts";
import { waitWords } from "./wait-words.ts";
import { Waits } from "./waits.tsx";
import { Webhooks } from "./webhooks.tsx";
import { peopleWords } from "./words.ts";

export default function People() {
  const words = useWords(peopleWords);
  const duty = useWords(dutyWords);
  const tabs: readonly { readonly id: string; readonly title: string; readonly Page: ComponentType }[] = [
    { id: "accounts", title: words.title, Page: Accounts },
    { id: "outside", title: useWords(outsideWords).title, Page: OutsideSystems },
    { id: "run-cards", title: useWords(runCardWords).title, Page: RunCards },
    { id: "platforms", title: duty.platforms.title, Page: Platforms },
    { id: "shifts", title: duty.shifts.title, Page: Shifts },
    { id: "waits", title: useWords(waitWords).title, Page: Waits },
    { id: "trackers", title: useWords(trackerWords).title, Page: Trackers },
    { id: "alarm-points", title: useWords(alarmWords).title, Page: AlarmPoints },
    { id: "webhooks", title: useWords(webhookWords).title, Page: Webhooks },
  ];
  const { rest } = useAddress();
  const tab = tabs.find(({ id }) => id === rest[0])?.id ?? "accounts";
  return (
    <div className="people-room">
      <Tabs selectedKey={tab} onSelectionChange={(key) => String(key) !== tab && navigate(key === "accounts" ? "/people" : `/people/${String(key)}`)}>
        <TabList aria-label={words.title}>{tabs.map(({ id, title }) => <Tab key={id} id={id}>{title}</Tab>)}</TabList>
        {tabs.map(({ id, Page }) => <TabPanel key={id} id={id}><Page /></TabPanel>)}
      </Tabs>
    </div>
  );
}
