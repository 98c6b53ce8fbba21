# SPDX-License-Identifier: Apache-2.0
"""The power goes, and the daemon is asked to end: what was answered is there, nothing is doubled,
and work goes on."""

import os
import random
import signal

from site_under_test import FIRST_DAY, milk, opening, orders

KILLS = 200 if os.environ.get("TESTS_LONG") == "1" else 15
SEED = 20261102


def shown(worker, before):
    """Bookings of a stream of (goods, ok) whose answer the screen has shown."""
    return (worker.screen.latest()["answers"] - before) // 2


def stream(name, count):
    return [text for k in range(count) for text in (milk(f"{name}-{k}"), "VS*ok")]


def assert_prefix(site, names, count):
    """Each stream is in the journal once, without a gap, and as far as was shown at least."""
    booked = [(e["batch"], e["qty"]) for e in site.entries("received")]
    assert len(set(booked)) == len(booked), "doubled"
    for name, least in names.items():
        there = [batch for batch, qty in booked if batch.startswith(name + "-") and qty == 1]
        assert there == [f"{name}-{k}" for k in range(len(there))]
        assert least <= len(there) <= count


def test_power_cuts_in_streams_of_scans_lose_and_double_nothing(site):
    chance = random.Random(SEED)
    one = site()
    one.add_scanner("dock", "evdev")
    one.add_scanner("pick", "serial")
    one.start()
    eyes = {post: one.worker(post) for post in ("dock", "pick")}  # these screens are never renewed
    least = {}
    for cut in range(KILLS):
        workers = {}
        for post, name in (("dock", "asha"), ("pick", "imran")):
            workers[post] = one.worker(post).sign_in(name).work("receive")
        before = {post: w.screen.latest()["answers"] for post, w in workers.items()}
        for post, w in workers.items():
            w.scanner.send(stream(f"{post[0]}{cut}", 40))
        post = chance.choice(["dock", "pick"])
        after = chance.randrange(1, 70)
        workers[post].see(lambda v: v["answers"] >= before[post] + after)
        one.kill()
        least |= {f"{p[0]}{cut}": shown(w, before[p]) for p, w in workers.items()}
        for w in workers.values():
            w.screen.close()
        one.restart()
        for w in eyes.values():
            w.see(lambda v: v["worker"] is None)  # nobody is signed in: it is the new life's
        assert_prefix(one, least, 40)
    one.verify()
    dock = one.worker("dock")
    assert dock.sign_in().work("receive").receive("LAST") == "received"


def test_a_request_to_end_in_the_middle_of_work_ends_cleanly(site):
    one = site().open("dock")
    for again in range(3):
        dock = one.worker().sign_in().work("receive")
        before = dock.screen.latest()["answers"]
        dock.scanner.send(stream(f"e{again}", 100))
        dock.see(lambda v: v["answers"] >= before + 41)
        assert one.stationd.stop(signal.SIGTERM) == 0
        assert_prefix(one, {f"e{again}": shown(dock, before)}, 100)
        one.verify()
        one.restart()


def test_a_request_to_end_ends_cleanly_while_screens_and_devices_hang(site):
    one = site(devices={"scanner4": "serial /nonexistent/tty post=pick name=ghost"})
    one.add_printer().tell("stall")
    one.open("dock")
    dock = one.worker().sign_in().work("receive")
    assert dock.receive("A1") == "received"
    assert one.stationd.stop(signal.SIGTERM) == 0


def test_a_pick_goes_on_after_a_power_cut_where_the_journal_stands(site):
    one = site(documents={
        "opening.csv": opening(("A-01", "OLD", "2026-12-31", 10), ("A-02", "NEW", "2027-03-31", 50)),
        "orders-1.csv": orders(("SO-1", "sale", 1, "OUT-002", "UHT-1L", 30))})
    one.open("pick")
    pick = one.worker("pick").sign_in("imran")
    pick.scan("VD*SO-1")
    target = pick.view["target"]
    assert (target["batch"], target["bin"], target["qty"]) == ("OLD", "A-01", 10), pick.view
    pick.scan(milk("OLD", "2026-12-31"))
    assert pick.key("qty:10") == "picked"
    assert pick.view["target"]["batch"] == "NEW"
    pick.scan(milk("NEW"))  # in hand only: this is lost with the power
    one.kill()
    one.restart()
    pick = one.worker("pick").sign_in("imran")
    pick.scan("VD*SO-1")
    target = pick.view["target"]
    assert (target["batch"], target["bin"], target["qty"]) == ("NEW", "A-02", 20)
    pick.scan(milk("NEW"))
    assert pick.key("qty:20") == "picked"
    assert pick.prompt() == "document_done"
    assert [(e["batch"], e["qty"]) for e in one.entries("picked")] == [("OLD", 10), ("NEW", 20)]


def test_alerts_and_flags_are_not_repeated_by_a_restart(site):
    one = site(documents={"opening.csv": opening(
        ("A-01", "SOON", FIRST_DAY.replace(day=25).isoformat(), 400),
        ("A-02", "GONE", FIRST_DAY.replace(day=1).isoformat(), 20))})
    one.open("dock")

    def found():
        return [(e["kind"], e.get("reason"), e.get("batch"))
                for e in one.entries("flagged", "unflagged", "alerted", "restated")]

    dock = one.worker()
    dock.see(lambda v: v["version"] > 1)  # the first sweep has ended
    first = found()
    assert {batch for _, _, batch in first} >= {"SOON", "GONE"}
    assert len(set(first)) == len(first)
    for how in (one.kill, one.stationd.stop, one.kill):
        how()
        one.restart()
        one.worker().see(lambda v: v["version"] > 1)
        assert found() == first


def test_what_a_worker_sees_as_received_survives_though_nobody_ended_the_journal(site):
    """The write-ahead log alone holds it: the file was never tidied."""
    one = site().open("dock")
    dock = one.worker().sign_in().work("receive")
    assert dock.receive("A1") == "received"
    one.kill()
    assert [e["batch"] for e in one.entries("received")] == ["A1"]  # read before any restart
    one.restart()
    assert one.entries()[-1]["kind"] == "booted"
