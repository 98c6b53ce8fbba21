# SPDX-License-Identifier: Apache-2.0
"""Property 1, over detection on a real journal and over the rule alone."""

from collections import Counter

from hypothesis import event, given
from hypothesis import strategies as st

import fold
from domain import CATALOGUE, SKUS, Floor, lives, terms
from product import DAY0, Site, lib, numbers, tagged

@tagged
def test_dead_is_flagged_exactly_by_the_thresholds():
    """Feature: vyapar-sahayak-distributor, Property 1: Every item flagged as dead stock meets the
    configured velocity and period thresholds, and no item that meets them is missed.

    Over detection on a real journal: days of entries, then a sweep at one to four moments, with or
    without a restart between. What should be flagged is computed from the journal's lines alone.
    """
    reach = Counter()

    @given(lives(), terms())
    def run(life, settings):
        _, happenings, looks, restarts = life
        with Site() as site:
            site.apply("catalogue", 1, CATALOGUE)
            site.commit()
            site.detect_open(DAY0, settings)
            floor = Floor(site)
            for look in looks:
                while happenings and happenings[0][0] < look:
                    day, *what = happenings[0]
                    happenings = happenings[1:]
                    site.at(DAY0 + day, 36_000_000)
                    floor.do(*what)
                    site.detect_sku(what[0])
                    site.commit()
                if restarts:
                    site.reopen()
                    site.detect_open(DAY0 + look, settings)
                site.sweep(DAY0 + look)
                look_at(site, DAY0 + look, settings)

    def look_at(site, today, settings):
        entries = site.entries()
        moved = {sku: fold.Movement(entries, sku, today) for sku in SKUS}
        want = {sku for sku in SKUS if moved[sku].dead(*settings)}
        scores = {s.sku: s for s in site.scores()}
        for sku, s in scores.items():
            assert s.units == moved[sku].sellable
            assert s.age == len(moved[sku].days) and s.idle == moved[sku].idle()
            assert s.velocity == moved[sku].velocity_milli(settings[5])
        assert {sku for sku, s in scores.items() if s.status == "dead"} == want
        # And the journal says so: the last flag of a SKU is the state it is in.
        flags = {e["sku"]: e["reason"] for e in entries
                 if e["kind"] == "flagged" and "batch" not in e and "expiry_day" not in e
                 and "mrp_paise" not in e}
        assert {sku for sku, reason in flags.items() if reason == "dead"} == want
        alerts = Counter(e["sku"] for e in entries
                         if e["kind"] == "alerted" and e["reason"] == "dead_stock")
        assert want <= set(alerts)
        reach["looks"] += 1
        reach["dead"] += len(want)
        reach["dead after sales"] += sum(any(moved[sku].days) for sku in want)
        reach["alive with stock"] += len(scores) - len(want)
        reach["stock-out days"] += sum(
            len(moved[sku].days) < today - fold.ist_day(e) for sku in scores for e in entries
            if e.get("sku") == sku and e["kind"] == "received")
        reach["expired"] += any(e.get("reason") == "expired" for e in entries)
        reach["idle on the edge"] += sum(moved[sku].idle() == settings[2] for sku in scores)
        event(f"dead SKUs: {len(want)}")

    run()
    print(dict(reach))
    assert reach["dead"] >= 30 and reach["dead after sales"] >= 10
    assert reach["alive with stock"] >= 100 and reach["stock-out days"] >= 20
    assert reach["expired"] >= 10 and reach["idle on the edge"] >= 5


@tagged
def test_the_rule_says_dead_exactly_by_the_thresholds():
    """Feature: vyapar-sahayak-distributor, Property 1: Every item flagged as dead stock meets the
    configured velocity and period thresholds, and no item that meets them is missed.

    Over the rule alone, around every threshold.
    """
    reach = Counter()

    def near(draw, threshold):
        return max(0, threshold + draw(st.integers(-1, 1)))

    @st.composite
    def facts(draw):
        t = draw(terms())
        return [draw(st.integers(-1, 3)), near(draw, t[0]), near(draw, t[2]), near(draw, t[3])], t

    @given(facts())
    def run(case):
        f, t = case
        want = f[0] > 0 and f[1] >= t[0] and f[2] >= t[2] and f[3] <= t[3]
        assert bool(lib.shim_dead_meets(numbers(f), numbers(t))) == want
        assert (lib.shim_dead_status(numbers(f), numbers(t)) == b"dead") == want
        reach[want] += 1

    run()
    print(dict(reach))
    assert reach[True] >= 10 and reach[False] >= 50
