# SPDX-License-Identifier: Apache-2.0
"""A clock that is behind the journal is not believed: dates are judged on the safe side."""

import datetime

from site_under_test import FIRST_DAY, lapse, milk, opening, orders

SOON = (FIRST_DAY + datetime.timedelta(days=20)).isoformat()


def test_a_clock_behind_the_journal_is_doubted_and_goods_that_may_be_old_stay(site):
    one = site(documents={
        "opening.csv": opening(("A-01", "SOON", SOON, 40)),
        "orders-1.csv": orders(("SO-1", "sale", 1, "OUT-002", "UHT-1L", 10))})
    one.open("dock", "pick")
    dock = one.worker().sign_in()
    assert dock.view["clock_doubtful"] is False
    assert one.request("GET", "/api/v1/health")[2]["clock"]["doubtful"] is False
    last = one.entries()[-1]["wall_ms"]
    assert one.stationd.stop() == 0

    one.settings["clock"]["source"] = lapse(FIRST_DAY - datetime.timedelta(days=300))
    one.start()
    dock = one.worker().sign_in()
    assert dock.view["clock_doubtful"] is True
    assert all(e["wall_ms"] >= last for e in one.entries()[-2:])  # time never steps back
    dock.work("receive")
    dock.scan(milk("T1", (FIRST_DAY + datetime.timedelta(days=120)).isoformat()))
    said = dock.scan("VS*ok")
    assert (said, dock.tone()) == ("receipt_clock_doubtful", "attention")
    assert dock.key("cancel")
    assert one.entries("received") == []

    pick = one.worker("pick").sign_in("imran")
    pick.scan("VD*SO-1")
    pick.scan("VB*A-01")
    pick.scan(milk("SOON", SOON))
    assert pick.tone() == "reject", pick.view
    assert one.entries("picked") == []
    assert one.stationd.stop() == 0

    one.settings["clock"]["source"] = lapse()  # somebody set it right
    one.start()
    assert one.worker().sign_in().view["clock_doubtful"] is False


def test_expired_goods_are_refused_at_receipt_and_at_issue(site):
    gone = (FIRST_DAY - datetime.timedelta(days=1)).isoformat()
    one = site(documents={
        "opening.csv": opening(("A-01", "GONE", gone, 40)),
        "orders-1.csv": orders(("SO-1", "sale", 1, "OUT-002", "UHT-1L", 10))})
    one.open("dock", "pick")
    dock = one.worker().sign_in().work("receive")
    dock.scan(milk("T1", gone))
    assert dock.scan("VS*ok") == "expired_at_receipt"
    pick = one.worker("pick").sign_in("imran")
    pick.scan("VD*SO-1")
    assert (pick.view["target"] or {}).get("batch") != "GONE"
    pick.scan(milk("GONE", gone))
    assert pick.tone() == "reject", pick.view
    assert one.entries("received", "picked") == []
    assert "expired" in [e["reason"] for e in one.entries("refused")]
