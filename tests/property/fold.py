# SPDX-License-Identifier: Apache-2.0
"""What follows from the lines of a journal, computed a second time: stock by lot, and how each SKU
moved day by day. Written from what the entries mean, not from the product's code."""

import datetime
from fractions import Fraction

from product import DAY_MS, IST_MS, NO_DAY

STATUS = {"sellable": 0, "quarantine": 1, "hold": 2, "expired": 3}
IN = {"opening", "received", "returned", "arrived", "corrected_in"}
OUT = {"picked", "dispatched", "sent_back", "disposed", "corrected_out"}
STOCK = IN | OUT | {"moved", "counted", "adjusted", "restated"}


def day_number(text):
    return (datetime.date.fromisoformat(text) - datetime.date(1970, 1, 1)).days


def key(e):
    day = day_number(e["expiry_day"]) if "expiry_day" in e else NO_DAY
    return e["sku"], e.get("batch", ""), day, e.get("mrp_paise", 0)


def changes(e):
    """[(lot, units)] by which an entry changes stock."""
    if e["kind"] not in STOCK:
        return []
    status = STATUS[e.get("status", "sellable")]
    lot = key(e) + (e["bin"], status)
    qty = e.get("qty", 0)
    kind = e["kind"]
    if kind in IN or kind == "adjusted":
        return [(lot, qty)]
    if kind in OUT:
        return [(lot, -qty)]
    if kind == "counted":
        return [(lot, e.get("observed", 0) - e.get("expected", 0))]
    if kind == "moved":
        return [(lot, -qty), (key(e) + (e["bin_to"], status), qty)]
    return [(lot, -qty), (key(e) + (e["bin"], STATUS[e.get("status_to", "sellable")]), qty)]


def stock(entries):
    lots = {}
    for e in entries:
        for lot, units in changes(e):
            lots[lot] = lots.get(lot, 0) + units
    return {lot: units for lot, units in lots.items() if units != 0}


def ist_day(e):
    return (e["wall_ms"] + IST_MS) // DAY_MS


class Movement:
    """How one SKU moved until the evening before `today`: units sold on each day with stock."""

    def __init__(self, entries, sku, today):
        self.sellable = 0
        first = None
        stocked = set()
        sold = {}
        by_seq = {e["seq"]: e for e in entries}
        spans = []  # (day, sellable) after each change
        for e in entries:
            if e.get("sku") != sku or e["kind"] not in STOCK:
                continue
            day = ist_day(e)
            if first is None and e["kind"] in ("opening", "received", "arrived"):
                first = day
            net = sum(units for lot, units in changes(e) if lot[5] == 0)
            self.sellable += net
            spans.append((day, self.sellable))
            if e["kind"] == "picked":
                sold[day] = sold.get(day, 0) + e["qty"]
            undone = by_seq.get(e.get("corrects", 0))
            if e["kind"] == "adjusted" and undone and undone["kind"] == "picked":
                sold[ist_day(undone)] -= e["qty"]
        for i, (day, level) in enumerate(spans):
            if level > 0:
                until = spans[i + 1][0] if i + 1 < len(spans) else today
                stocked.update(range(day, until + 1))
        self.days = [] if first is None else [max(sold.get(d, 0), 0) for d in
                                              range(max(first, today - 365), today) if d in stocked]

    def idle(self):
        n = 0
        for units in reversed(self.days):
            if units > 0:
                break
            n += 1
        return n

    def velocity_milli(self, window):
        last = self.days[-window:]
        return int(Fraction(sum(last) * 1000, len(last)) + Fraction(1, 2)) if last else 0

    def dead(self, grace, _slow, dead_days, dead_velocity, _recovered, window):
        return (self.sellable > 0 and len(self.days) >= grace and self.idle() >= dead_days
                and self.velocity_milli(window) <= dead_velocity)
