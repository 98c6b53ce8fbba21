# SPDX-License-Identifier: GPL-3.0-or-later
"""The routes of the relay's API by which goods are sold: orders, campaigns, outlets, messages."""

import concurrent.futures
import json

import pytest

from api_under_test import host, owner, rows  # noqa: F401  (fixtures)


def test_sales_become_lines_to_pick_row_by_row(host):
    feed = host.client("acme", "agent")
    sale = {"transactionId": "T-1", "retailerId": "OUT-001", "sku": "BISC-80", "quantity": 12,
            "unitPrice": 840, "timestamp": "2026-11-21T10:00:00Z", "territory": "North",
            "gstDetails": {"hsn": "1905", "taxablePaise": 10080, "taxPaise": 504}}
    bad = [{**sale, "transactionId": "T-2", "sku": "NO-SUCH"},
           {**sale, "transactionId": "T-3", "quantity": -1},
           {**sale, "transactionId": "T-4", "territory": "Nowhere"},
           {**sale, "transactionId": "T-5", "retailerId": "SUP-01"},
           {**sale, "transactionId": "T-6", "timestamp": "yesterday"},
           {"nonsense": True}]
    answer = feed.post("/api/v1/sales/batch", {"transactions": [sale] + bad}).json()
    assert (answer["taken"], answer["known"], answer["refused"]) == (1, 0, 6)
    assert [row["where"] for row in answer["rows"]] == [
        None, "sku", "quantity", "territory", "retailerId", "timestamp", "transactionId"]
    again = feed.post("/api/v1/sales/batch", {"transactions": [sale]}).json()
    assert (again["taken"], again["known"]) == (0, 1)
    other = feed.post("/api/v1/sales/batch", {"transactions": [{**sale, "quantity": 13}]}).json()
    assert other["refused"] == 1
    line = feed.get("/api/v1/orders/T-1").json()["lines"][0]
    assert (line["site"], line["kind"], line["quantity"], line["pricePaise"], line["state"]) == (
        "WH-1", "sale", 12, 840, "open")


def test_an_order_is_made_shown_and_cancelled(owner):
    order = {"document": "PO-9", "kind": "purchase", "site": "WH-2", "party": "SUP-01",
             "dueDate": "2026-12-01", "lines": [{"sku": "TEA-250", "quantity": 48},
                                                {"sku": "BISC-80", "quantity": 144}]}
    answer = owner.post("/api/v1/orders", order)
    assert answer.status_code == 201 and len(answer.json()["lines"]) == 2
    assert owner.post("/api/v1/orders/PO-9/cancel", {"reason": "no room"}).status_code == 200
    assert {x["state"] for x in owner.get("/api/v1/orders/PO-9").json()["lines"]} == {"cancelled"}
    assert owner.post("/api/v1/orders/PO-9/cancel", {"reason": "no room"}).status_code == 409
    assert owner.post("/api/v1/orders/TR-1/cancel", {"reason": "no room"}).status_code == 422
    done = owner.get("/api/v1/orders/SO-1").json()["lines"][0]
    assert (done["quantity"], done["done"]) == (24, 10)


def test_an_order_for_a_campaign_is_of_its_lot_and_never_more_than_lies_there(owner):
    order = {"document": "SO-K2", "kind": "sale", "site": "WH-2", "party": "OUT-002",
             "campaignId": "K2", "lines": [{"sku": "TEA-250", "quantity": 5}]}
    line = owner.post("/api/v1/orders", order).json()["lines"][0]
    assert (line["batch"], line["mrpPaise"], line["pricePaise"]) == ("T1", 12500, 9000)
    assert line["cause"] == "campaign:K2" and line["expiryDate"] == "2028-01-17"

    def again(**changes):
        return owner.post("/api/v1/orders", {**order, "document": "SO-K2-2", **changes})

    more = again(lines=[{"sku": "TEA-250", "quantity": 36}])  # 40 lie there, 5 are promised
    assert more.status_code == 409 and more.json()["detail"] == "35 are left"
    assert again(lines=[{"sku": "BISC-80", "quantity": 1}]).status_code == 422
    assert again(lines=[{"sku": "TEA-250", "quantity": 1, "batch": "T9"}]).status_code == 422
    assert again(campaignId="K99").status_code == 422
    assert again(site="WH-1").status_code == 422  # it is the other site's
    assert again(campaignId="K1", site="WH-1", party="OUT-001",
                 lines=[{"sku": "BISC-80", "quantity": 1}]).status_code == 409  # a draft
    assert ordered(owner, "K2", "OUT-002") == 5
    assert owner.post("/api/v1/orders/SO-K2/cancel", {"reason": "she rang off"}).status_code == 200
    assert ordered(owner, "K2", "OUT-002") == 0
    whole = again(lines=[{"sku": "TEA-250", "quantity": 40}])  # all that lies there is free again
    assert whole.status_code == 201, whole.text
    assert owner.post("/api/v1/orders/SO-K2-2/cancel", {"reason": "too much"}).status_code == 200
    assert owner.post("/api/v1/orders/SO-K2-2/cancel", {"reason": "too much"}).status_code == 409
    assert ordered(owner, "K2", "OUT-002") == 0


