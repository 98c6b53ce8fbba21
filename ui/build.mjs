// SPDX-License-Identifier: Apache-2.0
// node build.mjs NAME SOURCES FOLDER: bundles a front end into flat files: no path, no other origin.
// NAME is that of its script and style sheet.
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const [name, sources, folder] = process.argv.slice(2);
if (!folder) throw new Error("usage: node build.mjs NAME SOURCES FOLDER");
const source = (file) => join(resolve(sources), file);

mkdirSync(folder, { recursive: true });
await build({
  entryPoints: [source("main.tsx")],
  outfile: join(folder, `${name}.js`),
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome90", "firefox90", "safari14"],
  jsx: "automatic",
  jsxImportSource: "preact",
  nodePaths: [join(here, "node_modules")], // sources elsewhere have none of their own
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
});
await build({
  entryPoints: [source(`${name}.css`)],
  outfile: join(folder, `${name}.css`),
  bundle: true,
  minify: true,
  logLevel: "warning",
});
for (const file of ["icon.svg", `${name}.webmanifest`, "index.html"])
  if (existsSync(source(file))) copyFileSync(source(file), join(folder, file));
