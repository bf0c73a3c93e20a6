// What a key does in a row of questions. A digit answers; left and right move a mark only, which Enter answers by: in an incident that is made each answer is an event, and those that one passes on the way have been said by nobody.
export interface TriageRow {
  readonly options: number;
  /** The option that stands as the answer, -1: none. */
  readonly chosen: number;
  /** The option that left and right have come to; null: none. */
  readonly mark: number | null;
}
export type TriageStep =
  | { readonly kind: "answer"; readonly option: number }
  | { readonly kind: "mark"; readonly option: number }
  | { readonly kind: "row"; readonly by: 1 | -1 }
  | { readonly kind: "unmark" | "take-back" | "next-open" | "leave" | "nothing" };

/** null: the key means nothing here. */
export function stepOfKey(key: string, { options, chosen, mark }: TriageRow): TriageStep | null {
  const at = mark ?? chosen;
  switch (key) {
    case "ArrowDown":
      return { kind: "row", by: 1 };
    case "ArrowUp":
      return { kind: "row", by: -1 };
    case "ArrowRight":
      return { kind: "mark", option: Math.min(options - 1, at + 1) };
    case "ArrowLeft":
      return { kind: "mark", option: Math.max(0, at - 1) };
    case "Backspace":
    case "Delete":
      return { kind: "take-back" };
    case "Enter":
      return mark === null ? { kind: "next-open" } : { kind: "answer", option: mark };
    case "Escape":
      return mark === null ? { kind: "leave" } : { kind: "unmark" };
    default:
      if (!/^[1-9]$/.test(key)) return null;
      return Number(key) <= options ? { kind: "answer", option: Number(key) - 1 } : { kind: "nothing" }; // a digit of a row is no other key's
  }
}
