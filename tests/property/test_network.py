# SPDX-License-Identifier: Apache-2.0
"""Several sites' journals at the relay: what it holds of them is what follows from their lines,
in whatever order they come, and nothing appears or vanishes between the sites."""

import ctypes
import os
import shutil
import tempfile

import fold
from hypothesis import given, settings
from hypothesis import strategies as st
from product import DAY0, NO_DAY, TOP, Refused, Site, tagged

SITES = ["nagpur", "pune", "indore"]
ACCOUNTS = ["opening", "received", "picked", "returned", "dispatched", "arrived", "sent_back",
            "disposed"]


def load():
    lib = ctypes.CDLL(str(TOP / "build/release/tests/property/librelay_shared.so"))
    lib.relay_shim_rows.restype = ctypes.c_char_p
    lib.relay_shim_ship.restype = ctypes.c_int64
    lib.relay_shim_close.restype = None
    return lib


lib = load()


class Relay:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="relay-", dir="/dev/shm")
        self.handle = ctypes.c_void_p()
        self.check(lib.relay_shim_open(os.fsencode(self.folder), b"prop",
                                       ctypes.byref(self.handle)))
        for site in SITES:
            self.check(lib.relay_shim_device(self.handle, b"wh-" + site.encode(), site.encode()))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        lib.relay_shim_close(self.handle)
        shutil.rmtree(self.folder)

    @staticmethod
    def check(err):
        if err < 0:
            raise Refused(os.strerror(-err))
        return err

    def ship(self, site, journal, first, last):
        return self.check(lib.relay_shim_ship(
            self.handle, b"wh-" + site.encode(), os.fsencode(journal), ctypes.c_int64(first),
            ctypes.c_int64(last)))

    def digest(self):
        ret = (ctypes.c_uint8 * 32)()
        self.check(lib.relay_shim_digest(self.handle, ret))
        return bytes(ret)

    def rebuild(self):
        self.check(lib.relay_shim_rebuild(self.handle))

    def rows(self, question, types):
        text = lib.relay_shim_rows(self.handle, question.encode(), types.encode())
        assert text is not None
        return [tuple(field if kind == "t" else int(field)
                      for field, kind in zip(line.split("\t"), types, strict=True))
                for line in text.decode().split("\n")[:-1]]

    def one(self, question):
        return self.rows(question, "i")[0][0]


GOODS = st.fixed_dictionaries({
    "sku": st.sampled_from(["TEA", "SOAP"]), "batch": st.sampled_from(["", "L1"]),
    "expiry_day": st.sampled_from([DAY0 + 30, NO_DAY]), "bin": st.sampled_from(["A-01", "A-02"]),
    "qty": st.integers(1, 30)})


@st.composite
def happenings(draw):
    """(site, kind, fields): also goods that arrive before they were sent, and are short."""
    site = draw(st.sampled_from(SITES))
    kind = draw(st.sampled_from(["received", "received", "opening", "picked", "picked", "returned",
                                 "dispatched", "arrived", "lost", "disposed", "moved", "restated",
                                 "counted", "undo"]))
    fields = draw(GOODS) | {"worker": "W1"}
    other = draw(st.sampled_from([s for s in SITES if s != site]))
    if kind in ("dispatched", "arrived", "lost"):
        fields |= {"document": draw(st.sampled_from(["T-1", "T-2"])), "party": other}
    if kind == "lost":
        fields |= {"reason": "short"}
        del fields["bin"]
    if kind in ("picked", "returned"):
        fields |= {"document": "SO-1", "line": 1, "party": draw(st.sampled_from(["O-1", "O-2"]))}
    if kind in ("returned", "disposed", "restated"):
        fields["reason"] = {"returned": "not_sold", "disposed": "expired",
                            "restated": "damaged"}[kind]
    if kind in ("received", "opening"):
        fields["value_paise"] = fields["qty"] * 100
    if kind == "moved":
        fields["bin_to"] = draw(st.sampled_from(["A-01", "A-02", "B-09"]))
    if kind == "restated":
        fields["status_to"] = 1
    if kind == "counted":
        fields |= {"observed": fields.pop("qty"), "expected": draw(st.integers(0, 30))}
    return site, kind, fields, draw(st.integers(0, 30))


