# SPDX-License-Identifier: Apache-2.0
"""The demo's market model (board/host/market.py): half of what an offer brings is forgone, whatever a
shop has planned, and an answer fits its offer."""

import collections
import copy
import sys
import types

from hypothesis import given, strategies as st

from product import TOP

sys.path.insert(0, str(TOP / "board" / "host"))

import market  # noqa: E402

DAYS = 6
GOODS = {sku: types.SimpleNamespace(sku=sku, piece_units=1, inner=6, price_paise=1000,
                                    cost_paise=850) for sku in ("S1", "S2")}
LINES = st.lists(st.tuples(st.sampled_from(sorted(GOODS)), st.integers(1, 30)), min_size=1,
                 max_size=2, unique_by=lambda line: line[0])
ORDERS = st.lists(st.tuples(st.integers(0, DAYS - 1), st.sampled_from("AB"), LINES), max_size=12)


def shops_of(orders, seed=1):
    days = [{"orders": []} for _ in range(DAYS)]
    dealt = types.SimpleNamespace(
        sales=collections.defaultdict(collections.Counter),
        orders=collections.defaultdict(lambda: collections.defaultdict(collections.Counter)))
    for day, party, lines in orders:
        days[day]["orders"].append({"party": party, "lines": [
            {"sku": sku, "qty": units} for sku, units in lines]})
        for sku, units in lines:
            dealt.sales[day][sku] += units
            dealt.orders[day][party][sku] += units
    site = types.SimpleNamespace(name="pune", seed=seed, goods=GOODS, plan={"days": days})
    return market.Shops(site, dealt)


def units_of(days, party, sku):
    return sum(line["qty"] for day in days for order in day["orders"] if order["party"] == party
               for line in order["lines"] if line["sku"] == sku)


@given(ORDERS, st.integers(0, 100), st.integers(0, DAYS - 1))
def test_half_of_what_came_is_taken_off_later_orders_or_stays_owed(orders, units, day):
    shops = shops_of(orders)
    days = shops.site.plan["days"]
    before = copy.deepcopy(days)
    cut = shops.forgo("A", "S1", units, day)
    assert cut + shops.owed["A", "S1"] == units * market.FORGONE_SHARE
    assert units_of(before, "A", "S1") - units_of(days, "A", "S1") == cut
    assert units_of(before, "A", "S2") == units_of(days, "A", "S2")
    assert units_of(before, "B", "S1") == units_of(days, "B", "S1")
    assert days[:day + 1] == before[:day + 1]  # what is open is not changed any more
    assert all(order["lines"] and all(line["qty"] > 0 for line in order["lines"])
               for each in days for order in each["orders"])  # the visit itself stays
    assert shops.margin_owed() == shops.owed["A", "S1"] * 150
    sold = sum(shops.dealt.sales[d]["S1"] for d in range(DAYS))
    assert sold == units_of(days, "A", "S1") + units_of(days, "B", "S1")


@given(ORDERS, st.integers(0, 10000), st.integers(300, 1100), st.integers(1, 60))
def test_an_answer_is_the_same_again_and_within_the_offer(orders, seed, price, most):
    offer = market.Offer("A", "S1", "2026-12-01", price, most)
    shops, again = shops_of(orders, seed), shops_of(orders, seed)
    units = shops.answer(offer, DAYS)
    assert units == again.answer(offer, DAYS)
    assert units in (0, most) or (units < most and units % GOODS["S1"].inner == 0)
    assert shops.says_stop(offer) == again.says_stop(offer)


def test_a_deeper_discount_and_a_known_article_are_answered_more_often():
    known = [(0, "A", [("S1", 30)])]

    def answers(orders, price):
        return sum(shops_of(orders, seed).answer(
            market.Offer("A", "S1", "2026-12-01", price, 60), DAYS) > 0 for seed in range(400))

    usual, cheap, strange = answers(known, 1000), answers(known, 600), answers([], 600)
    assert 400 * 0.10 < usual < 400 * 0.20 < strange * 5 and cheap > 400 * 0.40 > strange
