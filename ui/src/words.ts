// SPDX-License-Identifier: Apache-2.0
// The screen's own words. What the station says comes with its table of messages.
import type { Message, MessageRow } from "./types";

export type Language = "en" | "hi";

const words = {
  choose_post: ["Which post is this?", "यह कौन-सी पोस्ट है?"],
  post: ["Post", "पोस्ट"],
  in_use_by: ["In use by {0}", "{0} काम कर रहे हैं"],
  free: ["Free", "खाली"],
  locked_title: ["{0} works at this post", "इस पोस्ट पर {0} काम कर रहे हैं"],
  locked_text: [
    "Sign out there first, or choose another post.",
    "पहले वहाँ साइन आउट करें, या दूसरी पोस्ट चुनें।",
  ],
  worker_code: ["No badge? Type the worker code", "बैज नहीं है? कोड लिखें"],
  document: ["Document number", "काग़ज़ का नंबर"],
  made: ["Made on", "बनने की तारीख़"],
  mrp_rupees: ["MRP in rupees", "MRP रुपये में"],
  pieces: ["Pieces", "नग"],
  packs: ["Packs", "पैक"],
  note: ["Note", "नोट"],
  product: ["Product code", "माल का कोड"],
  key_in: ["Key in", "हाथ से भरें"],
  hide_keys: ["Hide keys", "बंद करें"],
  sign_out: ["Sign out", "साइन आउट"],
  other_post: ["Another post", "दूसरी पोस्ट"],
  live: ["Live", "चालू"],
  connecting: ["Connecting", "जुड़ रहा है"],
  lost: ["No link", "कनेक्शन नहीं"],
  lost_text: [
    "No link to the station. Trying again. Scanners go on working.",
    "स्टेशन से कनेक्शन नहीं है। फिर कोशिश हो रही है। स्कैनर चलते रहेंगे।",
  ],
  clock_doubtful: ["Clock not certain: dates judged safely", "घड़ी पक्की नहीं: तारीख़ सावधानी से"],
  clock_short: ["Clock?", "घड़ी?"],
  alerts: ["Alerts", "चेतावनी"],
  stock: ["Stock", "स्टॉक"],
  at_risk: ["At risk", "जोखिम में"],
  more: ["Menu", "मेनू"],
  back: ["Back", "वापस"],
  home: ["Home", "होम"],
  search: ["Find by name, code or brand", "नाम, कोड या ब्रांड खोजें"],
  none_found: ["Nothing found", "कुछ नहीं मिला"],
  no_alerts: ["No open alerts", "कोई चेतावनी नहीं"],
  no_risk: ["No stock at risk", "कोई स्टॉक जोखिम में नहीं"],
  near_expiry: ["Near expiry", "एक्सपायरी पास"],
  dead_and_slow: ["Dead and slow", "बंद और धीमी बिक्री"],
  no_slow: ["All stock sells", "सारा स्टॉक बिक रहा है"],
  rupees_at_risk: ["Rupees at risk", "जोखिम में रुपये"],
  dead_products: ["Dead products", "बंद बिक्री वाला माल"],
  and_slow: ["{0} slow", "{0} धीमे"],
  space_blocked: ["Space blocked", "घिरी जगह"],
  litres: ["{0} litres", "{0} लीटर"],
  pallets: ["{0} pallet places", "{0} पैलेट की जगह"],
  one_pallet: ["1 pallet place", "1 पैलेट की जगह"],
  status_dead: ["Dead", "बिक्री बंद"],
  status_slow_moving: ["Slow", "धीमी बिक्री"],
  status_liquidating: ["Clearing", "निकाला जा रहा"],
  idle_days: ["{0} days without sale", "{0} दिन से बिक्री नहीं"],
  one_idle_day: ["1 day without sale", "1 दिन से बिक्री नहीं"],
  sold_lately: ["Sold on the last day", "पिछले दिन बिका"],
  speed: ["{0} a day, before {1}", "रोज़ {0}, पहले {1}"],
  speed_only: ["{0} a day", "रोज़ {0}"],
  no_sale_chance: ["{0}% chance of no sale in {1} days", "{1} दिन न बिकने की आशंका {0}%"],
  tied_up: ["tied up", "फँसे हैं"],
  leaving_costs: ["Leaving it {0} days costs", "{0} दिन पड़े रहने का ख़र्च"],
  cost_carrying: ["Carrying", "रखना"],
  cost_opportunity: ["Lost earnings", "छूटी कमाई"],
  cost_disposal: ["Disposal", "नष्ट करना"],
  cost_transport: ["Transport", "ढुलाई"],
  cost_total: ["Sum", "कुल"],
  more_rows: ["More rows than shown. Search to narrow.", "और भी हैं। खोज कर कम करें।"],
  acknowledge: ["Seen", "देख लिया"],
  snooze: ["Remind in 3 days", "3 दिन बाद याद दिलाएँ"],
  batch: ["Batch", "बैच"],
  batches: ["{0} batches", "{0} बैच"],
  one_batch: ["1 batch", "1 बैच"],
  expiry: ["Expiry", "एक्सपायरी"],
  best_before: ["Best before", "बेस्ट बिफ़ोर"],
  mrp: ["MRP", "MRP"],
  bin: ["Bin", "बिन"],
  take: ["Take", "निकालें"],
  in_hand: ["In hand", "हाथ में"],
  days_left: ["{0} days left", "{0} दिन बाकी"],
  one_day_left: ["1 day left", "1 दिन बाकी"],
  last_day: ["Last day today", "आज आख़िरी दिन"],
  expired_days: ["Expired {0} days ago", "{0} दिन पहले एक्सपायर"],
  no_date: ["No date", "तारीख़ नहीं"],
  recent: ["Just booked", "अभी दर्ज"],
  progress: ["{0} of {1} lines", "{1} में से {0} लाइन"],
  erase: ["Erase", "मिटाएँ"],
  clear: ["Clear", "साफ़"],
  enter: ["Enter", "दर्ज करें"],
  number: ["Number", "संख्या"],
  pin: ["PIN", "पिन"],
  date: ["Date", "तारीख़"],
  date_hint: ["MM/YY or YYYY-MM-DD", "MM/YY या YYYY-MM-DD"],
  text: ["Text", "लिखें"],
  language: ["Language", "भाषा"],
  sound: ["Sounds", "आवाज़"],
  speech: ["Speak prompts", "बोल कर बताएँ"],
  on: ["On", "चालू"],
  off: ["Off", "बंद"],
  health: ["Appliance", "उपकरण"],
  release: ["Software", "सॉफ़्टवेयर"],
  entries: ["Journal entries", "जर्नल प्रविष्टियाँ"],
  disk_days: ["Disk full in", "डिस्क भरने में"],
  clock: ["Clock", "घड़ी"],
  devices: ["Devices", "यंत्र"],
  no_end: ["No end in sight", "बहुत समय"],
  days: ["{0} days", "{0} दिन"],
  fine: ["Fine", "ठीक"],
  lost_device: ["Lost", "टूटा"],
  off_device: ["Off", "बंद"],
  units_at_risk: ["{0} at risk", "{0} जोखिम में"],
  score: ["Score", "स्कोर"],
  open_lines: ["{0} open", "{0} बाकी"],
  counting_blind: ["First end the count: it is blind.", "पहले गिनती पूरी करें।"],
  sign_in: ["A worker signs in first.", "पहले कोई साइन इन करे।"],
  post_in_use: ["Someone else works at this post.", "इस पोस्ट पर कोई और काम कर रहा है।"],
  too_many_tries: ["Too many tries. Wait a minute.", "बहुत बार कोशिश हुई। एक मिनट रुकें।"],
  supervisor: ["This is for supervisors.", "यह सुपरवाइज़र के लिए है।"],
  busy: ["The station is busy. Try again.", "स्टेशन व्यस्त है। फिर कोशिश करें।"],
  refused: ["Not accepted: {0}", "स्वीकार नहीं: {0}"],
  not_sent: ["Not sent: no link. Nothing was booked by this screen.", "नहीं गया: कनेक्शन नहीं। कुछ दर्ज नहीं हुआ।"],
  loading: ["Loading", "ला रहे हैं"],
  sellable: ["Sellable", "बिक्री योग्य"],
  quarantine: ["Quarantine", "अलग रखा"],
  hold: ["On hold", "रोका हुआ"],
  expired: ["Expired", "एक्सपायर"],
  alert_expiry: ["Days to expiry: {0} or less", "एक्सपायरी में {0} दिन या कम"],
  alert_dead_stock: ["Does not sell any more", "अब नहीं बिक रहा"],
  action_sell_first: ["Sell first", "पहले बेचें"],
  action_offer: ["Make an offer", "ऑफ़र दें"],
  action_return: ["Return to company", "कंपनी को लौटाएँ"],
  action_dispose: ["Dispose", "नष्ट करें"],
  action_inspect: ["Inspect", "जाँचें"],
  factor_chance: ["Chance to remain", "बचने की आशंका"],
  factor_share: ["Share that remains", "कितना बचेगा"],
  factor_nearness: ["Nearness of expiry", "एक्सपायरी पास"],
  factor_idle: ["Days without sale", "बिना बिक्री दिन"],
  factor_velocity: ["Slowness", "धीमापन"],
  factor_no_sale: ["Chance of no sale", "न बिकने की आशंका"],
  blocked: ["{0} blocked", "{0} रोके हुए"],
  tasks: ["Waiting", "बाकी काम"],
} as const;

export type Word = keyof typeof words;

export function isWord(text: string): text is Word {
  return text in words;
}

function fill(sentence: string, args: readonly (string | number)[]): string {
  return sentence.replace(/\{(\d)\}/g, (_, n: string) => String(args[Number(n)] ?? ""));
}

export function say(language: Language, word: Word, ...args: (string | number)[]): string {
  return fill(words[word][language === "hi" ? 1 : 0], args);
}

export type Messages = Map<string, MessageRow>;

/** A sentence of the station. One that this screen does not know yet shows its code. */
export function sentence(messages: Messages, language: Language, m: Message): string {
  const row = messages.get(m.code);
  return row ? fill(row[language], m.args) : [m.code, ...m.args].join(" ");
}

export function toLanguage(text: string | undefined): Language {
  return text === "hi" ? "hi" : "en";
}
