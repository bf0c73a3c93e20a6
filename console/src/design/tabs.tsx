import { Tabs as AriaTabs, TabList as AriaTabList, Tab as AriaTab, TabPanel as AriaTabPanel, type TabsProps, type TabListProps, type TabProps, type TabPanelProps } from "react-aria-components/Tabs";

export const Tabs = (props: Omit<TabsProps, "className">) => <AriaTabs {...props} className="tabs" />;
export const TabList = <T extends object>(props: Omit<TabListProps<T>, "className">) => <AriaTabList {...props} className="tab-list" />;
export const Tab = (props: Omit<TabProps, "className">) => <AriaTab {...props} className="tab" />;
export const TabPanel = (props: Omit<TabPanelProps, "className">) => <AriaTabPanel {...props} className="tab-panel" />;
