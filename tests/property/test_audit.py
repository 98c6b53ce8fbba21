# SPDX-License-Identifier: Apache-2.0
"""Property 15 over the journal: whatever changes stock, the price printed on it, its status, or the
documents in force stands in the journal with who, when, where, why and by which paper."""

import hashlib
import sqlite3
from collections import Counter

from hypothesis import event, given
from hypothesis import strategies as st

import fold
from product import DAY0, NO_DAY, Refused, Site, tagged

# kind -> what it names besides goods, bin, units and worker
KINDS = {
    "opening": {"document": ["STOCK-1"]},
    "received": {"document": ["PO-1", "PO-2"], "party": ["SUP-1"]},
    "arrived": {"document": ["T-1"], "party": ["WH-P"]},
    "returned": {"reason": ["damaged", "not_sold"], "party": ["OUT-1"], "document": ["CN-1"]},
    "picked": {"document": ["SO-1", "SO-2"], "party": ["OUT-1", "OUT-2"]},
    "dispatched": {"document": ["T-2"], "party": ["WH-P"]},
    "sent_back": {"reason": ["expired", "recall"], "party": ["SUP-1"], "document": ["RTV-1"]},
    "disposed": {"reason": ["expired", "damaged"], "note": ["crushed, photo 7"],
                 "witness": ["W9"]},
    "adjusted": {"reason": ["found", "missing", "stolen"]},
    "counted": {"document": ["COUNT-1"]},
    "restated": {"reason": ["recall", "inspected_good"]},
    "moved": {"document": ["TASK-1"]},
}
BRINGS = {"opening", "received", "arrived", "returned"}
NAMED = ["TEA", "SOAP"]
BINS = ["A-01", "A-02", "QUAR"]

GOODS = st.fixed_dictionaries({
    "sku": st.sampled_from(NAMED), "batch": st.sampled_from(["", "L1", "L2"]),
    "expiry_day": st.sampled_from([DAY0 + 30, DAY0 + 90, NO_DAY]),
    "mrp_paise": st.sampled_from([0, 1000, 1200])})


@st.composite
def movements(draw):
    """(kind, goods for what comes in, which lot for what is there, fields)"""
    kind = draw(st.sampled_from(sorted(KINDS) + ["restated", "restated", "received"]))
    fields = {name: draw(st.sampled_from(choices)) for name, choices in KINDS[kind].items()}
    fields["worker"] = draw(st.sampled_from(["W1", "W2"]))
    units = draw(st.integers(1, 40))
    if kind == "counted":
        fields |= {"observed": units}
    else:
        fields |= {"qty": units}
    if kind == "adjusted":
        fields["qty"] *= draw(st.sampled_from([1, -1]))
    if kind in ("opening", "received", "arrived"):
        fields["value_paise"] = units * 100
    if kind == "moved":
        fields["bin_to"] = draw(st.sampled_from(BINS))
    if kind == "restated":
        fields["status_to"] = draw(st.integers(0, 3))
    return "move", kind, draw(GOODS), draw(st.sampled_from(BINS)), draw(st.integers(0, 50)), fields


COMMANDS = st.one_of(
    movements(), movements(), movements(), movements(),
    st.tuples(st.just("correct"), st.integers(0, 50), GOODS, st.integers(1, 40)),
    st.tuples(st.just("price"), st.integers(1, 500)),
    st.tuples(st.just("refused"), st.sampled_from(["no reason", "no bin", "half a unit"])),
    st.tuples(st.just("commit")), st.tuples(st.just("commit")),
    st.tuples(st.just("rollback")), st.tuples(st.just("reopen")))


