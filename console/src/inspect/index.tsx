// Inspect: who watched what and why, who changed what, who read all that, and which evidence left or is kept. Inspectors read here and change nothing; that they read is
// recorded too. Whoever may export finds the own packages here, and administrators the holds that they release.
import { PanelHead, Tab, TabList, TabPanel, Tabs } from "../design/index.ts";
import { EvidenceRoom } from "../evidence/evidence-room.tsx";
import { evidenceWords } from "../evidence/words.ts";
import { navigate, useAddress } from "../shell/route.ts";
import { usePermissions } from "../shell/session.ts";
import { useWords } from "../words/use-words.ts";
import { AccessRecords } from "./access-records.tsx";
import { AuditEntries } from "./audit-entries.tsx";
import "./inspect.css";
import { listInspectTabs } from "./inspect-tabs.ts";
import { inspectAddress } from "./use-filter.ts";
import { inspectWords } from "./words.ts";

export default function Inspect() {
  const words = useWords(inspectWords);
  const evidence = useWords(evidenceWords);
  const tabs = listInspectTabs(usePermissions());
  const mayLooks = tabs.includes("looks");
  const mayChanges = tabs.includes("changes");
  const mayEvidence = tabs.includes("evidence");
  const { rest } = useAddress();
  const tab = tabs.find((one) => one === rest[0]) ?? tabs[0]!;
  return (
    <div className="inspect">
      <PanelHead title={words.title}><span className="quiet end inspect-said">{words.recorded}</span></PanelHead>
      <Tabs selectedKey={tab} onSelectionChange={(key) => String(key) !== tab && navigate(inspectAddress(String(key), {}))}>
        <TabList aria-label={words.title}>
          {mayLooks && <Tab id="looks">{words.looks.title}</Tab>}
          {mayChanges && <Tab id="changes">{words.changes.title}</Tab>}
          {mayChanges && <Tab id="readings">{words.changes.readings}</Tab>}
          {mayEvidence && <Tab id="evidence">{evidence.list.title}</Tab>}
        </TabList>
        {mayLooks && <TabPanel id="looks"><AccessRecords /></TabPanel>}
        {mayChanges && <TabPanel id="changes"><AuditEntries kind="changes" /></TabPanel>}
        {mayChanges && <TabPanel id="readings"><AuditEntries kind="readings" /></TabPanel>}
        {mayEvidence && <TabPanel id="evidence"><EvidenceRoom /></TabPanel>}
      </Tabs>
    </div>
  );
}
