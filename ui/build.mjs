// SPDX-License-Identifier: Apache-2.0
// node build.mjs [FOLDER]: bundles the operator screen into flat files: no path, no other origin.
import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "dist");

mkdirSync(out, { recursive: true });
await build({
  entryPoints: [join(here, "src/main.tsx")],
  outfile: join(out, "screen.js"),
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome90", "firefox90", "safari14"],
  jsx: "automatic",
  jsxImportSource: "preact",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
});
await build({
  entryPoints: [join(here, "src/screen.css")],
  outfile: join(out, "screen.css"),
  minify: true,
  logLevel: "warning",
});
for (const file of ["icon.svg", "screen.webmanifest", "index.html"])
  copyFileSync(join(here, "src", file), join(out, file));
