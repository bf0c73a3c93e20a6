// The console is one static program: no server rendering, nothing fetched from another host, so that it works in a closed control-room
// network and under a content security policy without inline script. Rooms are chunks of their own and load when they are opened.
import { createHash } from "node:crypto";
import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const CENTRE = process.env["CITYWATCH_CENTRE"] ?? "http://127.0.0.1:7300";

const WORKER = "field-worker";
/** Writes into the phone's worker which files its page is of: those of the console's start and of the room Field. */
const keptShell: Plugin = {
  name: "kept-shell",
  enforce: "post",
  apply: "build",
  generateBundle(_options, bundle) {
    const page = bundle["index.html"];
    const worker = bundle[`${WORKER}.js`];
    if (page?.type !== "asset" || worker?.type !== "chunk" || worker.imports.length > 0) throw new Error("the phone's page or its worker was not built as a file of its own");
    const files = new Set<string>(["index.html", "favicon.svg"]);
    const keep = (name: string): void => {
      const chunk = bundle[name];
      if (chunk?.type !== "chunk" || files.has(name)) return;
      files.add(name);
      for (const style of chunk.viteMetadata?.importedCss ?? []) files.add(style);
      chunk.imports.forEach(keep);
    };
    for (const chunk of Object.values(bundle)) if (chunk.type === "chunk" && chunk !== worker && (chunk.isEntry || chunk.facadeModuleId?.endsWith("/field/index.tsx") === true)) keep(chunk.fileName);
    const list = [...files].sort();
    const version = createHash("sha256").update(JSON.stringify([list, String(page.source)])).digest("hex").slice(0, 16);
    const text = JSON.stringify(JSON.stringify({ version, files: list.map((name) => `/${name}`) }));
    worker.code = worker.code.replace(/(["'`])__KEPT_SHELL__\1/, () => text);
    if (!worker.code.includes(version)) throw new Error("the phone's worker has no place for its list of files");
  },
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), keptShell],
  worker: { format: "es" },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0, // a data: address would need a hole in the policy
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { index: join(import.meta.dirname, "index.html"), [WORKER]: join(import.meta.dirname, "src", "field", "shell-worker.ts") },
      output: { entryFileNames: ({ name }) => (name === WORKER ? "[name].js" : "assets/[name]-[hash].js") }, // a worker is found again by its address
    },
    chunkSizeWarningLimit: 1_400, // the map is about 1 MB and loads with the rooms that draw it
  },
  server: {
    host: "127.0.0.1",
    port: 7390,
    strictPort: true,
    // The centre takes a live link only from its own origin, so the origin is rewritten in development.
    proxy: { "/api": { target: CENTRE, changeOrigin: true, ws: true, headers: { origin: CENTRE } }, "/tiles": { target: CENTRE } },
  },
});