def ordered(owner, campaign, outlet):
    targets = owner.get(f"/api/v1/campaigns/{campaign}").json()["targets"]
    return next(t["orderedUnits"] for t in targets if t["outlet"] == outlet)


def test_orders_of_a_campaign_that_are_made_and_cancelled_at_once_add_up(owner):
    def promised():
        lines = [x for x in rows(owner, "/api/v1/orders", state="open", limit=500)
                 if x["cause"] == "campaign:K2"]
        return sum(x["quantity"] for x in lines)

    def make(n):
        return owner.post("/api/v1/orders", {
            "document": f"SO-R{n}", "kind": "sale", "site": "WH-2", "party": "OUT-002",
            "campaignId": "K2", "lines": [{"sku": "TEA-250", "quantity": 11}]}).status_code

    def cancel(n):
        return owner.post(f"/api/v1/orders/SO-R{n}/cancel", {"reason": "changed her mind"}).status_code

    with concurrent.futures.ThreadPoolExecutor(6) as people:
        made = list(people.map(make, range(6)))
        assert made.count(201) == 3 and made.count(409) == 3  # of 40
        assert ordered(owner, "K2", "OUT-002") == promised() == 33
        taken = [n for n, status in enumerate(made) if status == 201]
        said = list(people.map(lambda go: go[0](go[1]),
                               [(cancel, n) for n in taken * 3] + [(make, n) for n in (6, 7, 8)]))
        assert said[:9].count(200) == 3 and said[:9].count(409) == 6  # each is cancelled once
    assert ordered(owner, "K2", "OUT-002") == promised() == 11 * said[9:].count(201)
    for n, status in zip((6, 7, 8), said[9:]):
        assert status in (201, 409) and (status == 409 or cancel(n) == 200)
    assert ordered(owner, "K2", "OUT-002") == promised() == 0


def ageless(items):
    """Without the age of the data, which grows between two answers."""
    return [{name: value for name, value in item.items() if name != "siteDataAgeSeconds"}
            for item in items]


def test_an_outlets_credit_is_entered_in_versions_audited_and_shown_to_whom_may_see_rupees(host, owner):
    path = "/api/v1/outlets/OUT-001/credit"
    books = {"outstandingPaise": 4_000_00, "limitPaise": 5_000_00, "overdueDays": 0,
             "asOfDate": "2026-11-01", "reason": "books of October"}

    def shown(client):
        return next(o for o in rows(client, "/api/v1/outlets") if o["outlet"] == "OUT-001")["credit"]

    def trail():
        return [e for e in rows(owner, "/api/v1/audit", limit=500) if e["type"] == "CreditChanged"]

    assert shown(owner) is None
    before = len(trail())
    first = owner.put(path, books).json()
    assert (first["version"], first["outstandingPaise"], first["asOfDate"]) == (1, 400000, "2026-11-01")
    assert owner.put(path, {**books, "reason": "the same again"}).json()["version"] == 1
    second = owner.put(path, {**books, "outstandingPaise": 6_000_00, "overdueDays": 12})
    assert second.json()["version"] == 2 and shown(owner) == second.json()
    assert owner.get("/api/v1/outlets/OUT-001").json()["outlet"]["credit"] == second.json()
    assert len(trail()) == before + 2  # one a version
    last = trail()[-1] if trail()[-1]["seq"] > trail()[0]["seq"] else trail()[0]
    assert '"version":1' in json.dumps(last).replace('\\"', '"').replace(" ", "")
    assert shown(host.client("acme", "field")) is None
    assert owner.put(path, {**books, "asOfDate": "2199-01-01"}).status_code == 422
    assert owner.put(path, {**books, "limitPaise": -1}).status_code == 400
    assert owner.put("/api/v1/outlets/OUT-999/credit", books).status_code == 404
    assert host.client("acme", "field").put(path, books).status_code == 403
    assert host.client("acme", "north").put(path.replace("OUT-001", "OUT-002"), books
                                            ).status_code == 403


def test_how_an_outlet_answered_is_told_page_by_page_and_to_whom_it_concerns(host, owner):
    path = "/api/v1/outlets/OUT-002/answers"
    whole = rows(owner, path)
    told = {a["campaignId"]: a for a in whole}
    assert told["K1"]["arm"] == "holdout" and told["K1"]["message"] is None
    assert (told["K2"]["arm"], told["K2"]["channel"], told["K2"]["message"]) == ("offer", "sms", "queued")
    assert [a["madeAt"] for a in whole] == sorted((a["madeAt"] for a in whole), reverse=True)
    pages, after = [], None
    while not pages or after:
        page = owner.get(path, limit=1, **({"after": after} if after else {})).json()
        pages += page["items"]
        after = page["next"]
    assert ageless(pages) == ageless(whole)
    bought = {a["campaignId"]: a for a in rows(owner, "/api/v1/outlets/OUT-001/answers")}["K1"]
    assert (bought["orderedUnits"], bought["units"], bought["message"]) == (3, 3, "read")
    assert owner.get("/api/v1/outlets/OUT-999/answers").status_code == 404
    assert owner.get("/api/v1/outlets/SUP-01/answers").status_code == 404
    assert owner.get(path, after="x").status_code == 400
    north = host.client("acme", "north")
    assert north.get(path).status_code == 403  # an outlet of the South
    assert "K1" in {a["campaignId"] for a in rows(north, "/api/v1/outlets/OUT-001/answers")}


