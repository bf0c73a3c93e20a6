const SHOWN: Record<string, string> = { Enter: "↵", Escape: "Esc", ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→" };
/** "Ctrl+e" as "Ctrl E"; the key "+" is itself. */
const capsOf = (key: string): string => (key === "+" ? key : key.split("+").map((part) => SHOWN[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join(" "));
/** Keys as they stand on the keyboard, so a letter is a capital. */
export function KeyHint({ keys }: { readonly keys: string }) {
  return (
    <span className="key-hint" aria-hidden="true">
      {keys.split(" ").map((key, i) => <kbd key={i}>{capsOf(key)}</kbd>)}
    </span>
  );
}
