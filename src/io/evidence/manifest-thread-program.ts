// What the thread of manifests runs: it keeps the pieces, and reads, judges and signs their text when it is asked to, one after the other.
import { createHash } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { type Result, err, ok } from "../../base/result.ts";
import { refuseManifest } from "../../evidence/refuse-manifest.ts";
import { createEvidenceSigner } from "../crypto/evidence-signer.ts";
import type { FromManifestThread, ToManifestThread } from "./manifest-thread.ts";

const signer = createEvidenceSigner(workerData as string);
const texts = new Map<number, string>();
// oxlint-disable-next-line require-post-message-target-origin -- a port of Node, not a window
const answer = (call: number, value: Result<string, string> | string): void => parentPort!.postMessage({ call, value } satisfies FromManifestThread);

parentPort!.on("message", (message: ToManifestThread) => {
  const text = texts.get(message.id) ?? "";
  switch (message.kind) {
    case "add":
      texts.set(message.id, text + message.piece);
      return;
    case "judge": {
      const refusal = refuseManifest(text, message.order, message.recorderId);
      answer(message.call, refusal === null ? ok(createHash("sha256").update(text).digest("hex")) : err(refusal));
      return;
    }
    case "sign":
      answer(message.call, signer.sign(text));
      return;
    case "drop":
      texts.delete(message.id);
      return;
  }
});
