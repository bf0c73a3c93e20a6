import { DialogBox, KeyHint } from "../design/index.ts";
import { useWords } from "../words/use-words.ts";
import { useKeyGroups } from "./keys.ts";
import { shellWords } from "./words.ts";

/** All keys that work on this screen now, by where they belong. */
export function KeysOverlay({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const words = useWords(shellWords);
  const groups = useKeyGroups((s) => s.groups);
  return (
    <DialogBox title={words.keysHere} open={open} onClose={onClose} wide>
      <div className="keys-columns">
        {[...groups.values()].reverse().map((group, i) => (
          <section key={i} className="keys-group">
            <h3>{group.title}</h3>
            <dl>
              {group.actions.map((action) => (
                <div key={action.keys + action.label}>
                  <dt><KeyHint keys={action.keys} /></dt>
                  <dd>{action.label}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </DialogBox>
  );
}
