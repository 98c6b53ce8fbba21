// SPDX-License-Identifier: GPL-3.0-or-later
// All that the console says: English, Hindi, Marathi. "{0}" is filled; "one|other" are the forms of a
// number. What agents and people wrote (reasons, evidence, names) stays in the language it came in.
import { frameWords } from "./words_frame";
import { runningWords } from "./words_running";
import { stockWords } from "./words_stock";
import { termWords } from "./words_term";
import { termsWords } from "./words_terms";
import { tradeWords } from "./words_trade";

export const words = {
  ...frameWords,
  ...stockWords,
  ...tradeWords,
  ...runningWords,
  ...termWords,
  ...termsWords,
} as const;

export type Word = keyof typeof words;
