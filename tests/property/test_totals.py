# SPDX-License-Identifier: Apache-2.0
"""Property 3, as far as one appliance knows parts: categories, batches and bins, the outlets and
sites that entries name, reasons and workers. Territories are the relay's."""

from collections import Counter, defaultdict

from hypothesis import event, given
from hypothesis import strategies as st

import fold
from domain import CATALOGUE, SKUS, Floor, lives, terms
from product import DAY0, IMPACT, Site, tagged

ACCOUNTS = ["opening", "received", "sold", "returned", "dispatched", "arrived", "sent_back",
            "disposed", "adjusted", "internal"]
SUMMED = ["skus", "batches", "dead", "slow", "landed", "risk_units", "risk_paise", "blocked_ml",
          "pallets"] + IMPACT
CATEGORIES = ["biscuits", "soap", ""]  # "" is for SKUs that the catalogue does not know


@tagged
def test_totals_are_the_sum_over_categories_skus_and_batches():
    """Feature: vyapar-sahayak-distributor, Property 3: Totals equal the sum of their parts over
    territory, outlet and category."""
    reach = Counter()

    @given(lives(), terms(), st.booleans())
    def run(life, settings, catalogued):
        days, happenings, _, _ = life
        with Site() as site:
            body = CATALOGUE if catalogued else CATALOGUE[:CATALOGUE.index("CAKE")]
            site.apply("catalogue", 1, body)
            floor = Floor(site)
            for day, *what in happenings:
                site.at(DAY0 + day, 36_000_000)
                floor.do(*what)
            site.commit()
            today = DAY0 + days + 1
            site.detect_open(today, settings)
            site.sweep(today)
            whole = site.total()
            parts = [site.total(c) for c in CATEGORIES]
            for field in SUMMED:
                assert getattr(whole, field) == sum(getattr(p, field) for p in parts), field
            scores = site.scores()
            for c, part in zip(CATEGORIES, parts):
                of_c = [s for s in scores if s.category == c]
                assert part.skus == len(of_c)
                for field in ["landed", "risk_units", "risk_paise"] + IMPACT:
                    assert getattr(part, field) == sum(getattr(s, field) for s in of_c), field
                assert part.dead == sum(s.status == "dead" for s in of_c)
            lots = site.lots()
            for s in scores:
                batches = site.batches(s.sku)
                assert s.units == sum(b.units for b in batches)
                assert s.landed == sum(b.landed for b in batches)
                assert s.risk_units == sum(b.risk_units for b in batches)
                assert s.risk_paise == sum(b.risk_paise for b in batches)
                sellable = sum(q for lot, q in lots.items() if lot[0] == s.sku and lot[5] == 0)
                assert s.units == sellable
            for sku in SKUS:
                assert site.life(sku)[1] == sum(q for lot, q in lots.items() if lot[0] == sku)
            reach["several categories"] += len({s.category for s in scores}) > 1
            reach["impact"] += whole.impact > 0
            reach["at risk"] += whole.risk_paise > 0
            event(f"SKUs with stock: {whole.skus}")

    run()
    print(dict(reach))
    assert reach["several categories"] >= 30 and reach["impact"] >= 20 and reach["at risk"] >= 40


@st.composite
def dealings(draw):
    """Movements with parties: (kind, sku, batch, party, worker, reason, units)."""
    kinds = {"received": ["SUP-1", "SUP-2"], "picked": ["OUT-1", "OUT-2", "OUT-3"],
             "returned": ["OUT-1", "OUT-2", "OUT-3"], "dispatched": ["WH-P", "WH-N"],
             "arrived": ["WH-P", "WH-N"], "sent_back": ["SUP-1", "SUP-2"], "disposed": [""],
             "adjusted": [""], "counted": [""], "opening": [""]}
    reasons = {"returned": ["damaged", "not_sold"], "sent_back": ["expired", "recall"],
               "disposed": ["expired", "damaged"], "adjusted": ["found", "missing"]}
    kind = draw(st.sampled_from(sorted(kinds)))
    units = draw(st.integers(1, 50)) * (draw(st.sampled_from([1, -1])) if kind == "adjusted" else 1)
    return (kind, draw(st.sampled_from(SKUS)), draw(st.sampled_from(["L1", "L2"])),
            draw(st.sampled_from(kinds[kind])), draw(st.sampled_from(["W1", "W2"])),
            draw(st.sampled_from(reasons.get(kind, [""]))), units, draw(st.integers(0, 3)))


@tagged
def test_totals_are_the_sum_over_outlets_sites_and_reasons():
    """Feature: vyapar-sahayak-distributor, Property 3: Totals equal the sum of their parts over
    territory, outlet and category.

    What went to and came from each outlet, supplier and site adds up to the accounts of the
    conservation equation; so do batches, bins, reasons and workers.
    """
    reach = Counter()

    @given(st.lists(dealings(), min_size=12, max_size=40))
    def run(all_dealings):
        with Site() as site:
            for kind, sku, batch, party, worker, reason, units, day in sorted(
                    all_dealings, key=lambda d: d[7]):
                site.at(DAY0 + day, 1000)
                fields = {"sku": sku, "batch": batch, "bin": f"B{units % 3}", "worker": worker}
                if kind == "counted":
                    fields |= {"observed": units, "expected": 5}
                else:
                    fields |= {"qty": units, "value_paise": abs(units) * 10}
                fields |= {"party": party} if party else {}
                fields |= {"reason": reason} if reason else {}
                fields |= {"document": "T-1"} if kind in ("dispatched", "arrived") else {}
                site.append((kind, fields))
            site.commit()
            entries = site.entries()
            balances = site.balances()
            held = sum(b[5] for b in balances)
            assert held == sum(site.lots().values()) == sum(site.life(s)[1] for s in SKUS)
            by_bin = defaultdict(int)
            for lot, qty in site.lots().items():
                by_bin[lot[4]] += qty
            assert sum(by_bin.values()) == held
            signs = {"received": 1, "picked": -1, "returned": 1, "dispatched": -1, "arrived": 1,
                     "sent_back": -1}
            for kind, sign in signs.items():
                account = ACCOUNTS.index("sold" if kind == "picked" else kind)
                by_party = defaultdict(int)
                for e in entries:
                    if e["kind"] == kind:
                        by_party[e["party"]] += sign * e["qty"]
                assert sum(by_party.values()) == sum(b[6 + account] for b in balances)
                reach["several parties"] += len(by_party) > 1
            for b in balances:
                assert b[4] == b[5] == sum(b[6:])
            for kind in ("returned", "sent_back", "disposed", "adjusted"):
                rows = site.reasons(kind, DAY0, DAY0 + 3)
                of_kind = [e for e in entries if e["kind"] == kind]
                assert sum(r[2] for r in rows) == len(of_kind)
                assert sum(r[3] for r in rows) == sum(e["qty"] for e in of_kind)
                first = site.reasons(kind, DAY0, DAY0 + 1)
                rest = site.reasons(kind, DAY0 + 2, DAY0 + 3)
                assert sum(r[2] for r in first + rest) == len(of_kind)
                reach["several reasons or workers"] += len(rows) > 1
            assert fold.stock(entries) == site.lots()

    run()
    print(dict(reach))
    assert reach["several parties"] >= 50 and reach["several reasons or workers"] >= 30
