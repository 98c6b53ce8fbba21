# SPDX-License-Identifier: Apache-2.0
"""What is printed on packs, and what a scanner reads from it."""

import re
import time

import deal
import products

COUNTER_GRAMS = 25000  # what a label of loose goods tells where no other weight is asked for
LABEL_GRAMS_MAX = 99999
# The DataMatrix of a batch label in ZPL: '_1' is FNC1, '__' an underscore, '\5E' a byte.
SYMBOL = re.compile(r"\^BXN,\d+,200,,,,_\^FH\\\^FD_1(.*?)\^FS")


def key_of(p, lot):
    """Batch key of a dealt lot. Loose goods carry a date, but neither number nor MRP."""
    if p.unit == "gram":
        return (p.sku, "", lot["expiry"], 0)
    return (p.sku, lot["batch"], lot["expiry"], lot["mrp_paise"])


def words(key):
    """A batch as the screen names it."""
    _, number, expiry, mrp = key
    parts = (number, expiry, f"MRP {deal.rupees(mrp)}" if mrp else "")
    return ", ".join(part for part in parts if part)


def payload(zpl):
    """What a scanner reads from a printed batch label."""
    text = SYMBOL.search(zpl).group(1).replace("__", "\0").replace("_1", "\x1d").replace("\0", "_")
    return "]d2" + re.sub(r"\\([0-9A-F]{2})", lambda m: chr(int(m.group(1), 16)), text)


class Packs:
    """The packs of one site, and the labels that its own printer made for them."""

    def __init__(self, catalogue, seed, labels):
        self.goods = {p.sku: p for p in catalogue}
        self.labels = labels  # folder of the printer
        self.printed = {}  # key -> what a scanner reads from our own label
        # Most Indian primary packs have the EAN in bars, and batch, date and MRP in ink only.
        self.bare = {p.sku for p in catalogue if p.unit == "piece"
                     and deal.draw(seed, "bare", p.sku).random() < 0.3}

    def by_weight(self, key):
        return self.goods[key[0]].unit == "gram"

    def is_bare(self, key):
        return key[0] in self.bare and key not in self.printed

    def bars(self, key, level="piece", grams=COUNTER_GRAMS):
        """The code on the pack, as the maker, the counter scale or our own printer put it there."""
        p = self.goods[key[0]]
        if p.unit == "gram":  # prefix 21, item, grams, check digit
            body = f"{p.instore_item}{min(grams, LABEL_GRAMS_MAX):05d}"
            return "]E0" + body + products.check_digit(body)
        if key in self.printed:
            return self.printed[key]
        if key[0] in self.bare:
            return "]E0" + p.gtins["piece"][1:]
        gtin = p.gtins.get(level) or p.gtins["piece"]
        date = "17" if p.expiry_kind == "use_by" else "15"
        return f"]C101{gtin}{date}{key[2][2:].replace('-', '')}10{key[1]}"

    def stick(self, key, seconds=2.0):
        """Takes our labels for a batch from the printer; without any the packs stay bare."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for label in sorted(self.labels.glob("*.zpl"), reverse=True)[:3]:
                zpl = label.read_text(errors="replace")
                if f"Batch {key[1]}^FS" in zpl and zpl.rstrip().endswith("^XZ"):
                    self.printed[key] = payload(zpl)
                    return
            time.sleep(0.005)
