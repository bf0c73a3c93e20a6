// The page that lies in evidence packages: one file with everything in it, since a page that is opened from a disk may load no module. `manifest.js`, which stands
// beside it in the package, is loaded before. Built after the console, into a folder of its own.
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";

const PAGE = join(import.meta.dirname, "src", "evidence-page", "index.html");

/** Puts scripts and styles into the page, and the manifest's script before them. */
const inline: Plugin = {
  name: "one-file",
  enforce: "post",
  generateBundle(_options, bundle) {
    const page = Object.values(bundle).find((file) => file.fileName.endsWith(".html"));
    if (page?.type !== "asset") throw new Error("the page was not built");
    let html = String(page.source);
    for (const [name, file] of Object.entries(bundle)) {
      if (file === page) continue;
      const content = file.type === "chunk" ? file.code : String(file.source);
      const tag = file.type === "chunk" ? /<script type="module"[^>]*><\/script>/ : /<link rel="stylesheet"[^>]*>/;
      if (!tag.test(html)) throw new Error(`${name} has no place in the page`);
      html = html.replace(tag, () => (file.type === "chunk" ? "" : `<style>${content}</style>`));
      if (file.type === "chunk") html = html.replace("</body>", () => `<script src="manifest.js"></script>\n<script>${content.replaceAll("</script", "<\\/script")}</script>\n</body>`);
      delete bundle[name];
    }
    page.fileName = "index.html";
    page.source = html;
  },
};

export default defineConfig({
  root: join(import.meta.dirname, "src", "evidence-page"),
  base: "./",
  publicDir: false,
  plugins: [inline],
  build: { outDir: "dist/evidence", target: "es2022", assetsInlineLimit: 0, modulePreload: false, rollupOptions: { input: PAGE, output: { codeSplitting: false } } },
});
