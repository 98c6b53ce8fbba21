# SPDX-License-Identifier: Apache-2.0
"""Scans on their real wires: booked, shown, in the journal; unplugged, garbled, in bursts."""

import pytest

from site_under_test import FRESH, MILK, milk

WIRES = [("evdev", "ctrl"), ("evdev", "f8"), ("serial",)]


def batches(site, kind="received"):
    return [e["batch"] for e in site.entries(kind)]


@pytest.mark.parametrize("wire", WIRES, ids="-".join)
def test_a_scan_books_and_is_shown_and_is_in_the_journal(site, wire):
    one = site()
    one.add_scanner("dock", *wire)
    dock = one.start().worker().sign_in().work("receive")
    assert dock.scan(milk("LOT7")) == "in_hand"
    assert (dock.view["item"]["sku"], dock.view["item"]["batch"], dock.view["item"]["expiry"],
            dock.view["item"]["qty"]) == (MILK, "LOT7", FRESH, 1)
    assert one.entries("received") == []  # in hand is not booked
    assert dock.scan("VS*ok") == "received"
    (entry,) = one.entries("received")
    assert (entry["sku"], entry["batch"], entry["qty"], entry["bin"], entry["worker"]) == (
        MILK, "LOT7", 1, "DOCK", "asha")
    one.verify()  # beside the running daemon


def test_a_group_separator_comes_through_each_wire(site):
    one = site()
    for post, wire in (("dock", ("evdev", "alt")), ("pick", ("serial",))):
        one.add_scanner(post, *wire)
    one.start()
    for post in ("dock", "pick"):
        worker = one.worker(post).sign_in("asha" if post == "dock" else "imran").work("receive")
        worker.scan(f"]C1010890123450002610A/1-{post}\x1d17270331")
        assert worker.view["item"]["batch"] == f"A/1-{post}"
        assert worker.view["item"]["expiry"] == FRESH
        worker.scan("VS*ok")
    assert sorted(batches(one)) == ["A/1-dock", "A/1-pick"]


@pytest.mark.parametrize("wire", ["evdev", "serial"])
def test_a_scanner_that_is_unplugged_and_plugged_again_goes_on(site, wire):
    one = site().open("dock", wire=wire)
    dock = one.worker().sign_in().work("receive")
    assert dock.receive("A1") == "received"
    dock.scanner.tell("unplug")
    one.wait_device(f"dock-{wire}", "lost")
    dock.scanner.tell("plug")
    one.wait_device(f"dock-{wire}", "fine")
    assert dock.receive("A2") == "received"
    assert batches(one) == ["A1", "A2"]


@pytest.mark.parametrize("wire", ["evdev", "serial"])
def test_a_garbled_scan_is_asked_for_again_and_books_nothing(site, wire):
    one = site().open("dock", wire=wire)
    dock = one.worker().sign_in().work("receive")
    assert dock.scan(milk("A1")) == "in_hand"
    head = len(one.entries())
    before = dock.view["answers"]
    dock.scanner.tell("type VS*o")
    dock.scanner.tell("garble")
    dock.scanner.tell("scan k")
    dock.see(lambda v: v["answers"] > before and v["answer"]["code"] in ("scan_lost",
                                                                         "scan_partial"))
    assert dock.tone() == "reject"
    assert dock.view["item"]["batch"] == "A1"  # still in hand
    assert len(one.entries()) == head
    assert dock.scan("VS*ok") == "received"
    assert batches(one) == ["A1"]


@pytest.mark.parametrize("wire", ["evdev", "serial"])
def test_a_burst_of_500_scans_loses_none_and_doubles_none(site, wire):
    one = site().open("dock", wire=wire)
    dock = one.worker().sign_in().work("receive")
    before = dock.screen.latest()["answers"]
    dock.scanner.burst([text for i in range(250) for text in (milk(f"B{i}"), "VS*ok")])
    dock.see(lambda v: v["answers"] >= before + 500)
    assert dock.view["answers"] == before + 500
    assert batches(one) == [f"B{i}" for i in range(250)]


def test_a_trigger_held_too_long_counts_once(site):
    one = site(floor={"repeat_ms": 5000, "repeat_count_ms": 5000}).open("dock")
    dock = one.worker().sign_in().work("receive")
    assert dock.scan(milk("A1")) == "in_hand"
    dock.scanner.burst([milk("A1")] * 20)
    assert dock.scan("VS*ok") == "received"
    assert [e["qty"] for e in one.entries("received")] == [1]


def test_an_unknown_code_and_a_broken_code_book_nothing_and_are_said(site):
    one = site().open("dock")
    dock = one.worker().sign_in().work("receive")
    head = len(one.entries())
    assert dock.scan("]C1010890123450002717270331") == "code_malformed"  # a wrong check digit
    assert dock.scan("VB*A-01") == "command_not_here"
    assert dock.scan("VS*no_such_word") == "command_unknown"
    assert len(one.entries()) == head


def test_two_posts_at_once_do_not_disturb_each_other(site):
    one = site()
    one.add_scanner("dock", "evdev")
    one.add_scanner("pick", "serial")
    one.start()
    posts = {"dock": one.worker("dock").sign_in("asha").work("receive"),
             "pick": one.worker("pick").sign_in("imran").work("receive")}
    before = {name: p.screen.latest()["answers"] for name, p in posts.items()}
    for i in range(0, 60, 20):  # as both wires are full, their scans meet in one commit
        for name, p in posts.items():
            p.scanner.burst([text for k in range(i, i + 20)
                             for text in (milk(f"{name}{k}"), "VS*ok")])
    for name, p in posts.items():
        p.see(lambda v, name=name: v["answers"] >= before[name] + 120)
        assert p.view["answers"] == before[name] + 120
    for name, worker in (("dock", "asha"), ("pick", "imran")):
        mine = [e for e in one.entries("received") if e["worker"] == worker]
        assert [e["batch"] for e in mine] == [f"{name}{k}" for k in range(60)]
