# SPDX-License-Identifier: Apache-2.0
"""How the demo's shops answer offers: a documented model, drawn from the seed, so that two runs can
be set beside each other.

An outlet that gets an offer with a discount d (0 to 1) for a SKU that it has taken in the last 90
days answers with a chance of 0.15 + 0.8 d, at most 0.6; one that has not with a fifth of that. Who
answers takes two weeks of its usual, more by d, at least one inner pack, at most what was offered
and what is not yet promised to others.

What it takes it will partly not order later: half of it goes off its own next orders of that SKU
(trade calls it pantry loading). So an offer never wins the whole of what it sells.
"""

import collections
import math

import deal

LOOK_BACK_DAYS = 90
ANSWER_BASE, ANSWER_SLOPE, ANSWER_MOST = 0.15, 0.8, 0.6
STRANGER_SHARE = 0.2
WEEKS_TAKEN = 2
FORGONE_SHARE = 0.5


class Shops:
    """The outlets of one site."""

    def __init__(self, site, supply):
        self.site = site
        self.orders = supply.site.orders  # day -> party -> sku -> units; history has negative days

    def usual(self, party, sku, day):
        """Units a week, over the last 90 days."""
        units = sum(self.orders[d][party].get(sku, 0)
                    for d in range(day - LOOK_BACK_DAYS, day)
                    if d in self.orders and party in self.orders[d])
        return units / LOOK_BACK_DAYS * 7

    def answer(self, offer, party, day):
        """Units that the party wants of an offer {id, sku, units, discount}; 0: no answer."""
        p = self.site.goods[offer["sku"]]
        weekly = self.usual(party, offer["sku"], day)
        chance = min(ANSWER_MOST, ANSWER_BASE + ANSWER_SLOPE * offer["discount"])
        chance *= 1 if weekly > 0 else STRANGER_SHARE
        draw = deal.draw(self.site.seed, self.site.name, "offer", offer["id"], party)
        if draw.random() >= chance:
            return 0
        pack = (p.inner or 1) * p.piece_units
        wanted = weekly * WEEKS_TAKEN * (1 + offer["discount"])
        return min(max(1, math.ceil(wanted / pack)) * pack, offer["units"])

    def forgo(self, party, sku, units, day):
        """Takes half of what was sold by an offer off the party's own next orders."""
        left = int(units * FORGONE_SHARE)
        for plan in self.site.plan["days"][day + 1:]:
            for order in plan["orders"]:
                if order["party"] != party:
                    continue
                for line in order["lines"]:
                    if line["sku"] == sku and left > 0:
                        cut = min(left, line["qty"] - 1)  # the visit itself stays
                        line["qty"] -= cut
                        left -= cut
            if left <= 0:
                return


def promised(answers):
    """Units by offer, of answers [(offer, party, units)]."""
    sums = collections.Counter()
    for offer, _, units in answers:
        sums[offer["id"]] += units
    return sums
