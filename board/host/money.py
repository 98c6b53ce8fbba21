# SPDX-License-Identifier: Apache-2.0
"""What a run of the demo was worth, in paise, by what truly happened and not by any books.

    worth = sold - bought - freight - destroying - what shops owe to offers + what is left

Sales and purchases are at the catalogue's prices before tax, offers at theirs. Two runs of the same
days and seed start with the same stock and meet the same shops; so the difference of their worth is
what the relay's proposals brought. What is left counts at cost as far as it would still sell: at
the site's pace of the last four weeks, in FEFO order, before shops refuse it. The rest is worth
nothing, whatever the books say.
"""

import collections
import datetime

DISPOSAL_PAISE_KG = 600
PACE_DAYS = 28


class Worth:
    def __init__(self):
        self.parts = collections.Counter()  # name -> paise, signed as it counts

    def add(self, name, paise):
        self.parts[name] += paise

    def total(self):
        return sum(self.parts.values())


def grams(p, units):
    return units * p.weight_g / p.piece_units


def paise(p, units, price):
    return units * price / p.piece_units


def of_site(site, prices):
    """prices: document -> paise of a piece pack before tax, for lines that an offer sold."""
    worth = Worth()
    for (deed, key, document), units in site.world.deeds.items():
        p = site.goods[key[0]]
        if deed == "sold":
            worth.add("sold", paise(p, units, prices.get(document, p.price_paise)))
        elif deed == "bought":
            worth.add("bought", -paise(p, units, p.cost_paise))
        elif deed == "returned":
            worth.add("returned", -paise(p, units, p.price_paise))
        elif deed == "destroyed":
            worth.add("destroying", -grams(p, units) / 1000 * DISPOSAL_PAISE_KG)
    worth.add("left", left(site))
    return worth


def left(site):
    """What lies there at the end or is on its way, at cost, as far as it would still sell."""
    today = datetime.date.fromisoformat(site.plan["days"][max(0, site.days_opened - 1)]["date"])
    lots = collections.defaultdict(list)  # sku -> [(expiry, units)]
    for key, place, units in site.world.everywhere():
        if place != "QUAR":
            lots[key[0]].append((key[2], units))
    for key, units in site.road.on_the_way_to(site.name):
        lots[key[0]].append((key[2], units))
    total = 0
    for sku, there in lots.items():
        p = site.goods[sku]
        pace = sold_lately(site, sku) / PACE_DAYS
        ahead = 0.0
        for expiry, units in sorted(there):
            last = datetime.date.fromisoformat(expiry) if expiry else None
            days = (last - today).days - refuse_days(p) if last else 3650
            sells = max(0.0, min(units, pace * max(0, days) - ahead))
            ahead += sells
            total += paise(p, sells, p.cost_paise)
    return total


def refuse_days(p):
    return min(15, p.shelf_life_days // 10)


def sold_lately(site, sku):
    """By the shops' own orders of the last weeks, whatever could be picked."""
    days = site.plan["days"][max(0, site.days_opened - PACE_DAYS):site.days_opened]
    return sum(line["qty"] for day in days for order in day["orders"] for line in order["lines"]
               if line["sku"] == sku)
