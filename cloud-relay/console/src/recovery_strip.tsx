// SPDX-License-Identifier: GPL-3.0-or-later
// The money: what was found at risk, and where it went. The bar shows shares of what was found.
import { moneyShort, units } from "./format";
import { say } from "./language";
import { Age } from "./parts";
import { href } from "./route";
import type { Schema } from "./schema";

const ends = [
  ["moved", "moved"],
  ["cleared", "cleared"],
  ["returned", "returned"],
  ["writtenOff", "written_off"],
] as const;

function Figure(props: {
  title: string;
  sums: Schema<"RecoverySums">;
  looks?: string;
  page?: string;
}) {
  const { sums, title } = props;
  return (
    <div class={`figure ${props.looks ?? ""}`}>
      <dt>{props.page ? <a href={href(props.page)}>{title}</a> : title}</dt>
      <dd>
        <strong>{moneyShort(sums.paise)}</strong>
        <span>
          {units(sums.units)} · {say("n_cases", sums.cases)}
        </span>
      </dd>
    </div>
  );
}

export function RecoveryStrip({ of }: { of: Schema<"Recovery"> }) {
  const found = Math.max(1, of.atRisk.units);
  let at = 0;
  const shares = ends.map(([name]) => {
    const width = Math.min((Math.max(of[name].units, 0) * 1000) / found, 1000 - at);
    const share = { name, x: at, width };
    at += width;
    return share;
  });
  const { byAgents, byPersons, rejected } = of.decisions;
  return (
    <section class="card recovery" aria-labelledby="recovery-title">
      <div class="card-head">
        <h2 id="recovery-title">{say("rupees")}</h2>
        <p class="card-says">
          {say("decided_by", byAgents, byPersons, rejected)} <Age seconds={of.siteDataAgeSeconds} />
        </p>
      </div>
      <dl class="figures">
        <Figure title={say("at_risk_found")} sums={of.atRisk} looks="figure-risk" page="cases" />
        <Figure title={say("proposed_gain")} sums={of.proposed} page="proposals" />
        {ends.map(([name, title]) => (
          <Figure key={name} title={say(title)} sums={of[name]} looks={`figure-${name}`} />
        ))}
        <Figure
          title={say("recovered")}
          sums={of.recovered}
          looks="figure-recovered"
          page="market"
        />
      </dl>
      <svg class="share" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
        <rect class="share-open" width="1000" height="10" />
        {shares.map((s) => (
          <rect key={s.name} class={`share-${s.name}`} x={s.x} width={s.width} height="10" />
        ))}
      </svg>
      <p class="map-key">
        {ends.map(([name, title]) => (
          <span key={name} class={`key key-${name}`}>
            {say(title)}
          </span>
        ))}
        <span class="key key-open">{say("still_open")}</span>
      </p>
    </section>
  );
}
