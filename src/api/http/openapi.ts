// The OpenAPI 3.1 document, made from the same table and schemas that check the requests, so that it cannot say anything else. JSON Schema 2020-12 is
// what 3.1 speaks, so the schemas go in as they are.
import { z } from "zod";
import { Problem } from "../../contract/basics.ts";
import { LiveFromClient, LiveFromServer } from "../../contract/live.ts";
import { ROUTES, type Route } from "../../contract/routes.ts";
import { IncidentDelivery } from "../../contract/webhooks.ts";

type Json = Record<string, unknown>;

const schemaOf = (schema: z.ZodType, io: "input" | "output"): Json => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any", reused: "inline" }) as Json;
  return rest;
};

function parametersOf(schema: z.ZodType, place: "path" | "query"): Json[] {
  const { properties = {} } = schemaOf(schema, "output") as { properties?: Record<string, Json> };
  const required = (schemaOf(schema, "input") as { required?: string[] }).required ?? [];
  return Object.entries(properties).map(([name, property]) => ({ name, in: place, required: place === "path" || required.includes(name), schema: property }));
}

const permissionText = (permission: Route["permission"]): string =>
  permission === "open" ? "Open to all." : permission === "logged-in" ? "Needs a session." : `Needs ${[permission].flat().join(" or ")}.`;

const answerOf = (description: string, schema: Json): Json => ({ description, content: { "application/json": { schema } } });

const header = (name: string, description: string): Json => ({ name, in: "header", required: true, description, schema: { type: "string" } });
/** As Standard Webhooks has it; what is posted and what an answer means is in docs/guide/integrator.md at length. */
const SIGNATURE = [
  header("webhook-id", "The same however often this delivery is sent: the idempotency key of the receiver"), header("webhook-timestamp", "Seconds since 1970 of this try"),
  header("webhook-signature", "v1,BASE64 of HMAC-SHA256 over `id.timestamp.body` under the secret that was told when the webhook was made"),
];
const delivery = (operationId: string, summary: string, schema: Json): Json => ({
  post: {
    operationId, summary, security: [], parameters: SIGNATURE, requestBody: { required: true, content: { "application/json": { schema } } },
    responses: { "2XX": { description: "Taken, within 10 s" }, "410": { description: "Wanted no more: a dead letter at once" }, default: { description: "Tried again after 5 s, doubling to an hour, 16 times in all, under the same webhook-id" } },
  },
});
const file = (operationId: string, summary: string, type: string, parameters: Json[] = []): Json => ({
  get: { operationId, summary, security: [], parameters, responses: { "200": { description: "Done", content: { [type]: { schema: { type: "string" } } } }, "404": { description: "There is none" } } },
});

/** What the table of routes does not hold: links that stay open, and files of the feed. */
const otherPaths = (): Record<string, Json> => ({
  "/api/v1/live": {
    get: {
      operationId: "openLiveLink", summary: "The live link of a console (WebSocket, JSON texts)", parameters: [], responses: { "101": { description: "The link is open" }, "401": { description: "Not logged in" }, "403": { description: "Not allowed" } },
      description: "First the console says `hello` with `after`, the last `sequence` that it saw, or null. It is sent what it missed as `change` messages in order, or a `snapshot` where that is too far back; from then on each change. `sequence` is the resume cursor.",
      "x-messages-in": schemaOf(LiveFromClient, "input"), "x-messages-out": schemaOf(LiveFromServer, "output"),
    },
  },
  "/public/warnings.atom": file("readWarningFeed", "Public warnings as Atom: of the last seven days, and all in force", "application/atom+xml"),
  "/public/warnings/{id}.xml": file("readWarning", "One public warning as CAP 1.2", "application/cap+xml", [{ name: "id", in: "path", required: true, schema: { type: "integer" } }]),
});
const describeWebhooks = (): Record<string, Json> => ({
  incident: delivery("onIncident", "An event of an incident (topic incident, format citywatch)", schemaOf(IncidentDelivery, "output")),
  incidentEido: delivery("onIncidentEido", "An incident that is shared with this webhook, as it is (topic incident, format eido)", { type: "object", description: "An EIDO of NENA-STA-021.1, as GET /api/v1/incidents/{id}/eido answers" }),
  warning: delivery("onWarning", "A public warning that is sent, updated or withdrawn (topic warning)", { type: "object", description: "The warning as GET /api/v1/public/warnings lists it" }),
});

/** The whole document; `version` is the program's. */
export function createOpenApi(version: string): Json {
  const paths: Record<string, Json> = {};
  const problem = { $ref: "#/components/schemas/Problem" };
  for (const [name, entry] of Object.entries(ROUTES)) {
    const route: Route = entry;
    const content: Json = route.body === undefined ? {} : { "application/json": { schema: schemaOf(route.body, "input") } };
    if (route.isXml === true) content["application/xml"] = { schema: { type: "string" } };
    if (route.isForm === true) content["application/x-www-form-urlencoded"] = { schema: schemaOf(route.body!, "input") };
    if (route.stream !== undefined) content[route.stream] = { schema: { type: "string" } };
    const path = (paths[`/api/v1${route.path}`] ??= {});
    path[route.method.toLowerCase()] = {
      operationId: name, summary: route.summary, description: permissionText(route.permission), "x-permission": route.permission,
      ...(route.permission === "open" ? { security: [] } : {}),
      parameters: [...(route.params === undefined ? [] : parametersOf(route.params, "path")), ...(route.query === undefined ? [] : parametersOf(route.query, "query"))],
      ...(Object.keys(content).length === 0 ? {} : { requestBody: { required: true, content } }),
      responses: {
        "200": answerOf("Done", schemaOf(route.answer, "output")),
        "400": answerOf("The input is wrong; `faults` say where", problem),
        ...(route.permission === "open" ? {} : { "401": answerOf("Not logged in", problem), "403": answerOf("Not allowed", problem) }),
        default: answerOf("Refused, or not possible just now", problem),
      },
    };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Citywatch", version, description: "The city's safety network: cameras, calls, incidents, units. Changes by a session need the header x-citywatch-csrf. Live links: GET /api/v1/live and /api/v1/recorder-link (WebSocket)." },
    servers: [{ url: "/" }],
    security: [{ session: [] }, { service: [] }, { device: [] }],
    paths: { ...paths, ...otherPaths() },
    webhooks: describeWebhooks(),
    components: {
      schemas: { Problem: schemaOf(Problem, "output") },
      securitySchemes: {
        session: { type: "apiKey", in: "cookie", name: "citywatch", description: "`__Host-citywatch` under https" },
        service: { type: "http", scheme: "bearer", description: "Key of an outside system" },
        device: { type: "http", scheme: "basic", description: "The same key as the password, for devices that know user names and passwords only" },
      },
    },
  };
}
