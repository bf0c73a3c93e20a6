// Question cards to read, and run cards to read, check, propose and approve. A table takes two looks: whoever proposed it does not put it in force, unless nobody else has the right to, and nobody has lost it since a day before.
import type { Clock } from "../../base/time.ts";
import { ROLES } from "../../contract/access.ts";
import type { Actor } from "../../contract/basics.ts";
import { INCIDENT_TYPES, type IncidentType } from "../../contract/dispatch.ts";
import type { StoredRunCards } from "../../contract/register.ts";
import type { RunCardProposal, RunCardRow } from "../../contract/run-cards.ts";
import { BUILT_IN_VERSION, diffRunCards, findBuiltIn, findBuiltInBeside, type RunCardChange as Change, type RunCardRow as Row } from "../../dispatch/run-cards.ts";
import { TRIAGE_CARDS, cardOfType } from "../../dispatch/triage-cards.ts";
import type { RunCardShelf } from "../../workflow/run-card-shelf.ts";
import { permissionsOfAccount } from "../gate/principal.ts";
import { ApiError, badInput, notFound } from "../gate/problem.ts";
import type { Handlers } from "../handler.ts";
import type { AccountStorePort, RunCardStorePort } from "../ports.ts";
import { formatRunCards, readRunCards } from "../run-cards/run-card-text.ts";
import { listUnknownAreas } from "../run-cards/unknown-areas.ts";
import { listUnknownSkills } from "../run-cards/unknown-skills.ts";

export interface RunCardHandlerOptions {
  readonly clock: Clock;
  readonly store: RunCardStorePort;
  readonly shelf: RunCardShelf;
  readonly accounts: Pick<AccountStorePort, "list">;
  /** Of the city's map. */
  readonly listDistricts: () => readonly string[];
  /** That some unit has. */
  readonly listSkills: () => readonly string[];
}
type Names = "listTriageCards" | "getRunCards" | "getRunCardVersion" | "checkRunCards" | "proposeRunCards" | "approveRunCards" | "discardRunCards" | "exportRunCards";

const MOST_VERSIONS = 200;
const TYPES = Object.keys(INCIDENT_TYPES) as IncidentType[];
/** Who may put a table in force. */
const ROLES_WITH_RIGHT = ROLES.filter((role) => permissionsOfAccount({ roles: [role] }).includes("run-card.write"));
const REFUSALS = {
  "own-proposal": "Who proposed a table does not put it in force: somebody else with the right has to", "not-a-proposal": "It was put in force or discarded already", "run-cards-moved-on": "Another table has come into force since: propose it anew",
} as const;

const wire = (rows: readonly Row[]): RunCardRow[] => rows.map((row) => ({ ...row, wants: row.wants.map(({ kinds, count, skills }) => ({ kinds: [...kinds], count, ...(skills === undefined ? {} : { skills: [...skills] }) })) }));
const wireChanges = (changes: readonly Change[]): RunCardProposal["changes"] =>
  changes.map((change) => (change.kind === "changed" ? { kind: change.kind, before: wire([change.before])[0]!, row: wire([change.row])[0]! } : { kind: change.kind, row: wire([change.row])[0]! }));

