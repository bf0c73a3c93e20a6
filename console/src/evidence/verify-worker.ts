// The check of a package away from the screen's thread: hashing a gigabyte takes seconds.
import "../api/zod-settings.ts";
import { verifyPackage, type Verdict } from "../../../src/evidence/verify.ts";
import type { PackageFile } from "./dropped-files.ts";
import { browserTools, openPackageFiles } from "./package-files.ts";

export type FromVerifier =
  | { readonly type: "progress"; readonly done: number; readonly of: number }
  | { readonly type: "verdict"; readonly verdict: Verdict }
  | { readonly type: "not-a-package"; readonly why: string }
  | { readonly type: "broke-off" };

const TELL_MS = 100;
const tell = (message: FromVerifier): void => postMessage(message);

addEventListener("message", (event: MessageEvent<readonly PackageFile[]>) => {
  void (async () => {
    const opened = await openPackageFiles(event.data);
    if (!opened.ok) return tell({ type: "not-a-package", why: opened.error });
    let toldAt = 0;
    const verdict = await verifyPackage(opened.value, browserTools, {
      knownKey: null,
      onProgress: (done, of) => {
        if (performance.now() - toldAt < TELL_MS) return;
        toldAt = performance.now();
        tell({ type: "progress", done, of });
      },
    });
    tell({ type: "verdict", verdict });
  })().catch(() => tell({ type: "broke-off" }));
});
