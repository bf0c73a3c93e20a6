// Details of a refusal come from the server as an open record, so they are read with care.
/** Who was first, and when, of a unit that was refused because somebody else has it. */
export function findFirst(details: Readonly<Record<string, unknown>> | undefined): { readonly name: string; readonly at: number } | null {
  const by = details?.["by"] as { readonly name?: unknown } | null | undefined;
  const at = details?.["at"];
  return typeof by?.name === "string" && typeof at === "number" ? { name: by.name, at } : null;
}
