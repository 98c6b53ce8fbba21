// SPDX-License-Identifier: Apache-2.0
// The station's JSON, as firmware/web/web_view.h and web_list.h write it.

export interface Message {
  code: string;
  args: string[];
}

export type Tone = "none" | "accept" | "reject" | "attention" | "noted";

export interface Answer extends Message {
  tone: Tone;
}

export interface Item {
  sku: string | null;
  name: string | null;
  name_hi: string | null;
  batch: string | null;
  expiry: string | null;
  expiry_kind: string;
  made: string | null;
  mrp_paise: number;
  qty: number;
  qty_text: string | null;
  bin: string | null;
  days_left: number | null;
}

export interface Choice {
  command: string;
  label: Message;
  primary: boolean;
  danger: boolean;
}

export type KeypadKind = "number" | "pin" | "date" | "text";

interface Common {
  post: string;
  version: number;
  /** Inputs answered so far: tells a new answer from the same one shown again. */
  answers: number;
  worker: string | null;
  worker_name: string | null;
  language: string;
  clock_doubtful: boolean;
}

/** Someone works at the post, and this screen is not theirs. */
export interface LockedView extends Common {
  locked: true;
}

export interface WorkView extends Common {
  locked: false;
  flow: string;
  document: string | null;
  prompt: Message | null;
  answer: Answer | null;
  item: Item | null;
  target: Item | null;
  progress: { done: number; total: number } | null;
  keypad: { kind: KeypadKind; prefix: string } | null;
  choices: Choice[];
  recent: Message[];
}

export type View = LockedView | WorkView;

export interface CommandAnswer {
  tone: Tone;
  message: Message | null;
  first_seq: number;
  entries: number;
  view: View;
}

export interface Rows<T> {
  rows: T[];
  more: boolean;
}

export interface PostRow {
  post: string;
  worker_name: string | null;
  flow: string | null;
  in_use: boolean;
}

export interface MessageRow {
  code: string;
  en: string;
  hi: string;
}

interface Goods {
  sku: string | null;
  name: string | null;
  name_hi: string | null;
}

interface Dated {
  expiry: string | null;
  days_left: number | null;
}

export interface StockRow extends Goods, Dated {
  qty: number;
  qty_text: string | null;
  qty_text_hi: string | null;
  lots: number;
}

export interface LotRow extends Goods, Dated {
  batch: string | null;
  mrp_paise: number;
  bin: string | null;
  status: string;
  qty: number;
  qty_text: string | null;
  qty_text_hi: string | null;
}

export interface TaskRow {
  flow: string;
  command: string;
  document: string | null;
  party: string | null;
  due: string | null;
  lines: number;
  open: number;
  bin: string | null;
}

export interface AlertRow extends Goods, Dated {
  seq: number;
  raised_ms: number;
  reason: string;
  threshold: number;
  note: string | null;
  batch: string | null;
  score: number;
  risk_units: number;
  risk_paise: number;
}

export interface Sync {
  state: string;
  trouble: string | null;
  trouble_ms: number | null;
  queued: number;
  acked: number;
  oldest_ms: number | null;
  acked_ms: number | null;
  connected_ms: number | null;
  left_ms: number | null;
  refused: string | null;
}

export interface Health {
  sync: Sync | null;
  release: string;
  clock: { wall_ms: number; trust: string; doubtful: boolean };
  journal: {
    head: number;
    chain: string;
    boot: number;
    disk: { used_bytes: number; free_bytes: number; days_left: number | null } | null;
  };
  devices: { name: string; kind: string; post: string | null; state: string }[];
}

export interface Factor {
  name: string;
  points: number;
}

export interface RiskRow extends Goods, Dated {
  batch: string | null;
  mrp_paise: number;
  score: number;
  factors: Factor[];
  units: number;
  blocked_units: number;
  qty: number;
  qty_text: string | null;
  qty_text_hi: string | null;
  risk_paise: number;
  action: string | null;
}

export interface Impact {
  carrying_paise: number;
  opportunity_paise: number;
  disposal_paise: number;
  transport_paise: number;
  total_paise: number;
  blocked_ml: number;
  blocked_pallets: number;
}

export interface SlowRow extends Goods {
  category: string | null;
  status: string;
  idle_days: number;
  age_days: number;
  velocity_milli: number;
  earlier_milli: number | null;
  horizon_days: number;
  no_sale_permille: number; // within the horizon, and so are the costs
  score: number;
  factors: Factor[];
  qty: number;
  qty_text: string | null;
  qty_text_hi: string | null;
  landed_paise: number;
  impact: Impact;
}

export interface RiskTotal {
  skus: number;
  batches: number;
  dead_skus: number;
  slow_skus: number;
  landed_paise: number;
  risk_units: number;
  risk_paise: number;
  impact: Impact;
}

export interface RiskTotals extends Rows<RiskTotal & { category: string | null }> {
  all: RiskTotal;
}
