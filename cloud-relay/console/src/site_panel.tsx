// SPDX-License-Identifier: GPL-3.0-or-later
// The map in words, beside it: each site with its bars, and each load on the road. Who cannot see the
// map, or has none on a small screen, misses nothing.
import { date, moneyShort, units } from "./format";
import { say } from "./language";
import type { Lorry, SiteSums } from "./network_sums";
import { Age, Empty, State } from "./parts";
import { href } from "./route";

function Bar({ kind, paise, most }: { kind: "surplus" | "need"; paise: number; most: number }) {
  return (
    <p class="site-bar">
      <span class="hidden">{say(kind)} </span>
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect class={`map-${kind}`} width={(paise * 100) / most} height="10" />
      </svg>
      <span>{moneyShort(paise)}</span>
    </p>
  );
}

export function SitePanel(props: {
  sites: readonly SiteSums[];
  chosen: string;
  onChoose: (site: string) => void;
}) {
  const most = Math.max(1, ...props.sites.flatMap((s) => [s.surplusPaise, s.needPaise]));
  const sorted = [...props.sites].sort(
    (a, b) => b.surplusPaise + b.needPaise - a.surplusPaise - a.needPaise,
  );
  return (
    <ul class="sites">
      {sorted.map(({ site, surplusPaise, needPaise }) => (
        <li key={site.site} class={site.site === props.chosen ? "chosen" : ""}>
          <p class="site-name">
            <button
              class="plain"
              aria-pressed={site.site === props.chosen}
              aria-label={say("choose_site", site.name)}
              onClick={() => props.onChoose(site.site)}
            >
              {site.name}
            </button>
            <Age seconds={site.siteDataAgeSeconds} />
          </p>
          <Bar kind="surplus" paise={surplusPaise} most={most} />
          <Bar kind="need" paise={needPaise} most={most} />
        </li>
      ))}
    </ul>
  );
}

export function LorryList(props: { lorries: readonly Lorry[]; nameOf: (site: string) => string }) {
  if (props.lorries.length === 0) return <Empty>{say("no_flows")}</Empty>;
  return (
    <ul class="lorries">
      {props.lorries.map((lorry) => (
        <li key={lorry.key}>
          {say(
            "lorry",
            units(lorry.units),
            props.nameOf(lorry.fromSite),
            props.nameOf(lorry.toSite),
            lorry.dueDay ? say("due_on", date(lorry.dueDay)) : date(lorry.sentDay),
          )}{" "}
          {lorry.lateDays > 0 && <State name="high">{say("late_by", lorry.lateDays)}</State>}{" "}
          {lorry.documents.map((document) => (
            <a key={document} class="code" href={href("orders", document)}>
              {document}{" "}
            </a>
          ))}
        </li>
      ))}
    </ul>
  );
}
