// SPDX-License-Identifier: GPL-3.0-or-later
// The money: what was found at risk, and where it went. The bar shows shares of what was found.
import { moneyShort, units, whole } from "./format";
import { Age } from "./parts";
import type { Schema } from "./schema";

const ends = [
  { name: "moved", title: "Moved" },
  { name: "cleared", title: "Cleared" },
  { name: "returned", title: "Returned" },
  { name: "writtenOff", title: "Written off" },
] as const;

function Figure(props: {
  title: string;
  sums: Schema<"RecoverySums">;
  age: number | null;
  looks?: string;
}) {
  const { sums } = props;
  return (
    <div class={`figure ${props.looks ?? ""}`}>
      <dt>{props.title}</dt>
      <dd>
        <strong>{moneyShort(sums.paise)}</strong>
        <span>
          {units(sums.units)} · {whole(sums.cases)} {sums.cases === 1 ? "case" : "cases"}
        </span>
        <Age seconds={props.age} />
      </dd>
    </div>
  );
}

export function RecoveryStrip({ of }: { of: Schema<"Recovery"> }) {
  const age = of.siteDataAgeSeconds;
  const found = Math.max(1, of.atRisk.units);
  let at = 0;
  const shares = ends.map(({ name }) => {
    const width = Math.min((Math.max(of[name].units, 0) * 1000) / found, 1000 - at);
    const share = { name, x: at, width };
    at += width;
    return share;
  });
  const { byAgents, byPersons, rejected } = of.decisions;
  return (
    <section class="card recovery" aria-labelledby="recovery-title">
      <div class="card-head">
        <h2 id="recovery-title">Rupees</h2>
        <p class="card-says">
          Decided by agents {whole(byAgents)}, by persons {whole(byPersons)}, rejected{" "}
          {whole(rejected)}
        </p>
      </div>
      <dl class="figures">
        <Figure title="At risk, as found" sums={of.atRisk} age={age} looks="figure-risk" />
        <Figure title="Proposed gain" sums={of.proposed} age={age} />
        {ends.map(({ name, title }) => (
          <Figure key={name} title={title} sums={of[name]} age={age} looks={`figure-${name}`} />
        ))}
        <Figure title="Recovered" sums={of.recovered} age={age} looks="figure-recovered" />
      </dl>
      <svg class="share" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
        <rect class="share-open" width="1000" height="10" />
        {shares.map((s) => (
          <rect key={s.name} class={`share-${s.name}`} x={s.x} width={s.width} height="10" />
        ))}
      </svg>
      <p class="map-key">
        {ends.map(({ name, title }) => (
          <span key={name} class={`key key-${name}`}>
            {title}
          </span>
        ))}
        <span class="key key-open">Still open, by units</span>
      </p>
    </section>
  );
}
