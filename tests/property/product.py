# SPDX-License-Identifier: Apache-2.0
"""The product, as the properties see it: a site with its journal, and the rules, through shim.h.

What is expected of it is never computed here by calling it: the folds in fold.py are written anew,
from what entries mean in the trade.
"""

import ctypes
import json
import os
import pathlib
import shutil
import tempfile

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
DAY_MS = 86_400_000
IST_MS = 19_800_000
DAY0 = 20_700  # 2026-09-04
NO_DAY = -(2**31)
TAG = "Feature: vyapar-sahayak-distributor, Property "


def tagged(test):
    """Marks a property by the first line of its docstring, which says whose property it is."""
    tag = " ".join(test.__doc__.split("\n\n")[0].split())
    assert tag.startswith(TAG), tag
    return pytest.mark.feature(tag)(test)


def load():
    lib = ctypes.CDLL(str(TOP / "build/release/tests/property/libproduct_shared.so"))
    for name in ("why", "entries", "lots", "balances", "reasons", "life", "detect_skus",
                 "detect_batches", "detect_total", "dead_status", "station_commit", "station_view"):
        getattr(lib, "shim_" + name).restype = ctypes.c_char_p
    for name in ("head", "verified"):
        getattr(lib, "shim_" + name).restype = ctypes.c_int64
    for name in ("close", "rollback", "expiry", "impact", "impact_add", "pack_split", "rank"):
        getattr(lib, "shim_" + name).restype = None
    return lib


lib = load()


def numbers(values):
    return (ctypes.c_int64 * max(len(values), 1))(*values)


class Refused(Exception):
    """The product said no: a negative errno, with its words."""


def start_ms(day):
    return day * DAY_MS - IST_MS


