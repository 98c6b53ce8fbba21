# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties 9 and 10: who is offered what, and what came of it."""

import hashlib
import tempfile
from collections import Counter
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

import channels
from product import tagged

PAISE = st.integers(0, 100_000)
TERMS = st.tuples(st.integers(1, 100_000),           # usual price
                  st.integers(0, 400),               # days left
                  st.sampled_from([0, 90, 180, 365]),  # life
                  st.integers(0, 1000),              # deepest discount approved
                  st.sampled_from([0, 50_000, 120_000, 180_000]),  # tax
                  st.one_of(st.just(0), st.integers(1, 150_000)),  # MRP
                  PAISE, PAISE, st.integers(0, 50_000))
NO_LIMIT = 2**63 - 1
OUTLET = st.tuples(st.booleans(), st.integers(-1, 200), st.integers(0, 60),
                   st.integers(0, 10**9), st.one_of(st.just(0), st.integers(0, 5000)),
                   st.integers(0, 9000), st.integers(0, 60), st.sampled_from([0, 250, 400]),
                   st.integers(0, 7), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9),
                   st.integers(0, 4), st.integers(0, 4), st.integers(0, 4), st.integers(0, 9),
                   st.booleans(), st.one_of(st.just(NO_LIMIT), st.integers(-50_000, 200_000)),
                   st.integers(0, 60))  # its credit: known, what it may still owe, days overdue
LOT = st.tuples(st.integers(0, 180), st.sampled_from([0, 180]), st.integers(0, 45),
                st.integers(0, 3000), st.sampled_from([1, 6, 24]), st.integers(0, 500),
                st.integers(28, 182), st.integers(1, 20_000), st.sampled_from([0, 30]))
OUT, OFFER, HOLDOUT = 0, 1, 2


def check_price(terms, made):
    usual, days, life, deepest, tax, mrp, disposal, reversal, selling = terms
    step, price, discount, floor, ceiling = made
    assert 1 <= step <= 4 and floor <= price <= ceiling < usual + 1 and price < usual
    if mrp:
        assert Fraction(price) * (1_000_000 + tax) <= mrp * 1_000_000  # tax is in the MRP
    assert price >= selling - disposal - reversal  # destroying it brings no more
    assert price * 1000 >= usual * (1000 - deepest)  # no deeper than was approved
    assert discount == (usual - price) * 1000 // usual


def drawn_out(campaign, party, permille):
    digest = hashlib.sha256((campaign + party).encode()).digest()
    return (digest[0] << 8 | digest[1]) % 1000 < permille


def fits(lot, o):
    left, life, outlet_days, *_ = lot
    least = o[6] if o[6] > 0 else outlet_days
    return (o[0] and left >= least and (not life or left * 1000 >= o[7] * life) and
            (o[4] > 0 or o[5] > 0) and o[8] != 0 and may_owe(lot, o))


def may_owe(lot, o):
    return not o[16] or (o[18] <= lot[8] and o[17] > 0)


