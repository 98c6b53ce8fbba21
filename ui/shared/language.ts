// SPDX-License-Identifier: Apache-2.0
// Sentences with holes and plurals, in the languages of the warehouses. Which words there are is each
// front end's own table.
export const languages = { en: "English", hi: "हिन्दी", mr: "मराठी" } as const;

export type Language = keyof typeof languages;

// Figures stay in the digits that bills and keyboards have; without "nu" Marathi would get its own.
const locales: Record<Language, string> = {
  en: "en-IN",
  hi: "hi-IN-u-nu-latn",
  mr: "mr-IN-u-nu-latn",
};

export function localeOf(language: Language): string {
  return locales[language];
}

export function isLanguage(text: unknown): text is Language {
  return typeof text === "string" && text in languages;
}

/** The first of the reader's languages that there is, as browsers name them: "mr-IN", "hi". */
export function languageOf(wanted: readonly string[]): Language {
  return wanted.map((name) => name.slice(0, 2).toLowerCase()).find(isLanguage) ?? "en";
}

export function fill(sentence: string, args: readonly (string | number)[]): string {
  return sentence.replace(/\{(\d)\}/g, (_, n: string) => String(args[Number(n)] ?? ""));
}

/** Of "{0} day|{0} days" the form that the language has for the number; of one form that. */
export function form(sentence: string, n: number, language: Language): string {
  const forms = sentence.split("|");
  const one = forms.length === 2 && new Intl.PluralRules(locales[language]).select(n) === "one";
  return (one ? forms[0] : forms[forms.length - 1]) ?? "";
}
