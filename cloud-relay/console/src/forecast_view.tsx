// SPDX-License-Identifier: GPL-3.0-or-later
// What is expected to sell in the coming weeks, by site; the sites add up to the last row.
import { useGet } from "./data";
import { whole } from "./format";
import { say } from "./language";
import { Table } from "./parts";

const WEEKS = [0, 1, 2, 3];

export function Forecasts() {
  const shown = useGet("/api/v1/forecasts", { query: { by: "site" } });
  if (!shown.data || shown.data.items.length === 0) return null;
  const rows = [...shown.data.items, { ...shown.data.total, name: say("all") }];
  return (
    <section class="card">
      <Table
        caption={say("forecasts")}
        showCaption
        rows={rows}
        keyOf={(row) => row.key}
        none={say("nothing")}
        columns={[
          { title: say("site"), cell: (row) => row.name },
          ...WEEKS.map((at) => ({
            title: say("week_no", at + 1),
            number: true,
            cell: (row: (typeof rows)[number]) => {
              const week = row.weeks[at];
              if (!week) return "–";
              const mean = whole(Math.round(week.meanMilli / 1000));
              return `${mean} (${whole(week.lowUnits)}–${whole(week.highUnits)})`;
            },
          })),
        ]}
      />
    </section>
  );
}
