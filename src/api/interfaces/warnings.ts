// Public warnings over HTTP: drafts and their sending for people, documents of other agencies by a key, and the feed for everybody.
import { createFault } from "../../base/expectations.ts";
import { err, ok } from "../../base/result.ts";
import type { Clock } from "../../base/time.ts";
import type { PublicWarnings, Warning, WarningContent } from "../../contract/warnings.ts";
import { findApprovalRefusal, identifierOf, isInForce, readWarning, statusOf, writeCap } from "../../interfaces/warning.ts";
import { parseCap } from "../../protocol/cap/cap.ts";
import { formatXmlText } from "../../protocol/xml/xml.ts";
import { ApiError, badInput, notFound } from "../gate/problem.ts";
import type { Handlers } from "../handler.ts";
import type { WarningStorePort } from "../ports.ts";
import type { ReportIntake } from "./report-intake.ts";
import type { z } from "zod";

export interface WarningsOptions {
  readonly clock: Clock;
  readonly store: WarningStorePort;
  readonly reports: ReportIntake;
  readonly incidentExists: (id: number) => boolean;
  /** What sends of this installation are known by. */
  readonly sender: { readonly installation: string; readonly id: string; readonly name: string; readonly training: boolean };
  readonly publicOrigin: string;
  /** Hash of the text, for ids of other agencies that are longer than ours may be. */
  readonly shorten: (text: string) => string;
}
type Names = "listWarnings" | "draftWarning" | "changeWarning" | "approveWarning" | "discardWarning" | "reportCap" | "listPublicWarnings";

const MOST_LISTED = 200;
const MOST_PUBLIC = 500;
const PUBLIC_FOR_MS = 7 * 24 * 3_600_000;
const LONGEST_CHAIN = 100;
const FEED_KEPT_MS = 15_000;
const MESSAGES = {
  "own-draft": "Who drafted a warning does not send it: somebody else has to", "not-a-draft": "It was sent or discarded already", "warning-expired": "It has run out: draft it anew with another end", "already-replaced": "It was updated or withdrawn already", "moved-on": "It was worded anew meanwhile: read it again",
} as const;

export interface Warnings {
  readonly handlers: Pick<Handlers, Names>;
  /** For subscribers; null: no such warning was sent. */
  findCap(id: number): Promise<string | null>;
  writeAtom(): Promise<string>;
}

