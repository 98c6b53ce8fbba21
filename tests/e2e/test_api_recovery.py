# SPDX-License-Identifier: GPL-3.0-or-later
"""The routes of the relay's API by which stock is saved: cases, proposals, papers, traces, alerts."""

import pytest

from api_under_test import host, owner, rows  # noqa: F401  (fixtures)


def links_of(client, path, limit=None):
    """All links of a trace, page by page."""
    query, found = ({"limit": limit} if limit else {}), []
    while True:
        answer = client.get(path, **query)
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        if answer.json()["next"] is None:
            return answer.json(), found
        query["after"] = answer.json()["next"]


def test_a_proposal_is_overridden_and_the_other_rejected(owner):
    answer = owner.put("/api/v1/inventory/BISC-80/reallocation",
                       {"action": "reject", "recommendationId": "P2", "reason": "not now"})
    assert answer.status_code == 200 and answer.json()["state"] == "rejected"
    answer = owner.put("/api/v1/inventory/TEA-250/reallocation",
                       {"action": "reject", "recommendationId": "P1", "reason": "not now"})
    assert answer.status_code == 404  # it is of another SKU
    answer = owner.post("/api/v1/proposals/P1/decision",
                        {"decision": "override", "quantity": 40, "reason": "a smaller lorry"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["quantity"] == 40
    # Other goods than compliance has looked at: it must look again before anybody says yes.
    again = owner.post("/api/v1/proposals/P1/decision", {"decision": "accept", "reason": "again"})
    assert again.status_code == 409
    assert owner.post("/api/v1/proposals/P1/decision", {"decision": "override", "reason": "abc"}
                      ).status_code == 400  # how much?
    subjects = {e["subject"] for e in rows(owner, "/api/v1/audit", limit=500)}
    assert {"proposal:P1", "proposal:P2"} <= subjects


def test_a_person_proposes_a_transfer(host):
    owner = host.client("blue", "owner")
    body = {"action": "propose", "sourceSite": "WH-2", "targetSite": "WH-1", "batch": "T1",
            "expiryDate": "2028-01-17", "mrpPaise": 12500, "quantity": 12,
            "reason": "Nagpur wants it"}
    answer = owner.put("/api/v1/inventory/TEA-250/reallocation", body)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["quantity"], answer.json()["state"]) == (12, "proposed")
    assert owner.get(f"/api/v1/proposals/{answer.json()['proposalId']}").status_code == 200
    again = owner.put("/api/v1/inventory/TEA-250/reallocation", body)
    assert again.status_code == 409  # one is open to there
    body = {**body, "targetSite": "WH-2"}
    assert owner.put("/api/v1/inventory/TEA-250/reallocation", body).status_code == 422
    body = {**body, "targetSite": "WH-1", "quantity": 100000, "batch": "T9"}
    assert owner.put("/api/v1/inventory/TEA-250/reallocation", body).status_code == 422


def test_papers_say_until_when_an_eway_bill_of_goods_on_the_road_is_valid(owner):
    until = {paper["paperId"]: paper["ewayValidUntil"] for paper in rows(owner, "/api/v1/papers")}
    # 850 km are five days begun, from the Indian day on which the goods left: 2026-11-21 12:00.
    assert until["D2"] == "2026-11-26T18:29:00.000Z"
    assert until["D1"] is None and until["D3"] is None  # none is needed; nothing has left


def test_a_case_is_traced_by_its_transfer_to_papers_and_scans_at_both_ends(owner):
    _, links = links_of(owner, "/api/v1/cases/C2/trace")
    found = {(link["stage"], link["type"]) for link in links}
    assert {("proposal", "transfer"), ("line", "transfer_out"), ("paper", "delivery_challan"),
            ("carried", "dispatched"), ("carried", "arrived")} <= found
    scans = [link for link in links if link["stage"] == "carried"]
    assert sorted((s["site"], s["type"], s["document"], s["units"]) for s in scans) == [
        ("WH-1", "arrived", "TR-1", 5), ("WH-2", "dispatched", "TR-1", 5)]
    chain = {(s["entry"]["device"], s["entry"]["sequence"]): s["entry"]["chainHash"] for s in scans}
    assert all(len(hash) == 64 for hash in chain.values())
    _, followed = links_of(owner, "/api/v1/entries/wh-2/1/1/trace")
    assert {("proposal", "P3"), ("paper", "D1")} <= {(f["stage"], f["id"]) for f in followed}
    head, _ = links_of(owner, "/api/v1/entries/wh-1/1/4/trace")
    assert head["entry"]["chainHash"] == chain["wh-1", 4] and head["kind"] == "arrived"


def test_an_entry_is_traced_to_its_events_and_to_what_these_led_to(owner):
    head, links = links_of(owner, "/api/v1/entries/wh-1/1/1/trace")
    assert head["kind"] == "received" and head["site"] == "WH-1"
    told = [link["type"] for link in links if link["stage"] in ("booked", "followed")]
    assert told == ["InventoryUpdated", "AlertRaised", "CaseChanged"]
    assert [link["id"] for link in links if link["stage"] == "case"] == ["C1"]


@pytest.mark.parametrize("path", ["/api/v1/cases/C1/trace", "/api/v1/cases/C2/trace",
                                  "/api/v1/entries/wh-1/1/1/trace"])
def test_pages_of_a_trace_meet_without_gap_or_double(owner, path):
    _, whole = links_of(owner, path)
    assert len(whole) > 2
    assert links_of(owner, path, limit=1)[1] == whole
    for after in ("nothing", "case|", "case|x|", "|1|"):
        assert owner.get(path, after=after).status_code == 400


def test_a_territory_traces_only_its_own(host):
    north = host.client("acme", "north")
    assert north.get("/api/v1/cases/C1/trace").status_code == 200
    assert north.get("/api/v1/cases/C2/trace").status_code == 404
    assert north.get("/api/v1/entries/wh-1/1/1/trace").status_code == 200
    assert north.get("/api/v1/entries/wh-2/1/1/trace").status_code == 404
    assert north.get("/api/v1/entries/wh-1/1/99/trace").status_code == 404


def test_alerts_are_acknowledged_once_and_stay_in_the_trail(owner):
    before = rows(owner, "/api/v1/alerts")
    assert {a["type"] for a in before} >= {"DeadStockDetected", "ComplianceViolation",
                                           "negative_stock"}
    raised = next(a for a in before if a["type"] == "negative_stock")
    assert (raised["severity"], raised["action"]) == ("high", "Count the bin.")
    one = raised["alertId"]
    answer = owner.post(f"/api/v1/alerts/{one}/acknowledge", {"reason": "I have it"})
    assert answer.json()["acknowledgedBy"] == "user:owner"
    assert owner.post(f"/api/v1/alerts/{one}/acknowledge", {"reason": "I too"}).status_code == 409
    assert one not in {a["alertId"] for a in rows(owner, "/api/v1/alerts")}
    assert one in {a["alertId"] for a in rows(owner, "/api/v1/alerts", open="false")}
    assert owner.post("/api/v1/alerts/event-999/acknowledge", {"reason": "abc"}).status_code == 404


@pytest.mark.parametrize("path,sort,number,key", [
    ("/api/v1/inventory/current", "risk", "riskPaise", lambda r: (r["site"], r["sku"])),
    ("/api/v1/proposals", "gain", "gainPaise", lambda r: r["proposalId"])])
def test_the_most_rupees_come_first_page_by_page(owner, path, sort, number, key):
    whole = rows(owner, path, limit=500, sort=sort)
    assert len(whole) > 1
    assert whole == sorted(whole, key=lambda r: (-r[number], key(r)))
    assert {key(r) for r in whole} == {key(r) for r in rows(owner, path, limit=500)}
    for limit in (1, 2):
        walked, after = [], {}
        while True:
            page = owner.get(path, limit=limit, sort=sort, **after).json()
            walked += [key(r) for r in page["items"]]
            if page["next"] is None:
                break
            after = {"after": page["next"]}
        assert walked == [key(r) for r in whole]
    assert owner.get(path, sort=sort, after="nonsense").status_code == 400


def test_the_order_by_rupees_is_for_those_who_see_them(host):
    assert host.client("acme", "field").get("/api/v1/inventory/current", sort="risk").status_code == 403


def test_an_approval_says_which_limit_asked_for_it(host):
    owner = host.client("blue", "owner")
    waits = {a["id"]: a for a in rows(owner, "/api/v1/approvals", limit=500)}
    assert waits["K1"]["limits"] == "person" and waits["K1"]["persons"] == 1
    proposal = next(a for a in waits.values() if a["kind"] == "proposal")
    setting = owner.put("/api/v1/settings/autonomy.value_paise",
                        {"value": "1", "reason": "a test of limits"})
    assert setting.status_code == 200, setting.text
    now = {a["id"]: a for a in rows(owner, "/api/v1/approvals", limit=500)}[proposal["id"]]
    assert "value" in now["limits"].split("+") and now["approvals"] == 0
