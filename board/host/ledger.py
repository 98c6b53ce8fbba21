# SPDX-License-Identifier: Apache-2.0
"""What one site's journal says happened, recomputed from its entries and nothing else."""

import collections
import datetime
import json
import subprocess

import world

INTO = {"opening": "opened", "received": "received", "returned": "returned", "arrived": "arrived",
        "corrected_in": "corrected"}
OUT = {"picked": "sold", "dispatched": "dispatched", "sent_back": "sent back",
       "disposed": "disposed", "corrected_out": "corrected"}

Flag = collections.namedtuple("Flag", "date units impact_paise")


def ctl(build, *arguments):
    program = build / "firmware" / "ctl" / "vyaparctl"
    return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True,
                          check=False)


def entries_of(build, journal):
    """The journal's entries as vyaparctl prints them, one JSON object a line."""
    program = build / "firmware" / "ctl" / "vyaparctl"
    with subprocess.Popen([program, "journal", "dump", journal, "--json"],
                          stdout=subprocess.PIPE) as dump:
        for line in dump.stdout:
            yield json.loads(line)
    if dump.returncode:
        raise RuntimeError(f"{journal}: vyaparctl journal dump ended with {dump.returncode}")


def key_of(entry):
    return (entry.get("sku", ""), entry.get("batch", ""), entry.get("expiry_day", ""),
            entry.get("mrp_paise", 0))


class Ledger:
    def __init__(self, entries):
        self.accounts = collections.defaultdict(collections.Counter)  # key -> account -> units
        self.kinds = collections.Counter()
        self.flags = {}  # key -> its first flag as at risk
        self.dead = set()  # SKUs that were called dead at some time
        self.sent = collections.Counter()  # (transfer, key) -> units, of those that left from here
        self.taken_in = collections.Counter()  # (transfer, key) -> units, arrived or lost
        self.sold_expired = []
        self.overrides = 0
        self.undone = 0
        self.labels = 0
        for entry in entries:
            self.take(entry)

    def take(self, e):
        kind = e["kind"]
        self.kinds[kind] += 1
        self.undone += "corrects" in e and kind == "adjusted"
        self.overrides += kind == "picked" and bool(e.get("proposed"))
        self.labels += e.get("qty", 0) if kind == "printed" else 0
        self.take_stock(e, kind)
        if kind == "flagged":
            self.take_flag(e)

    def take_stock(self, e, kind):
        key = key_of(e)
        units = e.get("qty", 0)
        if kind in INTO:
            self.accounts[key][INTO[kind]] += units
        elif kind in OUT:
            self.accounts[key][OUT[kind]] -= units
        elif kind == "counted":
            self.accounts[key]["counted"] += e.get("observed", 0) - e.get("expected", 0)
        elif kind == "adjusted":
            self.accounts[key]["undone"] += units
        if kind == "dispatched":
            self.sent[e["document"], key] += units
        elif kind in ("arrived", "lost"):
            self.taken_in[e["document"], key] += units
        date = world.ist_date(e["wall_ms"]).isoformat()
        if kind in ("picked", "dispatched") and key[2] and key[2] < date:
            self.sold_expired.append((date, key))

    def take_flag(self, e):
        if e["reason"] == "at_risk":
            self.flags.setdefault(key_of(e), Flag(world.ist_date(e["wall_ms"]),
                                                  e.get("risk_units", 0), e.get("risk_paise", 0)))
        elif e["reason"] == "dead":
            self.dead.add(e["sku"])

    def on_hand(self):
        """key -> units"""
        return {key: sum(accounts.values()) for key, accounts in self.accounts.items()}


def held(build, journal):
    """key -> units that the appliance itself believes to hold."""
    lines = ctl(build, "journal", "balance", journal).stdout.splitlines()
    columns = lines[0].split("\t")
    stock = {}
    for line in lines[1:]:
        row = dict(zip(columns, line.split("\t")))
        mrp = int(row["mrp"].replace(".", "")) if row["mrp"] else 0
        stock[row["sku"], row["batch"], row["expiry"], mrp] = int(row["held"])
    return stock


def days_before(flag, key):
    return (datetime.date.fromisoformat(key[2]) - flag.date).days
