// One POST to a target outside: resolved once, judged, and connected to that very address (a name that resolves elsewhere a moment later gains nothing). Redirects are
// answers like others and are not followed. The answer's body is not read beyond a little: nothing of it is used.
import { request as requestHttp, type RequestOptions } from "node:http";
import { request as requestHttps } from "node:https";
import { resolveName, type ResolvedAddress } from "../dns/resolve-name.ts";
import type { Attempt } from "../../interfaces/webhook.ts";
import type { TargetPolicy } from "./target-policy.ts";

export interface Poster {
  /** Never rejects. Ends at the latest after `timeoutMs`. */
  post(url: string, headers: Readonly<Record<string, string>>, body: string, timeoutMs: number): Promise<Attempt>;
}

export function createPoster(policy: TargetPolicy, lookup: (host: string) => Promise<readonly ResolvedAddress[]> = (host) => resolveName(host)): Poster {
  const findAddress = async (host: string): Promise<ResolvedAddress | string> => {
    const found = await lookup(host).catch(() => []);
    if (found.length === 0) return "the name could not be resolved";
    const allowed = found.find(({ address }) => policy.judgeAddress(address) === undefined);
    return allowed ?? `${found[0]!.address} is not allowed (${policy.judgeAddress(found[0]!.address)})`;
  };
  const send = async (target: string, headers: Readonly<Record<string, string>>, body: string, signal: AbortSignal): Promise<Attempt> => {
    const refusal = policy.judgeUrl(target);
    if (refusal !== undefined) return { error: `the address is not allowed (${refusal})` };
    const url = new URL(target);
    const at = await findAddress(url.hostname.replace(/^\[|\]$/g, ""));
    if (typeof at === "string") return { error: at };
    return new Promise<Attempt>((done) => {
      const bytes = Buffer.from(body);
      const options: RequestOptions = {
        method: "POST", signal, headers: { ...headers, "content-length": String(bytes.length) }, agent: false,
        lookup: (_host, asked, found) => {
          if (asked.all === true) (found as unknown as (error: null, list: { address: string; family: number }[]) => void)(null, [at]);
          else found(null, at.address, at.family);
        },
      };
      const request = (url.protocol === "https:" ? requestHttps : requestHttp)(url, options, (response) => {
        done({ status: response.statusCode ?? 0 });
        response.destroy();
      });
      request.on("error", (error: NodeJS.ErrnoException) => done({ error: signal.aborted ? "no answer in time" : (error.code ?? error.message) }));
      request.end(bytes);
    });
  };
  return {
    post: async (url, headers, body, timeoutMs) => {
      const signal = AbortSignal.timeout(timeoutMs);
      const late = new Promise<Attempt>((done) => signal.addEventListener("abort", () => done({ error: "no answer in time" }), { once: true })); // resolving a name cannot be ended
      return Promise.race([send(url, headers, body, signal).catch((error: unknown) => ({ error: (error as Error).message })), late]);
    },
  };
}
