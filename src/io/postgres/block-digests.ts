// By what the blocks of a checkpoint are known for those that were written: each by its digest, all of them by the sum of what these weigh.
import { createHash } from "node:crypto";
import type { BlockName } from "../../dispatch/state-blocks.ts";

export const sha256 = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");
/** Sums are kept to as many bits as a digest has. */
export const SUM_BITS = 2n ** 256n - 1n;
export const weightOf = ({ kind, number }: BlockName, digest: string): bigint => BigInt(`0x${sha256(`${kind} ${number} ${digest}`)}`);
