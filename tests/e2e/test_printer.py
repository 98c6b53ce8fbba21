# SPDX-License-Identifier: Apache-2.0
"""Labels: they wait for their printer, come out once, and what they say is read back as the batch."""

import re

from site_under_test import FRESH, MILK, MILK_GTIN

GS = "\x1d"


def symbol(label):
    """What a scanner reads from the label's DataMatrix: its prefix and the data, GS for FNC1."""
    (payload,) = re.findall(r"\^BXN[^^]*_(?:\^FH\\)?\^FD(.*?)\^FS", label, re.S)
    assert payload.startswith("_1"), payload
    data = re.sub(r"\\([0-9a-fA-F]{2})", lambda m: chr(int(m[1], 16)), payload[2:])
    return "]d2" + data.replace("_1", GS).replace("__", "_")


def copies(label):
    return int((re.findall(r"\^PQ(\d+)", label) or ["1"])[0])


def receive_without_code(dock, batch):
    """A pack whose code says the product only: number and date are read and typed."""
    dock.scan("]E0" + MILK_GTIN)
    dock.key("batch:" + batch)
    dock.key("expiry:" + FRESH)
    assert dock.scan("VS*ok") == "received", dock.view


def labels(one):
    return [path.read_text() for path in sorted(one.labels.glob("*.zpl"))]


def test_a_printed_label_is_read_back_as_the_batch_that_it_was_printed_for(site):
    one = site()
    printer = one.add_printer()
    dock = one.open("dock").worker().sign_in().work("receive")
    for n, batch in enumerate(("LOT-7", "A/1_%&", "9" * 20, "x-y.z"), 1):
        receive_without_code(dock, batch)
        assert dock.key("print:labels:2") == "printing"
        printer.tell(f"labels {n}")
        label = labels(one)[-1]
        assert copies(label) == 2
        dock.scan(symbol(label))
        item = dock.view["item"]
        assert (item["sku"], item["batch"], item["expiry"]) == (MILK, batch, FRESH)
        assert dock.scan("VS*ok") == "received"
    booked = [(e["batch"], e["expiry_day"]) for e in one.entries("received")]
    assert booked[0::2] == booked[1::2]
    assert len(one.entries("printed")) == 4


def test_without_a_printer_receiving_goes_on_and_labels_come_out_once_when_it_is_back(site):
    one = site()
    printer = one.add_printer()
    printer.tell("unplug")
    dock = one.open("dock").worker().sign_in().work("receive")
    for k in range(5):
        receive_without_code(dock, f"L{k}")
        assert dock.key("print:labels:1") == "printing"
    one.wait_device("labels", "lost")
    assert len(one.entries("received")) == 5
    assert labels(one) == []
    printer.tell("plug")
    printer.tell("labels 5")
    one.wait_device("labels", "fine")
    receive_without_code(dock, "LAST")
    assert dock.key("print:labels:1") == "printing"
    printer.tell("labels 6")
    printed = [re.findall(r"Batch ([^^]*)", label)[0] for label in labels(one)]
    assert printed == ["L0", "L1", "L2", "L3", "L4", "LAST"]
