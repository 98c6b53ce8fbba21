# SPDX-License-Identifier: Apache-2.0
"""The demo's dealing rule (board/host/deal.py): repeatable to the byte, and no demand is made up or
lost on the way to the three sites."""

import datetime
import json
import sys
from collections import Counter

import pytest

from product import TOP

sys.path.insert(0, str(TOP / "board" / "host"))

import deal  # noqa: E402
import products  # noqa: E402

FIRST = datetime.date(2026, 8, 23)
DAYS = 20


def dealt(folder, seed):
    deal.write(folder, DAYS, seed, FIRST)
    return {str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*.*"))}


@pytest.fixture(scope="module")
def demand():
    return deal.Demand()


@pytest.fixture(scope="module")
def catalogue(demand):
    return products.catalogue(demand.pasta_series, demand.other_series)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return dealt(tmp_path_factory.mktemp("deal"), 1)


def test_one_seed_deals_the_same_bytes(files, tmp_path):
    assert dealt(tmp_path, 1) == files


def test_another_seed_deals_otherwise(files, tmp_path):
    other = dealt(tmp_path, 2)
    assert other.keys() == files.keys()
    for site in deal.SITES:
        assert other[f"{site}/plan.json"] != files[f"{site}/plan.json"]


@pytest.mark.parametrize("seed", [1, 7])
def test_sites_get_together_what_the_data_has(demand, catalogue, seed):
    in_data, brought_back = Counter(), Counter()
    for day in demand.pasta.values():
        in_data.update(day)
    for lines in demand.lines.values():
        for series, _, _, units in lines:
            (in_data if units > 0 else brought_back)[series] += abs(units)

    sites = deal.deal(demand, catalogue, seed, DAYS)
    pasta = set(demand.pasta_series)
    for p in catalogue:
        units = 100 if p.unit == "gram" else 1
        sold = sum(day.get(p.sku, 0) for site in sites for day in site.sales.values())
        ordered = sum(skus.get(p.sku, 0) for site in sites for parties in site.orders.values()
                      for skus in parties.values())
        assert sold == ordered == in_data[p.series] * units, p.sku
        if p.series not in pasta:  # the shop's data has no returns: those of pasta are drawn
            returned = sum(n for site in sites for day in site.returns.values()
                           for _, sku, n in day if sku == p.sku)
            assert returned == brought_back[p.series] * units, p.sku


def test_a_customer_buys_at_one_site(demand, catalogue):
    sites = deal.deal(demand, catalogue, 1, DAYS)
    wholesale = [{party for parties in site.orders.values() for party in parties
                  if party.startswith("OUT-")} for site in sites]
    territories = Counter()
    for lines in demand.lines.values():
        for customer, territory in {(c, t) for _, c, t, _ in lines}:
            territories[f"OUT-{customer}", territory] += 1
    of_one = {party for party, _ in territories
              if sum(1 for other, _ in territories if other == party) == 1}
    for a, b in ((0, 1), (0, 2), (1, 2)):
        assert not wholesale[a] & wholesale[b] & of_one


def test_plans_have_goods_that_a_warehouse_can_take(files, catalogue):
    products_by_sku = {p.sku: p for p in catalogue}
    assert len(catalogue) >= 100
    for site in deal.SITES:
        plan = json.loads(files[f"{site}/plan.json"])
        assert len(plan["days"]) == DAYS
        lots = plan["opening"] + [lot for day in plan["days"] for receipt in day["receipts"]
                                  for lot in receipt["lines"]]
        assert {lot["sku"] for lot in plan["opening"]} == set(products_by_sku)
        for lot in lots:
            assert lot["qty"] > 0 and lot["qty"] % products_by_sku[lot["sku"]].piece_units == 0
            assert lot["made"] < lot["expiry"] and lot["expiry"] > FIRST.isoformat()
