import "./api/zod-settings.ts";
import "./design/tokens.css";
import "./design/base.css";
import "./design/components.css";
import "./shell/shell.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./shell/app.tsx";
import { keepPageInStep } from "./shell/preferences.ts";
import { openSession } from "./shell/session.ts";

keepPageInStep();
void openSession();
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
