// SPDX-License-Identifier: GPL-3.0-or-later
import { useState } from "preact/hooks";
import { mayDo } from "./access";
import { write } from "./api";
import { useConsole } from "./console_context";
import { useGet } from "./data";
import { time, whole } from "./format";
import { say, term } from "./language";
import { Page, State, Table, Told } from "./parts";
import { ReasonDialog } from "./reason_dialog";
import type { Schema } from "./schema";

type Command = Schema<"AgentCommand">["command"];

export function AgentsPage() {
  const { user, tell } = useConsole();
  const shown = useGet("/api/v1/agents", {}, /^(Agent|Letter|agent)/);
  const [asking, setAsking] = useState<{ agent: string; command: Command } | null>(null);
  const commands = (of: Schema<"Agent">): Command[] =>
    of.wanted === "stopped" ? ["start"] : ["stop", "restart"];
  return (
    <Page title={say("agents")} shown={shown} lead={say("agents_lead")}>
      {(data) => (
        <section class="card">
          <Table
            caption={say("agents")}
            rows={data.items}
            keyOf={(a) => a.agent}
            none={say("no_agents")}
            columns={[
              { title: say("agent"), cell: (a) => term(a.agent) },
              { title: say("state"), cell: (a) => <State name={a.state} /> },
              { title: say("wanted"), cell: (a) => term(a.wanted) },
              { title: say("heartbeat"), cell: (a) => time(a.heartbeatAt) },
              { title: say("handled"), number: true, cell: (a) => whole(a.handled) },
              { title: say("unread"), number: true, cell: (a) => whole(a.behind) },
              { title: say("failures"), number: true, cell: (a) => whole(a.failures) },
              { title: say("restarts"), number: true, cell: (a) => whole(a.restarts) },
              { title: say("last_fault"), cell: (a) => <Told>{a.lastError || say("none")}</Told> },
              ...(mayDo(user, "command")
                ? [
                    {
                      title: say("command"),
                      cell: (a: Schema<"Agent">) => (
                        <span class="buttons-tight">
                          {commands(a).map((command) => (
                            <button
                              key={command}
                              class="button button-small"
                              aria-label={say("command_agent", say(command), a.agent)}
                              onClick={() => setAsking({ agent: a.agent, command })}
                            >
                              {say(command)}
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
              title={say("command_agent", say(asking.command), asking.agent)}
              confirm={say(asking.command)}
              onClose={() => setAsking(null)}
              onConfirm={async (reason) => {
                await write("post", "/api/v1/agents/{agent}/command", {
                  places: { agent: asking.agent },
                  body: { command: asking.command, reason },
                });
                tell(say("command_given"));
                shown.again();
              }}
            />
          )}
        </section>
      )}
    </Page>
  );
}
