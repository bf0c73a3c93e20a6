// Cameras of one place share all of their name but its end: "Plazoleta Viera, sur", "Plazoleta Viera, noreste". In a narrow title the end is what
// must be seen, so it comes first.

/** Where it hangs, beside its name; null where the name says it already. */
export const placeBeside = ({ name, place }: { readonly name: string; readonly place: string }): string | null => (place === "" || name.toLowerCase().startsWith(place.toLowerCase()) ? null : place);

/** The part after the last comma leads, the place follows; a name without one leads whole. */
export function titleOf(name: string): { readonly lead: string; readonly rest: string | null } {
  const comma = name.lastIndexOf(",");
  const end = name.slice(comma + 1).trim();
  const place = name.slice(0, comma).trim();
  return comma <= 0 || end === "" || place === "" ? { lead: name, rest: null } : { lead: end, rest: place };
}
