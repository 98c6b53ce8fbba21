// SPDX-License-Identifier: Apache-2.0
// What this browser remembers: its post, and whether it sounds. Nothing of persons, no session.
export interface Prefs {
  post: string;
  sound: boolean;
  speech: boolean;
}

const PLACE = "screen";
const preset: Prefs = { post: "", sound: true, speech: false };

export function load(): Prefs {
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE) ?? "{}") as Partial<Prefs>;
    return {
      post: typeof kept.post === "string" ? kept.post : preset.post,
      sound: typeof kept.sound === "boolean" ? kept.sound : preset.sound,
      speech: typeof kept.speech === "boolean" ? kept.speech : preset.speech,
    };
  } catch {
    return preset; // a browser without storage asks again each time
  }
}

export function save(prefs: Prefs): void {
  try {
    localStorage.setItem(PLACE, JSON.stringify(prefs));
  } catch {
    // As above.
  }
}
