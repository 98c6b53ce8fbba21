// SPDX-License-Identifier: GPL-3.0-or-later
// What the distributor uses of the relay, beside what its operator grants.
import { useGet } from "./data";
import { whole } from "./format";
import { say, term } from "./language";
import { Problems, State, Table } from "./parts";

const states = {
  ok: ["ok", "usage_ok"],
  near: ["high", "usage_near"],
  reached: ["critical", "usage_reached"],
} as const;

function Reached({ of }: { of: keyof typeof states }) {
  const [tone, word] = states[of];
  return <State name={tone}>{say(word)}</State>;
}

export function Usage() {
  const shown = useGet("/api/v1/tenant/usage", {}, /^(Setting|Device|User|Campaign)/);
  return (
    <section class="card">
      <Problems of={shown} />
      {shown.data && (
        <Table
          caption={say("usage")}
          showCaption
          rows={shown.data.items}
          keyOf={(row) => row.quota}
          none={say("nothing")}
          columns={[
            { title: say("rule"), cell: (row) => term(`quota_${row.quota}`) },
            { title: say("used"), number: true, cell: (row) => whole(row.used) },
            {
              title: say("granted"),
              number: true,
              cell: (row) => (row.allowed === null ? "–" : whole(row.allowed)),
            },
            { title: say("state"), cell: (row) => <Reached of={row.state} /> },
          ]}
        />
      )}
    </section>
  );
}
