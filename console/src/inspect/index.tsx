// Inspect: who watched what and why, who changed what, and who read all that. Inspectors read here and change nothing; that they read is recorded too.
import { PanelHead, Tab, TabList, TabPanel, Tabs } from "../design/index.ts";
import { navigate, useAddress } from "../shell/route.ts";
import { useMay } from "../shell/session.ts";
import { useWords } from "../words/use-words.ts";
import { AccessRecords } from "./access-records.tsx";
import { AuditEntries } from "./audit-entries.tsx";
import "./inspect.css";
import { inspectAddress } from "./use-filter.ts";
import { inspectWords } from "./words.ts";

export default function Inspect() {
  const words = useWords(inspectWords);
  const mayLooks = useMay("access-record.read");
  const mayChanges = useMay("audit.read");
  const tabs = [...(mayLooks ? ["looks"] : []), ...(mayChanges ? ["changes", "readings"] : [])];
  const { rest } = useAddress();
  const tab = tabs.includes(rest[0] ?? "") ? rest[0]! : tabs[0]!;
  return (
    <div className="inspect">
      <PanelHead title={words.title}><span className="quiet end inspect-said">{words.recorded}</span></PanelHead>
      <Tabs selectedKey={tab} onSelectionChange={(key) => String(key) !== tab && navigate(inspectAddress(String(key), {}))}>
        <TabList aria-label={words.title}>
          {mayLooks && <Tab id="looks">{words.looks.title}</Tab>}
          {mayChanges && <Tab id="changes">{words.changes.title}</Tab>}
          {mayChanges && <Tab id="readings">{words.changes.readings}</Tab>}
        </TabList>
        {mayLooks && <TabPanel id="looks"><AccessRecords /></TabPanel>}
        {mayChanges && <TabPanel id="changes"><AuditEntries kind="changes" /></TabPanel>}
        {mayChanges && <TabPanel id="readings"><AuditEntries kind="readings" /></TabPanel>}
      </Tabs>
    </div>
  );
}
