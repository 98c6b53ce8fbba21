// SPDX-License-Identifier: GPL-3.0-or-later
import { render } from "preact";
import { App } from "./app";
import { begin } from "./language";

const root = document.getElementById("console");
// Without its words the console begins in English.
if (root) void begin().then(() => render(<App />, root));
