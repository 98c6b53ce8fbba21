# SPDX-License-Identifier: GPL-3.0-or-later
"""Property 6 over the ranking, with the score computed anew from the formula in exact fractions."""

import math
from collections import Counter
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from product import lib, numbers, tagged

WHOLE = 1_000_000
FACTS = st.tuples(st.integers(0, 3000), st.integers(0, 300_000), st.integers(1, 500),
                  st.integers(0, 400), st.integers(1, 400))


@st.composite
def weights(draw):
    first = draw(st.integers(0, WHOLE))
    second = draw(st.integers(0, WHOLE - first))
    return [first, second, WHOLE - first - second]


def rank(facts, w):
    ret = numbers([0] * 4)
    lib.shim_rank(numbers(facts), numbers(w), ret)
    return list(ret)


def expected(facts):
    km, window_milli, units, left, life = facts
    fresh = min(Fraction(left, life), 1)
    urgent = (1 - fresh) * Fraction(3, 4) if fresh >= Fraction(1, 3) else 1 - fresh * Fraction(3, 2)
    return [math.exp(-km / 300) * WHOLE, min(Fraction(window_milli, 1000 * units), 1) * WHOLE,
            urgent * WHOLE]


@tagged
def test_ranking_follows_the_weighted_sum():
    """Feature: vyapar-sahayak-distributor, Property 6: The ranking follows the weighted sum of
    proximity, demand velocity and expiry urgency."""
    reach = Counter()

    @given(FACTS, FACTS, weights())
    def run(one, other, w):
        scores = []
        for facts in (one, other):
            got = rank(facts, w)
            for value, want in zip(got, expected(facts)):
                assert 0 <= value <= WHOLE and want - 1.001 <= value <= want + 0.001
            assert got[3] == sum(a * b for a, b in zip(w, got)) // WHOLE
            scores.append(got)
        exact = [sum(a * Fraction(b) for a, b in zip(w, expected(facts))) / WHOLE
                 for facts in (one, other)]
        if abs(exact[0] - exact[1]) > 3:
            assert (scores[0][3] > scores[1][3]) == (exact[0] > exact[1])
            reach["ordered"] += 1
        if all(a >= b for a, b in zip(scores[0][:3], scores[1][:3])):
            assert scores[0][3] >= scores[1][3]
            reach["one is better in all"] += 1

    run()
    print(dict(reach))
    assert reach["ordered"] >= 100 and reach["one is better in all"] >= 10


@tagged
def test_each_component_is_monotone():
    """Feature: vyapar-sahayak-distributor, Property 6: The ranking follows the weighted sum of
    proximity, demand velocity and expiry urgency.

    Nearer, faster or more urgent never ranks lower, all else equal.
    """
    reach = Counter()

    @given(FACTS, weights(), st.integers(1, 2000), st.sampled_from([0, 1, 2, 3]))
    def run(facts, w, by, what):
        better = list(facts)
        better[what] += by if what == 1 else -min(by, facts[what] - (what == 2))
        before, after = rank(facts, w), rank(better, w)
        assert all(a >= b for a, b in zip(after, before))
        reach[what] += after[3] > before[3]

    run()
    print(dict(reach))
    assert all(reach[what] >= 10 for what in range(4))
