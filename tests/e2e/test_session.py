# SPDX-License-Identifier: Apache-2.0
"""Who is at a post: badges, PINs, and what a counting worker may know."""

import json

from site_under_test import milk, opening

WITH_PIN = {"pin_required": "true"}


def test_a_worker_signs_in_with_badge_and_pin(site):
    one = site(floor=WITH_PIN).open("dock")
    dock = one.worker()
    assert dock.scan(milk("A1")) == "sign_in_first"
    assert dock.scan("VW*asha") == "pin_wanted"
    assert dock.key("pin:2580") == "signed_in"
    assert dock.view["worker"] == "asha"


def test_three_wrong_pins_lock_the_worker_out_at_every_post_and_are_in_the_journal(site):
    one = site(floor=WITH_PIN).open("dock", "pick")
    dock = one.worker()
    dock.scan("VW*asha")
    assert dock.key("pin:0000") == "wrong_pin"
    assert dock.key("pin:1111") == "wrong_pin"
    assert dock.key("pin:2222") == "pin_wait"
    assert dock.view["worker"] is None
    assert dock.scan("VW*asha") == "pin_wait"
    assert one.worker("pick").scan("VW*asha") == "pin_wait"
    assert one.worker("pick").scan("VW*imran") == "pin_wanted"  # others work on
    refused = one.entries("refused")
    assert [(e["worker"], e["reason"]) for e in refused] == [("asha", "wrong_pin")] * 3
    for secret in ("0000", "1111", "2222"):
        assert "pin:" + secret not in one.log()


def test_a_screen_without_a_session_sees_nothing_of_the_work_and_can_do_nothing(site):
    one = site().open("dock")
    dock = one.worker().sign_in().work("receive")
    dock.scan(milk("SECRET1"))
    status, _, view = one.request("GET", "/api/v1/posts/dock")
    assert (status, view["locked"], view["worker"]) == (200, True, None)
    assert "SECRET1" not in json.dumps(view)
    assert one.request("POST", "/api/v1/posts/dock/commands", {"command": "ok"})[0] == 403
    for path in ("stock", "at-risk", "alerts", "tasks", "captures", "reports/reasons"):
        assert one.request("GET", f"/api/v1/{path}")[0] == 401
    assert one.entries("received") == []


def numbers(value):
    """Every number and text in an answer."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [n for v in value for n in numbers(v)]
    return [] if value is None else [str(value)]


def test_a_count_is_blind_no_answer_to_its_post_tells_what_is_expected(site):
    expected = "7391"  # pieces: occurs nowhere else
    one = site(documents={"opening.csv": opening(("A-01", "L1", "2027-03-31", int(expected)))})
    one.open("dock")
    dock = one.worker().sign_in()
    assert expected in json.dumps(one.request("GET", "/api/v1/stock", cookie=dock.cookie)[2])
    dock.work("count")
    told = []

    def note(*answers):
        told.extend(answers)
        for path in ("posts/dock", "stock", "stock?sku=UHT-1L", "search?text=milk", "at-risk", "alerts", "tasks",
                     "captures", "posts", "health", "posts/pick"):
            told.append(one.request("GET", f"/api/v1/{path}", cookie=dock.cookie)[2])

    note(dock.scan("VB*A-01"), dock.view)
    note(dock.scan(milk("L1")), dock.view)
    note(dock.key("qty:5000"), dock.view)
    note(dock.scan("VS*ok"), dock.view)
    assert dock.said() == "count_again", dock.view
    note(dock.scan("VB*A-01"), dock.view)
    note(dock.scan(milk("L1")), dock.view)
    note(dock.key("qty:7000"), dock.view)
    assert [n for n in numbers(told) if expected in n or n in ("391", "-391", "2391", "-2391")] == []
    assert dock.scan("VS*ok") == "counted", dock.view
    (counted,) = one.entries("counted")
    assert (counted["observed"], counted["expected"]) == (7000, int(expected))