def test_a_campaign_is_drafted_within_its_prices_approved_and_stopped(owner):
    body = {"sku": "BISC-80", "sourceSite": "WH-1", "batch": "L1", "expiryDate": "2027-07-01",
            "mrpPaise": 1000, "units": 50, "pricePaise": 760, "channels": ["whatsapp"],
            "template": "offer", "targetRetailers": ["OUT-001", "OUT-002"], "holdoutPermille": 0,
            "startDate": "2026-11-22", "endDate": "2026-11-29", "reason": "near its date"}
    dear = owner.post("/api/v1/campaigns", {**body, "pricePaise": 9000})
    assert dear.status_code == 422 and dear.json()["where"] == "pricePaise"
    assert owner.post("/api/v1/campaigns", {**body, "pricePaise": 1}).status_code == 422
    made = owner.post("/api/v1/campaigns", body)
    assert made.status_code == 201, made.text
    campaign = made.json()
    assert campaign["state"] == "draft" and campaign["discountPercentage"] == 9.5
    assert campaign["targetRetailers"] == ["OUT-001", "OUT-002"]
    path = f"/api/v1/campaigns/{campaign['campaignId']}"
    assert owner.post(path + "/decision", {"decision": "approve", "reason": "good"}
                      ).json()["state"] == "approved"
    assert owner.post(path + "/decision", {"decision": "approve", "reason": "good"}
                      ).status_code == 409
    assert owner.post(path + "/decision", {"decision": "stop", "reason": "sold out"}
                      ).json()["state"] == "stopped"
    targets = {t["outlet"]: t for t in owner.get(path).json()["targets"]}
    assert targets["OUT-001"]["channel"] == "whatsapp" and targets["OUT-002"]["channel"] == ""


def test_metrics_of_a_campaign_follow_from_messages_and_scans(owner):
    answer = owner.get("/campaigns/K1/analytics").json()
    assert answer["performanceMetrics"] == {"impressions": 1, "clicks": 1, "conversions": 1,
                                            "revenueGenerated": 2100}
    assert answer["liftPermille"] == 1000 and answer["messages"] == {"read": 1}


@pytest.mark.parametrize("path,channel,outlet", [
    ("/whatsapp/v1/messages/broadcast", "whatsapp", "OUT-001"),
    ("/sms/v1/campaigns/create", "sms", None), ("/email/v1/templates/send", "email", None)])
def test_a_broadcast_goes_to_whom_it_may(owner, path, channel, outlet):
    body = {"template": "offer", "purpose": "marketing", "retailers": ["OUT-001", "OUT-002", "NO"],
            "variables": {"name": "you"}}
    answer = owner.post(path, body)
    assert answer.status_code == 200, answer.text
    queued = [r["retailerId"] for r in answer.json()["rows"] if r["result"] == "queued"]
    assert queued == ([outlet] if outlet else [])
    assert all(r["why"] for r in answer.json()["rows"] if r["result"] == "refused")
    waiting = rows(owner, "/api/v1/messages", state="queued", channel=channel)
    assert len([m for m in waiting if m["cause"].startswith("request:")]) == len(queued)


def test_contacts_and_consents_are_kept_and_erased(owner):
    path = "/api/v1/outlets/OUT-001/contacts/email"
    bad = owner.put(path, {"address": "nonsense", "language": "en"})
    assert bad.status_code == 422
    good = owner.put(path, {"address": "shop@example.in", "language": "hi"})
    assert good.status_code == 200
    consent = {"channel": "email", "purpose": "marketing", "status": "granted", "source": "form",
               "textShown": "May we\nwrite?", "language": "hi"}
    assert owner.post("/api/v1/outlets/OUT-001/consents", consent).json()["version"] == 1
    consent["status"] = "withdrawn"
    assert owner.post("/api/v1/outlets/OUT-001/consents", consent).json()["version"] == 2
    shown = owner.get("/api/v1/outlets/OUT-001").json()
    assert {"email", "whatsapp"} == {c["channel"] for c in shown["contacts"]}
    assert owner.delete(path).status_code == 200
    assert owner.delete(path).status_code == 404
    trail = json.dumps(rows(owner, "/api/v1/audit", limit=500))
    assert "shop@example.in" not in trail  # the trail is for ever, an address is not
