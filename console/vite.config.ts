// The console is one static program: no server rendering, nothing fetched from another host, so that it works in a closed control-room
// network and under a content security policy without inline script. Rooms are chunks of their own and load when they are opened.
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const CENTRE = process.env["CITYWATCH_CENTRE"] ?? "http://127.0.0.1:7300";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  worker: { format: "es" },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0, // a data: address would need a hole in the policy
    modulePreload: { polyfill: false },
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
