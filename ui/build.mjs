// SPDX-License-Identifier: Apache-2.0
// node build.mjs NAME SOURCES FOLDER: bundles a front end into flat files: no path, no other origin.
// NAME is that of its script and style sheet. Tables of words (words_*.ts: rows of English, Hindi,
// Marathi) are taken apart: English stays in the script, each other language is a file of its own,
// NAME-hi.json, so that nobody fetches what he does not read.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transformSync } from "esbuild";

const OTHER_LANGUAGES = ["hi", "mr"]; // the columns behind the English one

const here = dirname(fileURLToPath(import.meta.url));
const [name, sources, folder] = process.argv.slice(2);
if (!folder) throw new Error("usage: node build.mjs NAME SOURCES FOLDER");
const source = (file) => join(resolve(sources), file);

const foreign = OTHER_LANGUAGES.map(() => ({}));

async function tablesOf(path) {
  const { code } = transformSync(readFileSync(path, "utf8"), { loader: "ts", format: "esm" });
  return import(`data:text/javascript,${encodeURIComponent(code)}`);
}

const takeApart = {
  name: "words",
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]words_\w+\.ts$/ }, async ({ path }) => {
      let contents = "";
      for (const [name, table] of Object.entries(await tablesOf(path))) {
        const english = {};
        for (const [word, [first, ...others]] of Object.entries(table)) {
          english[word] = [first];
          others.forEach((text, i) => (foreign[i][word] = text));
        }
        contents += `export const ${name} = ${JSON.stringify(english)};\n`;
      }
      return { contents, loader: "js" };
    });
  },
};

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
  plugins: [takeApart],
});
OTHER_LANGUAGES.forEach((language, i) => {
  if (Object.keys(foreign[i]).length > 0)
    writeFileSync(join(folder, `${name}-${language}.json`), JSON.stringify(foreign[i]));
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