export function createWarnings({ clock, store, reports, incidentExists, sender, publicOrigin, shorten }: WarningsOptions): Warnings {
  const capUrl = (id: number): string => `${publicOrigin}/public/warnings/${id}.xml`;
  const readPublic = async (now: number): Promise<z.input<typeof PublicWarnings>> => {
    const sent = await store.listPublic(now - PUBLIC_FOR_MS, now, MOST_PUBLIC);
    return {
      updatedAt: Math.max(0, ...sent.map((warning) => warning.approvedAt!)),
      warnings: sent.map((warning) => {
        const { content, id, kind } = warning;
        return { status: statusOf(sender), identifier: identifierOf(sender.installation, id), sentAt: warning.approvedAt!, kind, inForce: isInForce(warning, now), ...content, capUrl: capUrl(id) };
      }),
    };
  };
  // One reading serves everybody who asks within the seconds that an answer may be kept anyway, until something is sent or runs out.
  let read: { readonly at: number; until: number; readonly answer: Promise<z.input<typeof PublicWarnings>> } | null = null;
  const listPublic = (): Promise<z.input<typeof PublicWarnings>> => {
    const now = clock.wallMs();
    if (read !== null && now >= read.at && now < read.until) return read.answer;
    const mine = { at: now, until: now + FEED_KEPT_MS, answer: readPublic(now) };
    read = mine;
    mine.answer.then(
      ({ warnings }) => void (mine.until = Math.min(mine.until, ...warnings.filter(({ inForce }) => inForce).map(({ expiresAt }) => expiresAt))),
      () => void (read = read === mine ? null : read), // asked anew by the next one
    );
    return mine.answer;
  };
  const getSent = async (id: number): Promise<Warning> => {
    const warning = await store.find(id);
    if (warning === null || warning.state !== "sent" || warning.kind === "cancel") throw new ApiError(409, "not-a-draft", "Only what was sent is updated or withdrawn");
    if (warning.replacedBy !== null) throw new ApiError(409, "already-replaced", MESSAGES["already-replaced"]);
    return warning;
  };

  const checkEnd = ({ expiresAt }: WarningContent, now: number): void => {
    if (expiresAt <= now) throw badInput([createFault("content.expiresAt", String(expiresAt), "time-after", { t: now })]);
  };

  return {
    findCap: async (id) => {
      const [warning, ...before] = await store.listChain(id, 1 + LONGEST_CHAIN);
      return warning === undefined ? null : writeCap(warning, before, sender);
    },
    writeAtom: async () => {
      const { updatedAt, warnings } = await listPublic();
      const time = (at: number): string => new Date(at).toISOString();
      const entries = warnings.map((warning) => `  <entry>
    <id>urn:cap:${formatXmlText(warning.identifier)}</id>
    <title>${formatXmlText(warning.headline)}</title>
    <updated>${time(warning.sentAt)}</updated>
    <author><name>${formatXmlText(sender.name)}</name></author>
    <summary>${formatXmlText(warning.description)}</summary>
    <category term="${warning.status}"/>
    <category term="${warning.kind}"/>
    <category term="${warning.inForce ? "in-force" : "over"}"/>
    <link rel="alternate" type="application/cap+xml" href="${formatXmlText(warning.capUrl)}"/>
  </entry>`);
      return `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <id>${formatXmlText(publicOrigin)}/public/warnings.atom</id>
  <title>${formatXmlText(sender.name)}</title>
  <updated>${time(updatedAt)}</updated>
  <link rel="self" href="${formatXmlText(publicOrigin)}/public/warnings.atom"/>
${entries.join("\n")}
</feed>
`;
    },
    handlers: {
      listWarnings: async () => ({ warnings: await store.list(MOST_LISTED) }),
      listPublicWarnings: listPublic,
      draftWarning: async ({ principal, body }) => {
        const now = clock.wallMs();
        if (body.kind !== "cancel") checkEnd(body.content, now);
        if (body.kind === "alert") {
          if (body.incidentId !== null && !incidentExists(body.incidentId)) throw badInput([createFault("incidentId", String(body.incidentId), "incident-exists")]);
          return store.draft({ kind: "alert", follows: null, content: body.content, incidentId: body.incidentId }, principal.actor, now);
        }
        const before = await getSent(body.follows);
        const content = body.kind === "update" ? body.content : { ...before.content, description: body.words };
        return store.draft({ kind: body.kind, follows: before.id, content, incidentId: before.incidentId }, principal.actor, now);
      },
      changeWarning: async ({ principal, params, body }) => {
        const now = clock.wallMs();
        const changed = await store.reword<"not-a-draft" | "moved-on">(params.id, principal.actor, now, ({ state, revision, kind, content }) => {
          if (state !== "draft") return err("not-a-draft");
          if (revision !== body.revision) return err("moved-on");
          if (kind !== "cancel") checkEnd(body.content, now);
          return ok(kind === "cancel" ? { ...content, description: body.content.description } : body.content);
        });
        if (changed.ok) return changed.value;
        if (changed.error === "not-found") throw notFound("warning");
        throw new ApiError(409, changed.error, MESSAGES[changed.error]);
      },
      approveWarning: async ({ principal, params, body }) => {
        const now = clock.wallMs();
        const sent = await store.settle(params.id, "sent", principal.actor, now, (warning, follows) => findApprovalRefusal(warning, follows, principal.actor, body.revision, now));
        if (!sent.ok) {
          if (sent.error === "not-found") throw notFound("warning");
          throw new ApiError(sent.error === "own-draft" ? 403 : 409, sent.error, MESSAGES[sent.error]);
        }
        read = null;
        return sent.value;
      },
      discardWarning: async ({ principal, params }) => {
        const discarded = await store.settle(params.id, "discarded", principal.actor, clock.wallMs(), (warning) => (warning.state === "draft" ? null : "not-a-draft"));
        if (discarded.ok) return discarded.value;
        if (discarded.error === "not-found") throw notFound("warning");
        throw new ApiError(409, discarded.error, MESSAGES["not-a-draft"]);
      },
      reportCap: async ({ principal, body }) => {
        const parsed = parseCap(body.xml);
        if (!parsed.ok) throw badInput([createFault(parsed.field, parsed.value, `cap-${parsed.expected}`, parsed.fault === null ? {} : { problem: parsed.fault })]);
        const warning = readWarning(parsed.alert, ["en", "zh"]);
        if (typeof warning === "string") return { contactId: null, repeated: false, passedOver: warning };
        const { contactId, repeated } = await reports.receive(principal.actor, `cap/${shorten(`${parsed.alert.sender},${warning.ownId},${warning.sentAt}`)}`, {
          source: "alarm", receivedAt: warning.sentAt, callerNumber: null, callerPoint: warning.point, callerUncertaintyM: warning.uncertaintyM, callerWords: warning.words,
          signal: { kind: "warning", priorityHint: warning.priorityHint, code: null, site: warning.sender.slice(0, 120), door: null, cameraIds: [] },
        });
        return { contactId, repeated, passedOver: null };
      },
    },
  };
}
