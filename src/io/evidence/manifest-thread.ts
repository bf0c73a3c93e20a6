// The centre's own thread for manifests: one of a whole day of sixteen cameras is some 5 MB, and reading and checking it takes a second, in which nobody would be dispatched.
// It comes in pieces that go straight to the thread, is judged against its order there ([EXP4] in video/SPEC.md) and signed there. The thread starts with the first
// manifest and ends with the last, so a quiet centre pays nothing for it; one that dies, of a manifest that takes more memory than it may, costs what was in its
// hand and no other work. Rejected: slices of the centre's loop, since neither JSON.parse nor the check of its form can be cut.
import { Worker } from "node:worker_threads";
import type { Result } from "../../base/result.ts";
import type { ExportOrder } from "../../contract/evidence.ts";
import { createEvidenceSigner } from "../crypto/evidence-signer.ts";

/** What the thread is told; `id` is the manifest's. Those with a `call` are answered. */
export type ToManifestThread =
  | { readonly kind: "add"; readonly id: number; readonly piece: string }
  | { readonly kind: "judge"; readonly id: number; readonly call: number; readonly order: ExportOrder; readonly recorderId: number }
  | { readonly kind: "sign"; readonly id: number; readonly call: number }
  | { readonly kind: "drop"; readonly id: number };
export interface FromManifestThread {
  readonly call: number;
  readonly value: unknown;
}

export interface ReceivedManifest {
  add(piece: string): void;
  judge(order: ExportOrder, recorderId: number): Promise<Result<string, string>>;
  sign(): Promise<string>;
  drop(): void;
}
export interface ThreadedSigner {
  readonly publicKeyPem: string;
  readonly publicKey: string;
  readonly fingerprint: string;
  receive(): ReceivedManifest;
}

const PROGRAM = new URL("./manifest-thread-program.ts", import.meta.url);
/** Read as objects a manifest takes some twenty times its text; several may be in hand. */
const MOST_HEAP_MB = 1_024;

/** `program` is for tests. */
export function createThreadedSigner(privateKeyPem: string, program = PROGRAM): ThreadedSigner {
  const { publicKeyPem, publicKey, fingerprint } = createEvidenceSigner(privateKeyPem);
  let thread: ManifestThread | undefined;
  return {
    publicKeyPem, publicKey, fingerprint,
    receive: () => {
      if (thread === undefined || thread.hasEnded) thread = new ManifestThread(program, privateKeyPem);
      return thread.receive();
    },
  };
}

/** One life of the thread. */
class ManifestThread {
  readonly #worker: Worker;
  readonly #calls = new Map<number, { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }>();
  #inHand = 0;
  #last = 0;
  #ended: Error | undefined;

  constructor(program: URL, privateKeyPem: string) {
    this.#worker = new Worker(program, { workerData: privateKeyPem, execArgv: ["--disable-warning=ExperimentalWarning"], resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB } });
    this.#worker.on("message", ({ call, value }: FromManifestThread) => {
      this.#calls.get(call)?.resolve(value);
      this.#calls.delete(call);
    });
    this.#worker.on("error", (error) => this.#end(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on("exit", (code) => this.#end(new Error(`the thread of manifests ended with ${code}`)));
    this.#worker.unref();
  }

  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  receive(): ReceivedManifest {
    const id = ++this.#last;
    let isDropped = false;
    this.#inHand++;
    return {
      add: (piece) => this.#tell({ kind: "add", id, piece }),
      judge: (order, recorderId) => this.#ask((call) => ({ kind: "judge", id, call, order, recorderId })),
      sign: () => this.#ask((call) => ({ kind: "sign", id, call })),
      drop: () => {
        if (isDropped) return;
        isDropped = true;
        this.#tell({ kind: "drop", id });
        if (--this.#inHand === 0) this.#end(new Error("the manifest was dropped"));
      },
    };
  }

  #tell(message: ToManifestThread): void {
    // oxlint-disable-next-line require-post-message-target-origin -- a port of Node, not a window
    if (this.#ended === undefined) this.#worker.postMessage(message);
  }

  #ask<T>(create: (call: number) => ToManifestThread): Promise<T> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const call = ++this.#last;
    return new Promise<T>((resolve, reject) => {
      this.#calls.set(call, { resolve: resolve as (value: unknown) => void, reject });
      this.#tell(create(call));
    });
  }

  #end(why: Error): void {
    if (this.#ended !== undefined) return;
    this.#ended = why;
    for (const { reject } of this.#calls.values()) reject(why);
    this.#calls.clear();
    void this.#worker.terminate();
  }
}
