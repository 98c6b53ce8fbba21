# SPDX-License-Identifier: Apache-2.0
"""Property 4, over the rule against exact fractions, and over detection on a real journal."""

from collections import Counter
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from domain import CATALOGUE, Floor, lives, terms
from product import DAY0, IMPACT, Site, impact, impact_add, tagged

STOCK = st.tuples(st.integers(0, 10**12), st.integers(0, 10**9), st.integers(0, 10**9),
                  st.integers(0, 3650))
RATES = st.tuples(st.integers(0, 400), st.integers(0, 400), st.integers(0, 10**5),
                  st.integers(0, 10**5), st.integers(0, 500), st.integers(0, 10**7))


def rounded(value):
    """Half away from zero, of what is never negative here."""
    return int(value + Fraction(1, 2))


@tagged
def test_impact_is_its_four_parts():
    """Feature: vyapar-sahayak-distributor, Property 4: Financial impact always contains carrying,
    opportunity, disposal and transport cost, and adds up."""
    reach = Counter()

    @given(STOCK, RATES)
    def run(stock, rates):
        landed, grams, ml, days = stock
        carrying, opportunity, disposal, transport, volumetric, pallet = rates
        got = impact(stock, rates)
        charged = max(grams, rounded(Fraction(ml * volumetric, 1000)))
        want = [rounded(Fraction(landed * carrying * days, 365_000)),
                rounded(Fraction(landed * opportunity * days, 365_000)),
                rounded(Fraction(grams * disposal, 1000)),
                rounded(Fraction(charged * transport, 1000))]
        assert got[:4] == want and got[4] == sum(want)
        assert got[5] == ml and got[6] == (-(-ml // pallet) if pallet else 0)
        reach["all four"] += all(want)
        reach["by volume"] += charged > grams

    run()
    print(dict(reach))
    assert reach["all four"] >= 40 and reach["by volume"] >= 20


@tagged
def test_sums_of_impacts_are_impacts_of_parts():
    """Feature: vyapar-sahayak-distributor, Property 4: Financial impact always contains carrying,
    opportunity, disposal and transport cost, and adds up.

    Over sums too, in any order and grouping.
    """

    @given(st.lists(STOCK, min_size=1, max_size=8), RATES, st.randoms(use_true_random=False))
    def run(stocks, rates, random):
        parts = [impact(s, rates) for s in stocks]
        total = [0] * 7
        for p in parts:
            total = impact_add(total, p)
        assert total == [sum(p[i] for p in parts) for i in range(7)]
        assert total[4] == sum(total[:4])
        random.shuffle(parts)
        cut = random.randrange(len(parts) + 1)
        halves = [[0] * 7, [0] * 7]
        for i, p in enumerate(parts):
            halves[i < cut] = impact_add(p, halves[i < cut])
        assert impact_add(*halves) == total

    run()


@tagged
def test_dying_stock_shows_all_four_costs():
    """Feature: vyapar-sahayak-distributor, Property 4: Financial impact always contains carrying,
    opportunity, disposal and transport cost, and adds up.

    Over detection: whatever is dead or slow-moving and has a cost and a volume costs in all four
    ways; what is active costs nothing.
    """
    reach = Counter()

    @given(lives(), terms())
    def run(life, settings):
        days, happenings, _, _ = life
        with Site() as site:
            site.apply("catalogue", 1, CATALOGUE)
            floor = Floor(site)
            for day, *what in happenings:
                site.at(DAY0 + day, 36_000_000)
                floor.do(*what)
            site.commit()
            site.detect_open(DAY0 + days + 1, settings)
            site.sweep(DAY0 + days + 1)
            for s in site.scores():
                parts = [getattr(s, field) for field in IMPACT]
                assert parts[4] == sum(parts[:4])
                if s.status == "active" or s.units <= 0:
                    assert parts == [0] * 5
                    reach["active"] += 1
                elif s.landed > 0:
                    assert all(parts), parts
                    reach["dying"] += 1

    run()
    print(dict(reach))
    assert reach["active"] >= 30 and reach["dying"] >= 40
