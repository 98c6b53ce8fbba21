// SPDX-License-Identifier: GPL-3.0-or-later
import { useState } from "preact/hooks";
import { mayDo } from "./access";
import { write } from "./api";
import { useConsole } from "./console_context";
import { time, who, whole } from "./format";
import { queryOf, wordFilter } from "./filters";
import { say } from "./language";
import { useList } from "./list";
import { ListPage } from "./list_page";
import { ListTable, State, Told } from "./parts";
import { ReasonDialog } from "./reason_dialog";
import { type Route } from "./route";
import type { Schema } from "./schema";

type Decision = Schema<"LetterDecision">["decision"];

export function LettersPage({ route }: { route: Route }) {
  const { user, tell } = useConsole();
  const filters = [wordFilter("state", ["open", "repaired", "dropped"], "open")];
  const list = useList(
    "/api/v1/dead-letters",
    queryOf<"/api/v1/dead-letters">(route, filters),
    /^(Letter|Device)/,
  );
  const [asking, setAsking] = useState<{ letter: number; decision: Decision } | null>(null);
  return (
    <ListPage
      route={route}
      title={say("letters")}
      lead={say("letters_lead")}
      list={list}
      filters={filters}
    >
      {(data) => (
        <>
          <ListTable
            list={list}
            caption={say("letters")}
            rows={data.items}
            keyOf={(l) => String(l.letter)}
            none={say("no_letters")}
            columns={[
              { title: say("letter"), cell: (l) => say("no_n", String(l.letter)) },
              { title: say("reason"), cell: (l) => <Told>{l.reason}</Told> },
              {
                title: say("from"),
                cell: (l) => `${l.source}${l.device ? `, ${l.device} ${l.epoch}:${l.seq}` : ""}`,
              },
              { title: say("size"), number: true, cell: (l) => whole(l.bytes) },
              { title: say("since"), cell: (l) => time(l.madeAt) },
              { title: say("state"), cell: (l) => <State name={l.state} /> },
              {
                title: say("decided"),
                cell: (l) => (l.decidedBy ? `${who(l.decidedBy)}, ${time(l.decidedAt)}` : "–"),
              },
              ...(mayDo(user, "command")
                ? [
                    {
                      title: say("decide"),
                      cell: (l: Schema<"DeadLetter">) =>
                        l.state === "open" ? (
                          <span class="buttons-tight">
                            {(["repair", "drop"] as const).map((decision) => (
                              <button
                                key={decision}
                                class="button button-small"
                                aria-label={say(`${decision}_letter`, String(l.letter))}
                                onClick={() => setAsking({ letter: l.letter, decision })}
                              >
                                {decision === "repair" ? say("repair") : say("drop")}
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
          {asking && (
            <ReasonDialog
              title={say(`${asking.decision}_letter`, String(asking.letter))}
              confirm={asking.decision === "repair" ? say("try_again") : say("drop_it")}
              {...(asking.decision === "drop" ? { tone: "bad" as const } : {})}
              onClose={() => setAsking(null)}
              onConfirm={async (reason) => {
                await write("post", "/api/v1/dead-letters/{letter}/decision", {
                  places: { letter: asking.letter },
                  body: { decision: asking.decision, reason },
                });
                tell(say("noted"));
                list.again();
              }}
            />
          )}
        </>
      )}
    </ListPage>
  );
}
