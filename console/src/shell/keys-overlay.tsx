import { DialogBox, KeyHint } from "../design/index.ts";
import { useWords } from "../words/use-words.ts";
import { useKeyGroups, type KeyGroup } from "./keys.ts";
import { shellWords } from "./words.ts";

/** Groups of one title are one, the newest first; keys that do the same share a row. */
function gather(groups: Iterable<KeyGroup>): readonly { readonly title: string; readonly rows: ReadonlyMap<string, readonly string[]> }[] {
  const byTitle = new Map<string, Map<string, readonly string[]>>();
  for (const { title, actions } of [...groups].reverse()) {
    const rows = byTitle.get(title) ?? new Map<string, readonly string[]>();
    byTitle.set(title, rows);
    for (const { keys, label } of actions) if (rows.get(label)?.includes(keys) !== true) rows.set(label, [...(rows.get(label) ?? []), keys]);
  }
  return [...byTitle].filter(([, rows]) => rows.size > 0).map(([title, rows]) => ({ title, rows }));
}

/** All keys that work on this screen now, by where they belong. */
export function KeysOverlay({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const words = useWords(shellWords);
  const groups = useKeyGroups((s) => s.groups);
  return (
    <DialogBox title={words.keysHere} open={open} onClose={onClose} wide>
      <div className="keys-columns">
        {gather(groups.values()).map((group) => (
          <section key={group.title} className="keys-group">
            <h3>{group.title}</h3>
            <dl>
              {[...group.rows].map(([label, keys]) => (
                <div key={label}>
                  <dt>{keys.map((one) => <KeyHint key={one} keys={one} />)}</dt>
                  <dd>{label}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </DialogBox>
  );
}
