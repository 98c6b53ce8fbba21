// SPDX-License-Identifier: GPL-3.0-or-later
// What the events of a case say, put into six chapters: what was found, how it was judged, what was
// proposed, who or what decided and because of which limit, what scans moved, what came of it. Pure.
import { wantedFrom, wantedText } from "./approvals";
import { money, units, verdict, who } from "./format";
import { say } from "./language";
import type { Schema } from "./schema";

type Event = Schema<"Event">;

export const chapters = ["found", "assessed", "proposed", "decided", "carried", "settled"] as const;
export type Chapter = (typeof chapters)[number];

export interface Sentence {
  chapter: Chapter;
  seq: number;
  at: string;
  actor: string;
  text: string;
  told: string; // what an agent or a person wrote, in the language it was written in
  proposal: string; // its id; "" for the case itself
}

interface Body {
  number(name: string): number;
  text(name: string): string;
}

function bodyOf(event: Event): Body {
  const body = event.body as Record<string, unknown>;
  return {
    number: (name) => (typeof body[name] === "number" ? (body[name] as number) : 0),
    text: (name) => (typeof body[name] === "string" ? (body[name] as string) : ""),
  };
}

interface Teller {
  of: Schema<"Case">;
  siteName: (site: string) => string;
}

type Telling = readonly [
  chapter: Chapter,
  text: (body: Body, event: Event, teller: Teller) => string,
];

const found: Telling = [
  "found",
  (_, event, { of, siteName }) =>
    `${say("found_text", units(of.riskUnits), units(of.units), siteName(of.site), money(of.riskPaise))} ${say("found_by", who(event.actor))}`,
];

function settledText({ of }: Teller): string {
  const ends = [
    ["moved", of.movedUnits],
    ["cleared", of.clearedUnits],
    ["returned", of.returnedUnits],
    ["written_off", of.writtenOffUnits],
  ] as const;
  const parts = ends.filter(([, n]) => n > 0).map(([end, n]) => `${say(end)}: ${units(n)}`);
  return `${parts.join(", ") || say("nothing")}. ${say("recovered")}: ${money(of.recoveredPaise)}.`;
}

// A state of the case by which CaseChanged is told; the others are told by proposals.
const caseStates: Record<string, Telling> = {
  assessed: [
    "assessed",
    (body) =>
      say(
        "risk_of",
        money(body.number("riskPaise")),
        units(body.number("riskUnits")),
        units(body.number("units")),
      ),
  ],
  closed: ["settled", (_, __, teller) => settledText(teller)],
  failed: ["settled", () => say("failed_text")],
};

function scansOut(body: Body, { siteName }: Teller): string {
  const road = body.number("inTransit");
  const out = say("scans_out", siteName(body.text("fromSite")), units(body.number("sent")));
  return road > 0 ? `${out} ${say("scans_road", units(road))}` : out;
}

function doneText(body: Body, { siteName }: Teller): string {
  const done = units(body.number("doneUnits"));
  switch (body.text("action")) {
    case "transfer":
      return say("scans_in", siteName(body.text("toSite")), done);
    case "supplier_return":
      return say("scans_back", body.text("toSite"), done);
    case "write_off":
      return say("scans_destroyed", done);
    default:
      return say("scans_sold", done);
  }
}

const tellings: Record<string, Telling> = {
  CaseOpened: found,
  CaseSettled: ["settled", (_, __, teller) => settledText(teller)],
  ProposalMade: ["proposed", (_, event) => say("made_by", who(event.actor))],
  ProposalChecked: [
    "proposed",
    (body) => `${say("compliance")}: ${verdict(body.text("compliance"))}.`,
  ],
  ApprovalWanted: [
    "decided",
    (body) =>
      wantedText(wantedFrom(body.number("persons"), body.text("limits"), body.text("compliance"))),
  ],
  ApprovalGiven: ["decided", (_, event) => say("approved_so_far", who(event.actor))],
  ProposalApproved: ["decided", (_, event) => say("approved_by", who(event.actor))],
  ProposalRejected: ["decided", (_, event) => say("rejected_by", who(event.actor))],
  ProposalOverridden: [
    "decided",
    (body, event) => say("overridden_by", who(event.actor), units(body.number("units"))),
  ],
  ProposalExpired: ["decided", () => say("lapsed")],
  ProposalStarted: ["carried", (body) => say("started_text", body.text("document"))],
  TransferLeft: ["carried", (body, _, teller) => scansOut(body, teller)],
  TransferShort: [
    "carried",
    (body) => say("scans_lost", units(body.number("damaged")), units(body.number("lost"))),
  ],
  ProposalDone: [
    "carried",
    (body, _, teller) => doneText(body, teller),
  ],
  FreightEntered: [
    "carried",
    (body, event) =>
      say(
        "freight_text",
        who(event.actor),
        money(body.number("freightPaise")),
        money(body.number("handlingPaise")),
        body.text("paper"),
        money(body.number("predictedPaise")),
      ),
  ],
  ProposalFailed: ["carried", () => say("failed_text")],
};

function tellingOf(event: Event): Telling | undefined {
  return event.type === "CaseChanged"
    ? caseStates[bodyOf(event).text("state")]
    : tellings[event.type];
}

/** What agents say again at each step of the same proposal is told once. */
export function storyOf(history: readonly Event[], teller: Teller): Sentence[] {
  const told = new Set<string>();
  return [...history]
    .sort((a, b) => a.seq - b.seq)
    .flatMap((event): Sentence[] => {
      const telling = tellingOf(event);
      if (!telling) return [];
      const [chapter, text] = telling;
      const body = bodyOf(event);
      const why = body.text("reason") || body.text("why");
      const once = `${event.subject} ${why}`;
      const isNew = why !== "" && !told.has(once);
      told.add(once);
      return [
        {
          chapter,
          seq: event.seq,
          at: event.timestamp,
          actor: event.actor,
          text: text(body, event, teller),
          told: isNew ? why : "",
          proposal: event.subject.startsWith("proposal:") ? event.subject.slice(9) : "",
        },
      ];
    });
}
