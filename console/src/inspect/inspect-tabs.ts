// Which pages of Inspect an account sees, in their order. Evidence is for those who export or inspect, and for those who read holds: administrators release them and do neither of the others.
import type { Permission } from "../../../src/contract/access.ts";

export const INSPECT_TABS = {
  looks: ["access-record.read"],
  changes: ["audit.read"],
  readings: ["audit.read"],
  evidence: ["access-record.read", "evidence.export", "hold.read"],
} as const satisfies Record<string, readonly Permission[]>;
export type InspectTab = keyof typeof INSPECT_TABS;

export const listInspectTabs = (permissions: readonly Permission[]): readonly InspectTab[] =>
  (Object.keys(INSPECT_TABS) as InspectTab[]).filter((tab) => INSPECT_TABS[tab].some((permission) => permissions.includes(permission)));
