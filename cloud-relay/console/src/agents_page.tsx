// SPDX-License-Identifier: GPL-3.0-or-later
import { useState } from "preact/hooks";
import { mayDo } from "./access";
import { write } from "./api";
import { useConsole } from "./console_context";
import { useGet } from "./data";
import { time, whole } from "./format";
import { Page, State, Table } from "./parts";
import { ReasonDialog } from "./reason_dialog";
import type { Schema } from "./schema";

type Command = Schema<"AgentCommand">["command"];
const commandWords: Record<Command, string> = { start: "Start", stop: "Stop", restart: "Restart" };

export function AgentsPage() {
  const { user, tell } = useConsole();
  const shown = useGet("/api/v1/agents", {}, /^(Agent|Letter|agent)/);
  const [asking, setAsking] = useState<{ agent: string; command: Command } | null>(null);
  const commands = (of: Schema<"Agent">): Command[] =>
    of.wanted === "stopped" ? ["start"] : ["stop", "restart"];
  return (
    <Page
      title="Agents"
      shown={shown}
      lead="Each reads what happens and decides within its limits. A stopped one misses nothing: it goes on where it was."
    >
      {(data) => (
        <section class="card">
          <Table
            caption="Agents"
            rows={data.items}
            keyOf={(a) => a.agent}
            none="No agent has run yet."
            columns={[
              { title: "Agent", cell: (a) => a.agent },
              { title: "State", cell: (a) => <State name={a.state} /> },
              { title: "Wanted", cell: (a) => a.wanted },
              { title: "Heartbeat", cell: (a) => time(a.heartbeatAt) },
              { title: "Handled", number: true, cell: (a) => whole(a.handled) },
              { title: "Unread", number: true, cell: (a) => whole(a.behind) },
              { title: "Failures", number: true, cell: (a) => whole(a.failures) },
              { title: "Restarts", number: true, cell: (a) => whole(a.restarts) },
              { title: "Last fault", cell: (a) => a.lastError || "none" },
              ...(mayDo(user, "command")
                ? [
                    {
                      title: "Command",
                      cell: (a: Schema<"Agent">) => (
                        <span class="buttons-tight">
                          {commands(a).map((command) => (
                            <button
                              key={command}
                              class="button button-small"
                              aria-label={`${commandWords[command]} ${a.agent}`}
                              onClick={() => setAsking({ agent: a.agent, command })}
                            >
                              {commandWords[command]}
                            </button>
                          ))}
                        </span>
                      ),
                    },
                  ]
                : []),
            ]}
          />
          {asking && (
            <ReasonDialog
              title={`${commandWords[asking.command]} ${asking.agent}`}
              confirm={commandWords[asking.command]}
              onClose={() => setAsking(null)}
              onConfirm={async (reason) => {
                await write("post", "/api/v1/agents/{agent}/command", {
                  places: { agent: asking.agent },
                  body: { command: asking.command, reason },
                });
                tell("The command is given.");
                shown.again();
              }}
            />
          )}
        </section>
      )}
    </Page>
  );
}
