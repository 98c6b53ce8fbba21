# SPDX-License-Identifier: Apache-2.0
"""What the properties draw from: a small catalogue, settings of a tenant, the life of stock."""

from hypothesis import strategies as st

from product import DAY0

CATALOGUE = ("sku,name,category,unit,expiry_kind,shelf_life_days,outlet_days,cost,volume_ml\n"
             "BISC,Biscuits,biscuits,piece,best_before,900,0,8.00,200\n"
             "SOAP,Soap,soap,piece,use_by,900,0,20.00,100\n"
             "CAKE,Cake,biscuits,piece,best_before,900,0,15.00,300\n")
SKUS = ["BISC", "SOAP", "CAKE"]


@st.composite
def terms(draw):
    """The tenant's settings, small enough that some 40 days cross every one of them."""
    slow = draw(st.integers(1, 12))
    dead = draw(st.integers(slow, 14))
    velocity = draw(st.integers(0, 1500))
    return [draw(st.integers(0, 12)), slow, dead, velocity,
            draw(st.integers(velocity + 1, velocity + 2000)), draw(st.integers(1, 15))]


@st.composite
def lives(draw):
    """For each SKU what happens on which day: it comes, sells for a while, lies, runs out, comes
    again, is counted, set aside and brought back, sent away, or expires."""
    days = draw(st.integers(8, 40))
    happenings = []
    for sku in SKUS:
        came = draw(st.integers(0, days - 1))
        qty = draw(st.integers(1, 60))
        expiry = draw(st.one_of(st.none(), st.integers(5, 60)))
        happenings.append((came, sku, "received", qty, expiry))
        last_sale = draw(st.integers(came, days))  # silence behind it is what dies
        for day in draw(st.lists(st.integers(came, last_sale), max_size=12)):
            happenings.append((day, sku, "picked", draw(st.integers(1, 6)), None))
        for day in draw(st.lists(st.integers(came, days), max_size=4)):
            kind = draw(st.sampled_from(["received", "sold_out", "hold", "release", "dispatched",
                                         "counted", "undo"]))
            happenings.append((day, sku, kind, draw(st.integers(1, 30)), expiry))
    happenings.sort(key=lambda h: h[0])
    looks = sorted(draw(st.sets(st.integers(1, days + 15), min_size=1, max_size=3)) | {days + 1})
    return days, happenings, looks, draw(st.booleans())


class Floor:
    """Turns happenings into the entries that a station would write."""

    def __init__(self, site):
        self.site = site
        self.sales = {}

    def goods(self, sku):
        """The lots of a SKU that may be sold, first expired first."""
        lots = [lot for lot, qty in self.site.lots().items()
                if lot[0] == sku and lot[5] == 0 and qty > 0]
        return sorted(lots, key=lambda lot: (lot[2], lot[1]))

    @staticmethod
    def fields(lot, qty, **more):
        fields = {"sku": lot[0], "worker": "W1", "batch": lot[1], "bin": lot[4], "qty": qty}
        if lot[2] >= 0:
            fields["expiry_day"] = lot[2]
        if lot[3]:
            fields["mrp_paise"] = lot[3]
        if lot[5]:
            fields["status"] = lot[5]
        return fields | more

    def do(self, sku, kind, qty, expiry):
        site = self.site
        lots = site.lots()
        if kind == "received":
            day = -1 if expiry is None else DAY0 + expiry
            site.append((kind, self.fields((sku, f"L{expiry}", day, 1000, "A-01", 0), qty,
                                           value_paise=qty * 700, document="PO-1", party="SUP")))
        elif kind == "picked":
            for lot in self.goods(sku)[:1]:
                seq = site.append((kind, self.fields(lot, min(qty, lots[lot]), document="SO-1",
                                                     party="OUT")))
                self.sales[sku] = (seq, lot, min(qty, lots[lot]))
        elif kind in ("sold_out", "dispatched"):
            for lot in self.goods(sku):
                site.append(("picked" if kind == "sold_out" else kind,
                             self.fields(lot, lots[lot], document="T-1", party="P")))
        elif kind == "hold":
            for lot in self.goods(sku):
                site.append(("restated", self.fields(lot, lots[lot], status_to=2, reason="recall")))
        elif kind == "release":
            for lot in [l for l in lots if l[0] == sku and l[5] == 2]:
                site.append(("restated", self.fields(lot, lots[lot], reason="inspected_good")))
        elif kind == "counted":
            for lot in self.goods(sku)[:1]:
                fields = self.fields(lot, 0, observed=qty, expected=lots[lot])
                del fields["qty"]
                site.append((kind, fields))
        elif kind == "undo" and sku in self.sales:
            seq, lot, sold = self.sales.pop(sku)
            site.append(("adjusted", self.fields(lot, sold, reason="keying_error", corrects=seq)))