class Site:
    """One appliance's journal in memory, with detection over it once opened."""

    def __init__(self, day=DAY0):
        folder = "/dev/shm" if os.path.isdir("/dev/shm") else None
        self.folder = tempfile.mkdtemp(prefix="property-", dir=folder)
        self.now = start_ms(day)
        self.handle = None
        self.open()

    def open(self):
        handle = ctypes.c_void_p()
        err = lib.shim_open(os.fsencode(self.folder + "/journal.db"), ctypes.c_int64(self.now),
                            ctypes.byref(handle))
        self.handle = handle
        self.check(err)

    def reopen(self):
        lib.shim_close(self.handle)
        self.open()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        lib.shim_close(self.handle)
        shutil.rmtree(self.folder)

    def check(self, err):
        if err < 0:
            raise Refused(f"{os.strerror(-err)}: {lib.shim_why(self.handle).decode()}")
        return err

    def at(self, day, ms=0):
        """Moves the clock; it never steps back."""
        self.now = max(self.now, start_ms(day) + ms)

    def append(self, *entries):
        """One unit: each entry is (kind, {field: value})."""
        unit = "\n".join("\t".join([kind] + [f"{k}={v}" for k, v in fields.items()])
                         for kind, fields in entries)
        seq = ctypes.c_int64()
        self.check(lib.shim_append(self.handle, ctypes.c_int64(self.now), unit.encode(),
                                   ctypes.byref(seq)))
        return seq.value

    def commit(self):
        self.check(lib.shim_commit(self.handle))

    def rollback(self):
        lib.shim_rollback(self.handle)

    def apply(self, kind, version, body):
        return self.check(lib.shim_apply(self.handle, ctypes.c_int64(self.now), kind.encode(),
                                         version, body.encode()))

    def head(self):
        return lib.shim_head(self.handle)

    def verified(self):
        return lib.shim_verified(self.handle)

    def digest(self):
        ret = (ctypes.c_uint8 * 32)()
        self.check(lib.shim_digest(self.handle, ret))
        return bytes(ret)

    def rebuild(self):
        self.check(lib.shim_rebuild(self.handle))

    def text(self, answer):
        if answer is None:
            raise Refused(lib.shim_why(self.handle).decode())
        return answer.decode()

    def entries(self, first=1):
        text = self.text(lib.shim_entries(self.handle, ctypes.c_int64(first)))
        return [json.loads(line) for line in text.splitlines()]

    def table(self, answer, texts):
        """Rows as tuples: the first `texts` fields as they are, the others as numbers."""
        rows = [line.split("\t") for line in self.text(answer).split("\n")[:-1]]
        return [tuple(row[:texts]) + tuple(int(v) for v in row[texts:]) for row in rows]

    def lots(self):
        """{(sku, number, expiry_day, mrp_paise, bin, status): qty}"""
        lots = {}
        for line in self.text(lib.shim_lots(self.handle)).split("\n")[:-1]:
            sku, number, expiry, mrp, place, status, qty = line.split("\t")
            lots[sku, number, int(expiry), int(mrp), place, int(status)] = int(qty)
        return lots

    def balances(self):
        return self.table(lib.shim_balances(self.handle), 2)

    def reasons(self, kind, first, last):
        return self.table(lib.shim_reasons(self.handle, kind.encode(), first, last), 2)

    def life(self, sku):
        return self.table(lib.shim_life(self.handle, sku.encode()), 0)[0]

    def station_open(self):
        self.check(lib.shim_station_open(self.handle))

    def give(self, post, kind, text):
        """One input, a second after the last: longer than any repeat of a scan."""
        self.now += 1000
        self.check(lib.shim_station_input(self.handle, ctypes.c_int64(self.now), post.encode(),
                                          kind.encode(), text.encode("latin-1")))

    def answers(self):
        """Commits the group: (post, tone, message, first seq, entries) for each input."""
        return self.table(lib.shim_station_commit(self.handle), 3)

    def view(self, post):
        fields = self.text(lib.shim_station_view(self.handle, post.encode(),
                                                 ctypes.c_int64(self.now))).split("\t")
        return View(*fields[:6], fields[6:])

    def detect_open(self, day, terms):
        self.check(lib.shim_detect_open(self.handle, day, numbers(terms)))

    def sweep(self, day):
        self.at(day)
        self.check(lib.shim_detect_sweep(self.handle, day, ctypes.c_int64(self.now)))

    def detect_sku(self, sku):
        self.check(lib.shim_detect_sku(self.handle, sku.encode(), ctypes.c_int64(self.now)))

    def scores(self):
        return [Score(*row) for row in self.table(lib.shim_detect_skus(self.handle), 3)]

    def batches(self, sku):
        return [Batch(*row) for row in
                self.table(lib.shim_detect_batches(self.handle, sku.encode()), 2)]

    def total(self, category=None):
        name = None if category is None else category.encode()
        return Total(*self.table(lib.shim_detect_total(self.handle, name), 0)[0])


def record(name, fields):
    return type(name, (), {
        "__init__": lambda self, *values: self.__dict__.update(zip(fields, values, strict=True)),
        "__repr__": lambda self: f"{name}({self.__dict__})"})


View = record("View", ["worker", "flow", "keypad", "sku", "batch", "bin", "choices"])
IMPACT = ["carrying", "opportunity", "disposal", "transport", "impact"]
Score = record("Score", ["sku", "category", "status", "units", "landed", "age", "idle", "velocity",
                         "score", "risk_units", "risk_paise"] + IMPACT)
Batch = record("Batch", ["sku", "number", "expiry_day", "mrp", "days_left", "units", "landed",
                         "score", "risk_units", "risk_paise"])
Total = record("Total", ["skus", "batches", "dead", "slow", "landed", "risk_units", "risk_paise"]
               + IMPACT + ["blocked_ml", "pallets"])


# --- rules

def expiry(sold, batch):
    """batch: units, days, refuse days, landed, credit, disposal, ahead."""
    ret = numbers([0] * 8)
    lib.shim_expiry(numbers(sold), len(sold), numbers(batch), ret)
    return dict(zip(["score", "at_risk", "unsold_milli", "landed", "carrying", "disposal",
                     "credit", "total"], ret))


def impact(stock, rates):
    ret = numbers([0] * 7)
    lib.shim_impact(numbers(stock), numbers(rates), ret)
    return list(ret)


def impact_add(a, b):
    ret = numbers([0] * 7)
    lib.shim_impact_add(numbers(a), numbers(b), ret)
    return list(ret)
