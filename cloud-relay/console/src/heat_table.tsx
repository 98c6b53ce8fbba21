// SPDX-License-Identifier: GPL-3.0-or-later
// Surplus and need as a matrix: a row a category or SKU, a column a site, colour by rupees. The eye
// finds a dark ochre and a dark blue in one row: goods that lie at the wrong place.
import { moneyShort, units } from "./format";
import { say } from "./language";
import { Empty } from "./parts";
import { href } from "./route";
import type { Schema } from "./schema";

type Network = Schema<"Network">;
type Cell = Schema<"NetworkCell">;

const ROWS = 40;
const TINT_MAX = 42; // percent: text keeps its contrast on it

interface Row {
  key: string;
  paise: number;
  cells: Map<string, Cell>;
}

function rowsOf(network: Network, site: string): Row[] {
  const rows = new Map<string, Row>();
  for (const cell of network.cells) {
    if (site && cell.site !== site) continue;
    const row = rows.get(cell.key) ?? { key: cell.key, paise: 0, cells: new Map<string, Cell>() };
    row.paise += cell.surplusPaise + cell.needPaise;
    row.cells.set(cell.site, cell);
    rows.set(cell.key, row);
  }
  return [...rows.values()].filter((r) => r.paise > 0).sort((a, b) => b.paise - a.paise);
}

function Half(props: { kind: "surplus" | "need"; paise: number; n: number; most: number }) {
  const { kind, paise, most } = props;
  if (props.n === 0) return <span class="heat-none">–</span>;
  const tint = Math.round(TINT_MAX * Math.sqrt(Math.max(paise, 0) / most));
  return (
    <span
      class={`heat-${kind}`}
      style={{ "--tint": `${tint}%` }}
      title={`${say(kind)}: ${units(props.n)}`}
    >
      <span class="hidden">{say(kind)} </span>
      {moneyShort(paise)}
    </span>
  );
}

export function HeatTable({ network, site }: { network: Network; site: string }) {
  const rows = rowsOf(network, site).slice(0, ROWS);
  const sites = network.sites.filter((s) => !site || s.site === site);
  const of = say(network.by === "sku" ? "sku" : "category");
  const title = say(network.by === "sku" ? "heat_by_sku" : "heat_by_category");
  if (rows.length === 0) return <Empty>{say("neither")}</Empty>;
  const shown = rows.flatMap((r) => [...r.cells.values()]);
  const most = Math.max(1, ...shown.flatMap((c) => [c.surplusPaise, c.needPaise]));
  const link = (key: string) =>
    network.by === "sku"
      ? href("overview", "", { sku: key })
      : href("overview", "", { category: key });
  return (
    <div class="matrix-frame" tabIndex={0} role="region" aria-label={title}>
      <table class="matrix">
        <caption class="hidden">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{of}</th>
            {sites.map((s) => (
              <th key={s.site} scope="col">
                {s.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">
                <a href={link(row.key)}>{row.key.replace(/_/g, " ")}</a>
              </th>
              {sites.map(({ site: at }) => {
                const cell = row.cells.get(at);
                return (
                  <td key={at}>
                    <div class="heat-cell">
                      <Half
                        kind="surplus"
                        paise={cell?.surplusPaise ?? 0}
                        n={cell?.surplusUnits ?? 0}
                        most={most}
                      />
                      <Half
                        kind="need"
                        paise={cell?.needPaise ?? 0}
                        n={cell?.needUnits ?? 0}
                        most={most}
                      />
                    </div>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
