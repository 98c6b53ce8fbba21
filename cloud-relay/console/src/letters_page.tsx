// SPDX-License-Identifier: GPL-3.0-or-later
import { useState } from "preact/hooks";
import { mayDo } from "./access";
import { write } from "./api";
import { useConsole } from "./console_context";
import { time, who, whole, words } from "./format";
import { useList } from "./list";
import { Choice, More, Page, State, Table } from "./parts";
import { ReasonDialog } from "./reason_dialog";
import { setFilter, type Route } from "./route";
import type { Schema } from "./schema";

type Decision = Schema<"LetterDecision">["decision"];

export function LettersPage({ route }: { route: Route }) {
  const state = (route.filters.get("state") ?? "open") as Schema<"LetterState"> | "all";
  const { user, tell } = useConsole();
  const list = useList(
    "/api/v1/dead-letters",
    state === "all" ? {} : { state },
    /^(Letter|Device)/,
  );
  const [asking, setAsking] = useState<{ letter: number; decision: Decision } | null>(null);
  return (
    <Page
      title="Dead letters"
      lead="What could not be taken in. Nothing is lost: it is repaired or dropped by a person, and stays on record."
      shown={list}
      tools={
        <div class="tools">
          <Choice
            label="State"
            value={state}
            options={[
              ["all", "All"],
              ...(["open", "repaired", "dropped"] as const).map((s) => [s, words(s)] as const),
            ]}
            onChange={(v) => setFilter("state", v)}
          />
        </div>
      }
    >
      {(data) => (
        <section class="card">
          <Table
            caption="Dead letters"
            rows={data.items}
            keyOf={(l) => String(l.letter)}
            none="Nothing was set aside."
            columns={[
              { title: "Letter", cell: (l) => `No. ${l.letter}` },
              { title: "Reason", cell: (l) => l.reason },
              {
                title: "From",
                cell: (l) => `${l.source}${l.device ? `, ${l.device} ${l.epoch}:${l.seq}` : ""}`,
              },
              { title: "Bytes", number: true, cell: (l) => whole(l.bytes) },
              { title: "Since", cell: (l) => time(l.madeAt) },
              { title: "State", cell: (l) => <State name={l.state} /> },
              {
                title: "Decided",
                cell: (l) => (l.decidedBy ? `${who(l.decidedBy)}, ${time(l.decidedAt)}` : "–"),
              },
              ...(mayDo(user, "command")
                ? [
                    {
                      title: "Decide",
                      cell: (l: Schema<"DeadLetter">) =>
                        l.state === "open" ? (
                          <span class="buttons-tight">
                            {(["repair", "drop"] as const).map((decision) => (
                              <button
                                key={decision}
                                class="button button-small"
                                aria-label={`${decision} letter ${l.letter}`}
                                onClick={() => setAsking({ letter: l.letter, decision })}
                              >
                                {decision === "repair" ? "Repair" : "Drop"}
                              </button>
                            ))}
                          </span>
                        ) : (
                          "–"
                        ),
                    },
                  ]
                : []),
            ]}
          />
          <More next={data.next} onMore={list.more} />
          {asking && (
            <ReasonDialog
              title={`${asking.decision === "repair" ? "Try again" : "Drop"}: letter ${asking.letter}`}
              confirm={asking.decision === "repair" ? "Try it again" : "Drop it"}
              {...(asking.decision === "drop" ? { tone: "bad" as const } : {})}
              onClose={() => setAsking(null)}
              onConfirm={async (reason) => {
                await write("post", "/api/v1/dead-letters/{letter}/decision", {
                  places: { letter: asking.letter },
                  body: { decision: asking.decision, reason },
                });
                tell("Noted.");
                list.again();
              }}
            />
          )}
        </section>
      )}
    </Page>
  );
}
