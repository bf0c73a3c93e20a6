// What a person meant who typed into a choice and went on without pointing at an option. Apart from the field, so that it is told by tests.
// Rejected: the field's own rule, which drops typed words without a word unless an option was walked to.

/** What typed words mean among choices: the one so called, else (unless `exactly`) the first that begins with them, else the first that has them. */
export function findTyped<C extends { readonly label: string }>(choices: readonly C[], typed: string, exactly = false): C | undefined {
  const wanted = typed.trim().toLowerCase();
  if (wanted === "") return undefined;
  const named = choices.find((c) => c.label.toLowerCase() === wanted);
  if (named !== undefined || exactly) return named;
  return choices.find((c) => c.label.toLowerCase().startsWith(wanted)) ?? choices.find((c) => c.label.toLowerCase().includes(wanted));
}