class Clerk:
    """Gives commands to a journal and remembers, apart from it, what was said."""

    def __init__(self, site, reach):
        self.site = site
        self.reach = reach
        self.version = 0
        self.said = []  # entries as told, committed
        self.open = []  # since the last commit
        self.before = {}
        self.documents = {}

    def tell(self, *entries):
        self.site.now += 1000
        self.site.append(*entries)
        self.open += [(self.site.now, kind, dict(fields)) for kind, fields in entries]

    def lot(self, which):
        lots = sorted(self.site.lots())
        return lots[which % len(lots)] if lots else None

    @staticmethod
    def there(lot):
        fields = {"sku": lot[0], "batch": lot[1], "expiry_day": lot[2], "mrp_paise": lot[3],
                  "bin": lot[4], "status": lot[5]}
        return fields

    def do(self, command):
        name, *rest = command
        getattr(self, name)(*rest)

    def move(self, kind, goods, place, which, fields):
        lot = None if kind in BRINGS else self.lot(which)
        at = goods | {"bin": place} if lot is None else self.there(lot)
        if kind == "counted":
            fields = fields | {"expected": self.site.lots().get(lot, 0) if lot else 0}
        self.tell((kind, at | fields))

    def correct(self, which, goods, units):
        """Booked under a wrong batch or MRP: out of the one and into the other, in one unit."""
        lot = self.lot(which)
        if lot is None:
            return
        out = self.there(lot) | {"qty": units, "worker": "W1", "reason": "wrong_mrp"}
        into = out | goods | {"sku": lot[0]}
        self.tell(("corrected_out", out), ("corrected_in", into))
        self.reach["corrections"] += 1

    def price(self, rupees):
        self.version += 1
        body = f"sku,name,unit,expiry_kind,cost,mrp\nTEA,Tea,piece,use_by,1.00,{rupees}.00\n"
        self.site.now += 1000
        self.site.apply("catalogue", self.version, body)
        sha = hashlib.sha256(body.encode()).hexdigest()
        self.open.append((self.site.now, "applied",
                          {"document": "catalogue", "line": self.version, "sha256": sha}))
        self.reach["prices"] += 1

    def refused(self, how):
        good = {"sku": "TEA", "bin": "A-01", "qty": 1}
        entries = {"no reason": [("disposed", good)],
                   "no bin": [("received", {"sku": "TEA", "qty": 1})],
                   "half a unit": [("received", good), ("moved", good)]}[how]
        lots = self.site.lots()
        head = self.site.head()
        try:
            self.site.append(*entries)
            raise AssertionError("accepted")
        except Refused:
            pass
        assert self.site.lots() == lots and self.site.head() == head

    def rollback(self):
        self.site.rollback()
        self.open = []
        self.reach["rollbacks"] += 1
        assert self.site.lots() == self.before

    def reopen(self):
        """What was not committed is gone, as after a power cut."""
        self.site.reopen()
        self.open = []
        assert self.site.lots() == self.before

    def commit(self):
        self.site.commit()
        lots = self.site.lots()
        trail = self.site.entries(len(self.said) + 2)  # behind "opened" and what was checked before
        assert len(trail) == len(self.open)
        explained = {}
        for line, (wall_ms, kind, fields) in zip(trail, self.open, strict=True):
            check_details(line, wall_ms, kind, fields)
            for lot, units in fold.changes(line):
                explained[lot] = explained.get(lot, 0) + units
        changed = {lot: lots.get(lot, 0) - self.before.get(lot, 0)
                   for lot in set(lots) | set(self.before)}
        assert ({lot: n for lot, n in changed.items() if n}
                == {lot: n for lot, n in explained.items() if n})
        self.reach["commits that change stock"] += any(changed.values())
        self.reach["new prices in stock"] += bool({lot[:4] for lot in lots}
                                                  - {lot[:4] for lot in self.before})
        self.reach["status changes"] += any(line["kind"] == "restated" for line in trail)
        self.reach["negative lots"] += any(n < 0 for n in lots.values())
        self.said += self.open
        self.open = []
        self.before = lots


def check_details(line, wall_ms, kind, fields):
    """The line holds all that was said, to the field, and nothing else."""
    want = {name: value for name, value in fields.items()
            if value not in ("", 0) and not (name == "expiry_day" and value == NO_DAY)}
    got = {name: value for name, value in line.items()
           if name not in ("seq", "wall_ms", "mono_ms", "boot", "trust", "rest", "kind", "version")}
    if "expiry_day" in got:
        got["expiry_day"] = fold.day_number(got["expiry_day"])
    for name in ("status", "status_to"):
        if name in got:
            got[name] = fold.STATUS[got[name]]
    assert line["kind"] == kind and line["wall_ms"] == wall_ms and got == want
    if kind != "applied":
        assert got["worker"] and (got.get("document") or got.get("reason"))


def sound(site):
    """The chain is whole, the folds follow from the lines, and making them anew changes nothing."""
    assert site.verified() == site.head()
    assert fold.stock(site.entries()) == site.lots()
    assert all(b[4] == b[5] for b in site.balances())
    before = site.digest()
    site.rebuild()
    assert site.digest() == before
    site.reopen()
    assert site.digest() == before and site.verified() == site.head()


@tagged
def test_every_change_is_in_the_audit_trail():
    """Feature: vyapar-sahayak-distributor, Property 15: Every stock, price and promotion change is
    in the audit trail with all details."""
    reach = Counter()

    @given(st.lists(COMMANDS, min_size=8, max_size=40))
    def run(commands):
        with Site() as site:
            clerk = Clerk(site, reach)
            for command in commands:
                clerk.do(command)
            clerk.commit()
            sound(site)
            event(f"entries: {site.head() // 10 * 10}")

    run()
    print(dict(reach))
    # Half of what 200 cases reach, or less.
    assert reach["commits that change stock"] >= 150 and reach["new prices in stock"] >= 120
    assert reach["status changes"] >= 40 and reach["prices"] >= 150
    assert reach["corrections"] >= 80 and reach["rollbacks"] >= 120


@tagged
def test_a_changed_trail_is_found_out():
    """Feature: vyapar-sahayak-distributor, Property 15: Every stock, price and promotion change is
    in the audit trail with all details.

    And nobody can change the trail unseen: any bit of any entry behind the journal's back, and
    checking stops exactly there.
    """

    @given(st.lists(movements(), min_size=2, max_size=12), st.integers(0, 10**6),
           st.integers(0, 10**6))
    def run(commands, which, bit):
        with Site() as site:
            clerk = Clerk(site, Counter())
            for command in commands:
                clerk.do(command)
            clerk.commit()
            seq = which % site.head() + 1
            with sqlite3.connect(site.folder + "/journal.db") as db:
                body = bytearray(db.execute("SELECT body FROM entry WHERE seq = ?",
                                            (seq,)).fetchone()[0])
                body[bit // 8 % len(body)] ^= 1 << bit % 8
                db.execute("UPDATE entry SET body = ? WHERE seq = ?", (bytes(body), seq))
            db.close()
            assert site.verified() == seq - 1

    run()