def happen(site, kind, fields, which):
    """One unit of a journal; an undoing is of an earlier pick, where there is one."""
    if kind == "undo":
        picks = [e for e in site.entries() if e["kind"] == "picked"]
        if not picks:
            return
        pick = picks[which % len(picks)]
        kind = "adjusted"
        fields = {"sku": pick["sku"], "batch": pick.get("batch", ""), "bin": pick["bin"],
                  "expiry_day": fold.key(pick)[2], "qty": pick["qty"], "worker": "W1",
                  "reason": "keying_error", "corrects": pick["seq"]}
    site.now += which * 3_600_000 + 1000
    site.append((kind, fields))
    site.commit()


def deliver(relay, sites, cuts):
    """Whole journals in pieces, in the order that `cuts` makes."""
    sent = dict.fromkeys(sites, 0)
    pieces = list(cuts)
    while any(sent[name] < site.head() for name, site in sites.items()):
        which, n = pieces.pop(0) if pieces else (0, 500)
        open_ones = [name for name, site in sites.items() if sent[name] < site.head()]
        name = open_ones[which % len(open_ones)]
        last = min(sent[name] + n, sites[name].head())
        first = max(1, sent[name] - which % 3)  # some of it came before
        relay.ship(name, sites[name].folder + "/journal.db", first, last)
        sent[name] = last


def agrees(relay, sites):
    """The relay's rows against what follows from the lines of each journal."""
    for name, site in sites.items():
        held = {row[:6]: row[6] for row in relay.rows(
            "SELECT sku, batch, expiry_day, mrp_paise, bin, status, qty FROM stock"
            f" WHERE site = '{name}'", "ttiitii")}
        assert held == fold.stock(site.entries())
        assert held == {tuple(lot): n for lot, n in site.lots().items()}  # as the appliance holds it
    lines = [e for site in sites.values() for e in site.entries()]

    def moved(*kinds):
        return sum(e["qty"] for e in lines if e["kind"] in kinds)

    changed = sum(n for e in lines for _, n in fold.changes(e)
                  if e["kind"] in ("counted", "adjusted"))
    on_hand = relay.one("SELECT coalesce(sum(qty), 0) FROM stock")
    in_transit = relay.one("SELECT coalesce(sum(sent - arrived - lost), 0) FROM transit")
    assert (moved("opening", "received", "returned") + changed
            == moved("picked", "disposed") + moved("lost") + on_hand + in_transit)
    assert in_transit == moved("dispatched") - moved("arrived") - moved("lost")


@tagged
def test_totals_over_the_network_are_the_sums_of_the_sites():
    """Feature: vyapar-sahayak-distributor, Property 3: Totals equal the sum of their parts over
    territory, outlet and category.

    Over sites and outlets here, in any order of arrival; and stock is conserved over the network.
    """

    @settings(max_examples=100)
    @given(st.lists(happenings(), min_size=5, max_size=40),
           st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9)), max_size=12),
           st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9)), max_size=12))
    def run(steps, one_order, other_order):
        sites = {name: Site() for name in SITES}
        try:
            for name, kind, fields, which in steps:
                happen(sites[name], kind, fields, which)
            for site in sites.values():
                site.commit()
            digests = []
            for order in (one_order, other_order):
                with Relay() as relay:
                    deliver(relay, sites, order)
                    agrees(relay, sites)
                    sold = relay.one("SELECT coalesce(sum(units), 0) FROM demand")
                    assert sold == relay.one("SELECT coalesce(sum(units), 0) FROM outlet_sale")
                    digests.append(relay.digest())
                    relay.rebuild()
                    assert relay.digest() == digests[-1]
            assert digests[0] == digests[1]
        finally:
            for site in sites.values():
                site.__exit__()

    run()
