// SPDX-License-Identifier: Apache-2.0
// What a worker may begin: the flows as tiles, with what waits for each of them.
import { useEffect, useState } from "preact/hooks";
import * as api from "./api";
import { Icon, isIcon, type IconName } from "./icons";
import { useScreen, type Page } from "./screen_context";
import type { Rows, TaskRow, WorkView } from "./types";
import { AnswerBand, Choices, Prompt } from "./work_page";

const lists: Page[] = ["stock", "at_risk", "alerts"];

function useTasks(version: number): TaskRow[] {
  const [tasks, setTasks] = useState<TaskRow[]>([]);
  useEffect(() => {
    let gone = false;
    api.get<Rows<TaskRow>>("tasks").then(
      ({ rows }) => !gone && setTasks(rows),
      () => undefined, // tiles without a number still work
    );
    return () => {
      gone = true;
    };
  }, [version]);
  return tasks;
}

export function HomePage({ view, alerts }: { view: WorkView; alerts: number }) {
  const { t, tell, send, go, busy, link } = useScreen();
  const tasks = useTasks(view.version);
  const flows = view.choices.filter((choice) => choice.command.startsWith("flow:"));
  const others = view.choices.filter((choice) => !choice.command.startsWith("flow:"));
  return (
    <main class="page page-home">
      <Prompt view={view} />
      {view.answer?.tone !== "noted" && <AnswerBand answer={view.answer} />}
      <div class="tiles">
        {flows.map((choice) => {
          const flow = choice.command.slice("flow:".length);
          const icon: IconName = isIcon(flow) ? flow : "scan";
          const waiting = tasks.filter((task) => task.flow === flow).length;
          return (
            <button
              key={flow}
              class={`tile ${waiting > 0 ? "tile-waiting" : ""}`}
              disabled={busy || link === "lost"}
              onClick={() => send(choice.command)}
            >
              <Icon name={icon} />
              <span>{tell(choice.label)}</span>
              {waiting > 0 && (
                <b class="count" aria-label={`${t("tasks")}: ${waiting}`}>
                  {waiting}
                </b>
              )}
            </button>
          );
        })}
        {lists.map((page) => (
          <button key={page} class="tile tile-list" onClick={() => go(page)}>
            <Icon name={page as IconName} />
            <span>{t(page as "stock" | "at_risk" | "alerts")}</span>
            {page === "alerts" && alerts > 0 && <b class="count">{alerts}</b>}
          </button>
        ))}
      </div>
      <Choices choices={others} />
    </main>
  );
}
