// Keeps the files of the phone's page, so that it comes up without a link; built as a file of its own (vite.config.ts, which also writes the list of files into it). A new version is kept when
// it was read whole, and the old one goes then. What it gives is decided in kept-shell.ts.
import { answeredBy, isOfOldVersion, isPage, storeOf } from "./kept-shell.ts";

interface WorkerEvent extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface AskEvent extends WorkerEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface WorkerScope {
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", hear: (event: WorkerEvent) => void): void;
  addEventListener(type: "fetch", hear: (event: AskEvent) => void): void;
}

const { version, files } = JSON.parse("__KEPT_SHELL__") as { readonly version: string; readonly files: readonly string[] };
const PAGE = "/index.html";
/** A link that is there and gives nothing is none. */
const PATIENCE_MS = 5_000;
const worker = self as unknown as WorkerScope;
const own: ReadonlySet<string> = new Set(files);

const findKept = async (path: string): Promise<Response | undefined> => (await caches.open(storeOf(version))).match(path, { ignoreVary: true });
async function openPage(request: Request): Promise<Response> {
  const kept = await findKept(PAGE);
  const asked = fetch(request);
  if (kept === undefined) return asked;
  const answer = await Promise.race([asked.catch(() => null), new Promise<null>((done) => setTimeout(() => done(null), PATIENCE_MS))]);
  return answer !== null && isPage(answer.status) ? answer : kept;
}

worker.addEventListener("install", (event) => {
  const keep = async (): Promise<void> => {
    const store = await caches.open(storeOf(version));
    await store.addAll(files.map((path) => new Request(path, { cache: "reload" })));
    await worker.skipWaiting();
  };
  event.waitUntil(keep());
});
worker.addEventListener("activate", (event) => {
  const begin = async (): Promise<void> => {
    for (const name of await caches.keys()) if (isOfOldVersion(name, version)) await caches.delete(name);
    await worker.clients.claim();
  };
  event.waitUntil(begin());
});
worker.addEventListener("fetch", (event) => {
  const by = answeredBy(event.request, location.origin, own);
  if (by === "page") event.respondWith(openPage(event.request));
  else if (by === "file") event.respondWith(findKept(new URL(event.request.url).pathname).then((kept) => kept ?? fetch(event.request)));
});
