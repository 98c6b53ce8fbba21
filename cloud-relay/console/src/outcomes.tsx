// SPDX-License-Identifier: GPL-3.0-or-later
// Transfers that ended: what they were to cost and bring, and did; and how many arrived whole.
import { proposalChanges } from "./approvals";
import { money, permille, whole } from "./format";
import { say } from "./language";
import { useList } from "./list";
import { ListTable, Problems, State, Table } from "./parts";
import { href } from "./route";
import type { Schema } from "./schema";
import { useSites } from "./sites";
import { TrueCostButton } from "./true_cost";

type Outcome = Schema<"Outcome">;
const PAGE = 50;
const paid = (o: Outcome) =>
  o.freightPaise === null ? null : o.freightPaise + (o.handlingPaise ?? 0);
const beside = (predicted: number, actual: number) => `${money(predicted)} → ${money(actual)}`;

function Trend({ of }: { of: readonly Schema<"OutcomeMonth">[] }) {
  return (
    <section class="card">
      <Table
        caption={say("trend")}
        showCaption
        rows={of.filter((m) => m.ended > 0)}
        keyOf={(m) => m.month}
        none={say("no_outcome")}
        columns={[
          { title: say("month"), cell: (m) => m.month },
          {
            title: say("arrived_whole"),
            number: true,
            cell: (m) =>
              `${permille(m.successPermille ?? 0)} (${say("of", whole(m.successes), whole(m.ended))})`,
          },
          {
            title: say("cost_actual"),
            number: true,
            cell: (m) => beside(m.predictedCostPaise, m.actualCostPaise),
          },
          {
            title: say("brought_actual"),
            number: true,
            cell: (m) => beside(m.predictedRevenuePaise, m.actualRevenuePaise),
          },
        ]}
      />
    </section>
  );
}

export function TransferOutcomes() {
  const list = useList("/api/v1/reallocation/outcomes", { limit: PAGE }, proposalChanges);
  const sites = useSites();
  return (
    <>
      <h2>{say("transfers_predicted")}</h2>
      <Problems of={list} />
      {list.data && (
        <>
          <Trend of={list.data.trend} />
          <ListTable
            list={list}
            caption={say("transfers_predicted")}
            rows={list.data.items}
            keyOf={(o) => o.proposalId}
            none={say("no_outcome")}
            columns={[
              {
                title: say("goods"),
                cell: (o) => <a href={href("proposals", o.proposalId)}>{o.name}</a>,
              },
              {
                title: say("from_to"),
                cell: (o) => `${sites.nameOf(o.fromSite)} → ${sites.nameOf(o.toSite)}`,
              },
              { title: say("state"), cell: (o) => <State name={o.state} /> },
              {
                title: say("freight_predicted"),
                number: true,
                cell: (o) => money(o.predictedFreightPaise),
              },
              {
                title: say("freight_true"),
                number: true,
                cell: (o) => {
                  const all = paid(o);
                  return (
                    <>
                      {all === null ? say("not_entered") : money(all)}{" "}
                      <TrueCostButton
                        proposal={o.proposalId}
                        corrects={all !== null}
                        onDone={list.again}
                      />
                    </>
                  );
                },
              },
              {
                title: say("cost_actual"),
                number: true,
                cell: (o) => beside(o.predictedCostPaise, o.actualCostPaise),
              },
              {
                title: say("brought_actual"),
                number: true,
                cell: (o) => beside(o.predictedRevenuePaise, o.actualRevenuePaise),
              },
            ]}
          />
        </>
      )}
    </>
  );
}
