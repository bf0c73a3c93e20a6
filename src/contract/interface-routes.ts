// Routes of outside systems and of the people who look after them: part of the table of routes.ts, with the same meaning.
import { z } from "zod";
import * as interfaces from "./interfaces.ts";
import { byId, route } from "./route.ts";

export const INTERFACE_ROUTES = {
  listMachineAccounts: route({ method: "GET", path: "/machine-accounts", permission: "interface.write", summary: "Outside systems with a key, revoked ones too; never the keys", answer: z.object({ accounts: z.array(interfaces.MachineAccount) }) }),
  createMachineAccount: route({ method: "POST", path: "/machine-accounts", permission: "interface.write", summary: "Make a key for one outside system and one interface; the answer is the only place that ever shows it", body: interfaces.NewMachineAccount, answer: interfaces.MachineAccountMade }),
  revokeMachineAccount: route({ method: "POST", path: "/machine-accounts/{id}/revocation", permission: "interface.write", summary: "The key opens nothing from now on; it cannot be taken back", params: byId, answer: interfaces.MachineAccount }),
} as const;
