// SPDX-License-Identifier: GPL-3.0-or-later
import { useState } from "preact/hooks";
import { isLanguage, languages } from "../../../ui/shared/language";
import { choose, language, say } from "./language";

/** Each language by its own name, which who wants it can read. */
export function LanguageChoice() {
  const [failed, setFailed] = useState(false);
  return (
    <div class="field">
      <label for="language">{say("language")}</label>
      <select
        id="language"
        value={language()}
        onChange={(event) => {
          const next = event.currentTarget.value;
          if (isLanguage(next)) void choose(next).then((done) => setFailed(!done));
        }}
      >
        {Object.entries(languages).map(([code, name]) => (
          <option key={code} value={code} lang={code} selected={code === language()}>
            {name}
          </option>
        ))}
      </select>
      {failed && (
        <p class="hint" role="alert">
          {say("no_language")}
        </p>
      )}
    </div>
  );
}
