const SHOWN: Record<string, string> = { Enter: "↵", Escape: "Esc", ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→" };
/** A key as it is written on the keyboard. */
export function KeyHint({ keys }: { readonly keys: string }) {
  return (
    <span className="key-hint" aria-hidden="true">
      {keys.split(" ").map((key, i) => (
        <kbd key={i}>{key.split("+").map((part) => SHOWN[part] ?? part).join(" ")}</kbd>
      ))}
    </span>
  );
}
