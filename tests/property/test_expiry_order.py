# SPDX-License-Identifier: Apache-2.0
"""Property 2, over the rule and over detection on a real journal. "Never scores lower" is meant all
else equal: the same stock of the same goods with as much of the SKU sold before it. Of two batches
of one SKU the nearer may well score lower, because FEFO sells it first."""

from collections import Counter

from hypothesis import event, given
from hypothesis import strategies as st

from product import DAY0, Site, expiry, tagged

HISTORIES = st.lists(st.one_of(st.just(0), st.integers(0, 40)), max_size=120)


@tagged
def test_nearer_to_the_horizon_never_scores_lower():
    """Feature: vyapar-sahayak-distributor, Property 2: Of two items, the one nearer its expiry
    horizon never scores lower.

    Nor has it less at risk, in units or in rupees before carrying (which is paid for a shorter
    time).
    """
    reach = Counter()
    days = st.integers(-5, 200)

    @given(HISTORIES, st.integers(0, 3000), days, days, st.integers(0, 60),
           st.integers(0, 10**9), st.integers(0, 10**8), st.integers(0, 10**8),
           st.integers(0, 2000))
    def run(sold, units, one, other, refuse, landed, credit, disposal, ahead):
        near, far = sorted((one, other))
        a = expiry(sold, [units, near, refuse, landed, credit, disposal, ahead])
        b = expiry(sold, [units, far, refuse, landed, credit, disposal, ahead])
        assert a["score"] >= b["score"]
        assert a["at_risk"] >= b["at_risk"] and a["unsold_milli"] >= b["unsold_milli"]
        for part in ("landed", "disposal", "credit"):
            assert a[part] >= b[part]
        reach["nearer scores more"] += a["score"] > b["score"]
        reach["between the extremes"] += 0 < b["score"] < a["score"] < 100
        reach["refused or expired against selling"] += near < refuse <= far
        event(f"difference {(a['score'] - b['score']) // 20 * 20}")

    run()
    print(dict(reach))
    assert reach["nearer scores more"] >= 30 and reach["between the extremes"] >= 10
    assert reach["refused or expired against selling"] >= 10


@tagged
def test_detection_orders_by_what_is_left():
    """Feature: vyapar-sahayak-distributor, Property 2: Of two items, the one nearer its expiry
    horizon never scores lower.

    Over detection: SKUs that came and sold alike, and differ in nothing but the printed date.
    """
    reach = Counter()

    @given(st.lists(st.integers(0, 6), min_size=1, max_size=30),
           st.lists(st.integers(1, 150), min_size=2, max_size=5, unique=True),
           st.integers(1, 300), st.booleans(), st.integers(0, 30))
    def run(sold, dates, left, one_without_date, outlet_days):
        skus = [f"S{i}" for i in range(len(dates))]
        today = DAY0 + len(sold)
        with Site() as site:
            site.apply("catalogue", 1,
                       "sku,name,unit,expiry_kind,shelf_life_days,outlet_days,cost,volume_ml\n"
                       + "".join(f"{s},{s},piece,use_by,400,{outlet_days},8.00,200\n"
                                 for s in skus))
            expiries = dict(zip(skus, dates))
            if one_without_date:
                expiries[skus[-1]] = None
            goods = {s: {"sku": s, "bin": "A", "batch": "L1"} |
                     ({} if d is None else {"expiry_day": today + d})
                     for s, d in expiries.items()}
            for s in skus:
                site.append(("received", goods[s] | {"qty": sum(sold) + left,
                                                     "value_paise": (sum(sold) + left) * 800}))
            for day, units in enumerate(sold):
                site.at(DAY0 + day, 40_000_000)
                for s in skus:
                    if units:
                        site.append(("picked", goods[s] | {"qty": units}))
            site.commit()
            site.detect_open(today, [30, 45, 90, 100, 300, 30])
            site.sweep(today)
            scored = sorted((expiries[s] if expiries[s] is not None else 10**6,
                             site.batches(s)[0].score) for s in skus)
        scores = [score for _, score in scored]
        assert scores == sorted(scores, reverse=True), scored
        reach["all alike" if len(set(scores)) == 1 else "graded"] += 1
        event(f"distinct scores {len(set(scores))}")

    run()
    print(dict(reach))
    assert reach["graded"] >= 40
