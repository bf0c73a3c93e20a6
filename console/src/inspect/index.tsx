// Inspect: who watched what and why, and who changed what. Inspectors read here and change nothing.
import { useState } from "react";
import { PanelHead, Tab, TabList, TabPanel, Tabs } from "../design/index.ts";
import { useMay } from "../shell/session.ts";
import { useWords } from "../words/use-words.ts";
import { AccessRecords } from "./access-records.tsx";
import { AuditEntries } from "./audit-entries.tsx";
import "./inspect.css";
import { inspectWords } from "./words.ts";

export default function Inspect() {
  const words = useWords(inspectWords);
  const mayLooks = useMay("access-record.read");
  const mayChanges = useMay("audit.read");
  const [tab, setTab] = useState(mayLooks ? "looks" : "changes");
  return (
    <div className="inspect">
      <PanelHead title={words.title} />
      <Tabs selectedKey={tab} onSelectionChange={(key) => setTab(String(key))}>
        <TabList aria-label={words.title}>
          {mayLooks && <Tab id="looks">{words.looks.title}</Tab>}
          {mayChanges && <Tab id="changes">{words.changes.title}</Tab>}
        </TabList>
        {mayLooks && <TabPanel id="looks"><AccessRecords /></TabPanel>}
        {mayChanges && <TabPanel id="changes"><AuditEntries /></TabPanel>}
      </Tabs>
    </div>
  );
}
