# SPDX-License-Identifier: Apache-2.0
"""How the demo's shops answer offers: a documented model, drawn from the seed, so that two runs can
be set beside each other.

A shop that reads an offer with a discount d (0 to 1) on a SKU that it has taken in the last 90 days
answers with a chance of 0.15 + 0.8 d, at most 0.6; one that has not with a fifth of that. Who
answers takes two weeks of its usual sale, more by d, in whole inner packs, at most what is offered to
it. One offer in 25 is answered with STOP instead: that shop wants no more of them.

What it takes it will partly not order later: half of what was truly delivered goes off its own next
orders of that SKU (trade calls it pantry loading), and what the days of a run do not show of it
is booked as margin lost. So an offer never wins the whole of what it sells. The shares are assumptions, not measurements: change them here, and both runs follow.
"""

import collections
import dataclasses
import math

import deal

LOOK_BACK_DAYS = 90
ANSWER_BASE, ANSWER_SLOPE, ANSWER_MOST = 0.15, 0.8, 0.6
STRANGER_SHARE = 0.2
STOP_CHANCE = 0.04
WEEKS_TAKEN = 2
FORGONE_SHARE = 0.5


@dataclasses.dataclass(frozen=True)
class Offer:
    """What a message says, and whom it reached."""

    party: str
    sku: str
    expiry: str
    price_paise: int  # of a piece pack, before tax
    most_units: int


class Shops:
    """The outlets of one site."""

    def __init__(self, site, dealt):
        """dealt: the deal.Site of that name: its orders have the history too, on negative days."""
        self.site = site
        self.dealt = dealt
        self.owed = collections.Counter()  # (party, SKU) -> units that it will not order yet

    def usual(self, party, sku, day):
        """Units a week, over the last 90 days."""
        units = sum(self.dealt.orders[d][party].get(sku, 0)
                    for d in range(day - LOOK_BACK_DAYS, day)
                    if d in self.dealt.orders and party in self.dealt.orders[d])
        return units / LOOK_BACK_DAYS * 7

    def chance(self, offer):
        """A generator that gives the same for the same offer to the same shop, in any run."""
        return deal.draw(self.site.seed, self.site.name, "offer", offer.party, offer.sku,
                         offer.expiry, offer.price_paise)

    def says_stop(self, offer):
        return self.chance(offer).random() < STOP_CHANCE

    def answer(self, offer, day):
        """Units that the shop wants; 0: it does not answer."""
        p = self.site.goods[offer.sku]
        weekly = self.usual(offer.party, offer.sku, day)
        discount = max(0.0, 1 - offer.price_paise / p.price_paise)
        chance = min(ANSWER_MOST, ANSWER_BASE + ANSWER_SLOPE * discount)
        chance *= 1 if weekly > 0 else STRANGER_SHARE
        drawn = self.chance(offer)
        drawn.random()  # that of STOP
        if drawn.random() >= chance:
            return 0
        wanted = weekly * WEEKS_TAKEN * (1 + discount)
        pack = (p.inner or 1) * p.piece_units
        return min(max(1, math.ceil(wanted / pack)) * pack, offer.most_units)

    def forgo(self, party, sku, units, day):
        """Half of what an offer brought goes off the party's own orders after that day, which nobody
        has seen yet; what finds none of them stays owed. Returns the units that were taken off."""
        self.owed[party, sku] += units * FORGONE_SHARE
        before = left = int(self.owed[party, sku])
        for later in range(day + 1, len(self.site.plan["days"])):
            for order in self.site.plan["days"][later]["orders"]:
                if order["party"] == party and left > 0:
                    cut = less(order, sku, left)
                    self.dealt.sales[later][sku] -= cut  # the buyers see it too
                    left -= cut
        self.owed[party, sku] -= before - left
        return before - left

    def margin_owed(self):
        """Paise that later sales will lack after the last day."""
        return sum(units * (p.price_paise - p.cost_paise) / p.piece_units
                   for (_, sku), units in self.owed.items() for p in [self.site.goods[sku]])


def less(order, sku, units):
    """Takes up to that many units of a SKU off an order, but never the visit itself."""
    cut = 0
    for line in [line for line in order["lines"] if line["sku"] == sku]:
        one = min(units - cut, line["qty"] - (len(order["lines"]) == 1))
        line["qty"] -= one
        cut += one
        if line["qty"] == 0:
            order["lines"].remove(line)
    return cut
