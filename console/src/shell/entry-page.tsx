import type { ReactNode } from "react";
import type { Welcome } from "../../../src/contract/access.ts";
import { IconButton } from "../design/index.ts";
import { useWords } from "../words/use-words.ts";
import { LanguageButton } from "./frame.tsx";
import { setPreferences, usePreferences } from "./preferences.ts";
import { shellWords } from "./words.ts";

/** The quiet page before log-in: one narrow column, language and theme within reach. */
export function EntryPage({ welcome, title, children }: { readonly welcome: Welcome; readonly title: string; readonly children: ReactNode }) {
  const words = useWords(shellWords);
  const theme = usePreferences((p) => p.theme);
  return (
    <div className="entry-page">
      <header className="entry-top">
        <span className="brand">{words.product}</span>
        <span className="end row">
          <IconButton icon={theme === "dark" ? "sun" : "moon"} label={theme === "dark" ? words.theme.toLight : words.theme.toDark} onPress={() => setPreferences({ theme: theme === "dark" ? "light" : "dark" })} />
          <LanguageButton />
        </span>
      </header>
      <main className="entry-main">
        <p className="entry-city">{welcome.name}{welcome.demo && <span className="demo-mark">{words.status.demo}</span>}</p>
        <h1 className="page-title">{title}</h1>
        {children}
      </main>
      <footer className="entry-foot">
        <span>{welcome.attribution}</span>
        <span className="end">{welcome.version}</span>
      </footer>
    </div>
  );
}
