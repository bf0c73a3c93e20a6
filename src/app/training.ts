// What keeps training apart from a real city [TRN1] [TRN3]: its log says that it is of training and is opened by nothing else, and its machine accounts have tokens that a real centre and a real fleet
// gateway do not know, even where somebody has copied a whole data folder.
import { createHmac } from "node:crypto";
import { ToldError } from "../base/told-error.ts";
import type { Database } from "../io/postgres/database.ts";
import { createSettingStore } from "../io/postgres/setting-store.ts";
import type { Poster } from "../io/webhook/post.ts";
import type { Secrets } from "./data-folder.ts";

const SETTING = "log-kind";

/** Throws a ToldError where the log is of the other kind. A log from before this was asked is a real one. */
export async function claimLog(database: Database, training: boolean): Promise<void> {
  const settings = createSettingStore(database);
  const stored = (await settings.find(SETTING)) as { readonly training?: unknown } | undefined;
  if (stored === undefined) {
    const [row] = await database<{ used: boolean }[]>`select exists (select from dispatch_event) or exists (select from account) as used`;
    if (training && row?.used === true) throw new ToldError("The log in this database is a real one: training needs a database of its own");
    await settings.save(SETTING, { training });
    return;
  }
  if ((stored.training === true) === training) return;
  throw new ToldError(training ? "The log in this database is a real one: training needs a database of its own" : "The log in this database is of training: nothing in it has happened. Start with --training, or name another database");
}

type ServiceTokens = Secrets["serviceTokens"];
export const trainingTokens = (tokens: ServiceTokens): ServiceTokens => {
  const apart = (token: string): string => createHmac("sha256", token).update("citywatch training 1").digest("base64url");
  return { recorder: apart(tokens.recorder), telephony: apart(tokens.telephony), fleet: apart(tokens.fleet) };
};

/** [TRN5] Outside systems hear nothing of training: each delivery ends here, and says why. */
export const noPoster: Poster = { post: async () => ({ error: "training: nothing is delivered outside" }) };