export function createRunCardHandlers({ clock, store, shelf, accounts, listDistricts, listSkills }: RunCardHandlerOptions): Pick<Handlers, Names> {
  const inForce = () => shelf.current().table;
  const findRows = async (version: number): Promise<readonly Row[] | null> =>
    version === inForce().version ? inForce().rows : ((await store.findVersion(version)) ?? findBuiltIn(version))?.rows ?? null;
  const describe = (proposal: StoredRunCards): RunCardProposal => ({
    id: proposal.id, basedOn: proposal.basedOn, words: proposal.words, proposedAt: proposal.proposedAt, proposedBy: proposal.proposedBy, rows: proposal.rows, changes: wireChanges(diffRunCards(inForce().rows, proposal.rows)), unknownAreas: listUnknownAreas(proposal.rows, listDistricts()), unknownSkills: listUnknownSkills(proposal.rows, listSkills()),
  });
  const isOnly = async (by: Actor): Promise<boolean> =>
    (await accounts.list()).every((account) => account.disabled || (by.kind === "user" && account.id === by.id) || !permissionsOfAccount(account).includes("run-card.write"));
  const settle = async (id: number, state: "approved" | "discarded", by: Actor): Promise<StoredRunCards> => {
    const alone = state === "approved" && (await isOnly(by));
    const settled = await store.settle(id, state, by, clock.wallMs(), { least: BUILT_IN_VERSION + 1, roles: ROLES_WITH_RIGHT }, (proposal, current, rightTaken) => {
      if (proposal.state !== "proposed") return "not-a-proposal";
      if (state === "discarded") return null;
      if (proposal.basedOn !== (current?.version ?? BUILT_IN_VERSION)) return "run-cards-moved-on";
      return !(alone && !rightTaken) && proposal.proposedBy.kind === by.kind && proposal.proposedBy.id === by.id ? "own-proposal" : null;
    });
    if (settled.ok) return settled.value;
    if (settled.error === "not-found") throw notFound("proposal");
    throw new ApiError(409, settled.error, REFUSALS[settled.error]);
  };

  return {
    listTriageCards: async () => ({
      cards: TRIAGE_CARDS.map((card) => ({ ...card, questions: card.questions.map((question) => ({ ...question, options: [...question.options] })) })),
      types: TYPES.flatMap((type) => {
        const card = cardOfType(type);
        return card === null ? [] : [{ type, code: card.code, version: card.version }];
      }),
    }),
    getRunCards: async () => {
      const { version, rows } = inForce();
      const [versions, proposal] = [await store.listVersions(MOST_VERSIONS), await store.findProposed()];
      const own = findBuiltInBeside(versions.map((one) => one.version!));
      return {
        version, rows: wire(rows), knownSkills: [...listSkills()], proposal: proposal === null ? null : describe(proposal),
        versions: [
          ...versions.map((one) => ({ version: one.version!, rows: one.rowCount, words: one.words, since: one.settledAt, proposedBy: one.proposedBy, by: one.settledBy })),
          ...(own === undefined ? [] : [{ version: own.version, rows: own.rows.length, words: "", since: null, proposedBy: null, by: null }]),
        ],
      };
    },
    getRunCardVersion: async ({ params }) => {
      const rows = await findRows(params.id);
      if (rows === null) throw notFound("version of the run cards");
      return { version: params.id, rows: wire(rows), changes: wireChanges(diffRunCards(rows, inForce().rows)) };
    },
    checkRunCards: async ({ body }) => {
      const { rows, faults } = await readRunCards(body.format, body.text);
      return { rows, faults, changes: faults.length > 0 ? [] : wireChanges(diffRunCards(inForce().rows, rows)), unknownAreas: listUnknownAreas(rows, listDistricts()), unknownSkills: listUnknownSkills(rows, listSkills()) };
    },
    proposeRunCards: async ({ principal, body }) => {
      const { rows, faults } = await readRunCards(body.format, body.text);
      if (faults.length > 0) throw badInput(faults.map(({ line, ...fault }) => ({ ...fault, code: fault.code as never, field: line === null ? fault.field : `line ${line}: ${fault.field}` })));
      if (body.basedOn !== inForce().version) throw new ApiError(409, "run-cards-moved-on", REFUSALS["run-cards-moved-on"]);
      if (diffRunCards(inForce().rows, rows).length === 0) throw new ApiError(409, "no-change", "The table is the one that is in force");
      const made = await store.propose({ basedOn: body.basedOn, rows, words: body.words }, principal.actor, clock.wallMs());
      if (!made.ok) throw new ApiError(409, made.error, "Another table waits for its second look: approve or discard it first");
      return describe(made.value);
    },
    approveRunCards: async ({ principal, params }) => {
      const { version, rows } = await settle(params.id, "approved", principal.actor);
      shelf.put({ version: version!, rows });
      return { version: version!, rows, changes: [] };
    },
    discardRunCards: async ({ principal, params }) => {
      await settle(params.id, "discarded", principal.actor);
      return { done: true };
    },
    exportRunCards: async ({ body }) => {
      const version = body.version ?? inForce().version;
      const rows = await findRows(version);
      if (rows === null) throw notFound("version of the run cards");
      return { version, text: formatRunCards(body.format, wire(rows)), rows: rows.length };
    },
  };
}