def check_audience(campaign, lot, outlets, got):
    units, pack, permille, seen_days, price = lot[3:8]
    for party, o in outlets.items():
        arm, channel, score, expected, most = got[party]
        no_pack = o[16] and o[17] < price  # its credit is less than a pack's price
        if not fits(lot, o) or units < pack or no_pack:
            assert arm == OUT
            continue
        assert arm == (HOLDOUT if drawn_out(campaign, party, permille) else OFFER)
        assert 0 <= score <= 1000 and 0 <= expected <= most <= units and most % pack == 0
        assert not o[16] or most // pack * price <= o[17]
        of_its_kind = o[5] // o[15] if o[15] else 0
        usual = o[4] if o[4] > 0 else of_its_kind
        assert most <= max(21 * usual // seen_days, 1) + pack - 1  # three weeks, in whole packs
        if arm == OFFER:
            rate = {c: Fraction(o[12 + c] + 1, o[9 + c] + 4) for c in range(3) if o[8] >> c & 1}
            assert channel in rate
            assert rate[channel] >= max(rate.values()) - Fraction(1, 10**6)


@tagged
def test_a_campaign_targets_fitting_retailers_prices_by_the_rules_and_picks_the_channel():
    """Feature: vyapar-sahayak-distributor, Property 9: A campaign targets fitting retailers, obeys
    the pricing rules and picks the best channel by its criteria."""
    reach = Counter()

    @given(TERMS, LOT, st.lists(OUTLET, max_size=12), st.integers(1, 999), st.randoms(use_true_random=False))
    def run(terms, lot, drawn, number, random):
        made = channels.offer(*terms)
        reach["priced" if made else "no price"] += 1
        if made:
            check_price(terms, made)
            later = channels.offer(terms[0], terms[1] // 2, *terms[2:])
            assert later is None or later[1] <= made[1]  # less life never costs more
        outlets = {f"OUT-{i}": o for i, o in enumerate(drawn)}
        campaign = f"K{number}"
        got = channels.audience(campaign, lot, outlets)
        check_audience(campaign, lot, outlets, got)
        reach.update({OFFER: "offered", HOLDOUT: "held out", OUT: "left out"}[c[0]]
                     for c in got.values())
        shuffled = list(outlets.items())
        random.shuffle(shuffled)
        assert channels.audience(campaign, lot, dict(shuffled)) == got

    run()
    print(dict(reach))
    assert min(reach[k] for k in ("priced", "no price", "offered", "held out", "left out")) >= 20


OUTLETS = 4
PICK = st.tuples(st.just(3), st.integers(1, OUTLETS), st.integers(1, 30), st.integers(0, 1),
                 st.booleans())
RETURN = st.tuples(st.just(4), st.integers(1, OUTLETS), st.integers(1, 5), st.integers(0, 1),
                   st.just(False))
RECEIPT = st.tuples(st.just(2), st.integers(1, OUTLETS), st.integers(0, 3), st.just(0),
                    st.just(False))
RANK = {1: 3, 2: 4, 3: 2, 0: 1}  # delivered, read, failed, sent


class Told:
    """What an outlet got and took, as the interactions say it, told apart from any table."""

    def __init__(self, arms, events):
        self.arms, self.best, self.units, self.paise = arms, Counter(), Counter(), Counter()
        for what, outlet, a, b, order in events:
            if what == 2 and arms.get(outlet) == OFFER:
                self.best[outlet] = max(self.best[outlet], RANK[a])
            if what in (3, 4) and not b and outlet in arms:
                signed = a if what == 3 else -a
                self.units[outlet] += signed
                self.paise[outlet] += signed * (700 if order else 900)

    def of(self, arm):
        return [o for o, mine in self.arms.items() if mine == arm]

    def figures(self):
        offered, held = self.of(OFFER), self.of(HOLDOUT)
        buyers = sum(self.units[o] > 0 for o in offered)
        held_buyers = sum(self.units[o] > 0 for o in held)
        lift = (buyers * 1000 // len(offered) - held_buyers * 1000 // len(held)
                if offered and held else 0)
        units = sum(self.units[o] for o in offered)
        return {"impressions": sum(self.best[o] >= 3 for o in offered),
                "clicks": sum(self.best[o] == 4 for o in offered),
                "conversions": buyers, "revenue": sum(self.paise[o] for o in offered),
                "offered": len(offered), "units": units, "heldout": len(held),
                "heldout_buyers": held_buyers, "heldout_units": sum(self.units[o] for o in held),
                "lift": lift, "sold": units}


@tagged
def test_campaign_metrics_equal_what_the_interactions_give():
    """Feature: vyapar-sahayak-distributor, Property 10: Campaign metrics equal what the underlying
    interactions give."""
    reach = Counter()

    @given(st.lists(st.sampled_from([OUT, OFFER, HOLDOUT]), min_size=OUTLETS, max_size=OUTLETS),
           st.lists(st.one_of(PICK, RETURN, RECEIPT), min_size=8, max_size=30))
    def run(arms, drawn):
        arms = {i + 1: arm for i, arm in enumerate(arms) if arm != OUT}
        events = [(0, o, int(arm == HOLDOUT), 0, 0) for o, arm in arms.items()]
        events += [(1, o, 0, 0, 0) for o, arm in arms.items() if arm == OFFER]
        number = 0
        for what, outlet, a, b, order in drawn:
            # Orders of the campaign are for its lot, and of those who were offered it.
            order = order and not b and arms.get(outlet) == OFFER
            number += bool(order)
            events.append((what, outlet, a, b, number if order else 0))
        with tempfile.TemporaryDirectory() as folder:
            got = channels.play(folder, events)
        want = Told(arms, events).figures()
        assert got == want
        for name in ("impressions", "clicks", "conversions", "lift", "heldout_buyers"):
            reach[name] += want[name] != 0

    run()
    print(dict(reach))
    assert min(reach.values()) >= 20 and len(reach) == 5
