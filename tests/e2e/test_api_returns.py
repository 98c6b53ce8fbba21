# SPDX-License-Identifier: GPL-3.0-or-later
"""What suppliers take back, what ways truly cost, and what sites offer: the routes, on SQLite and on
PostgreSQL. That agents propose and sites carry out by them is unit/supplier_return and the demo."""

import pathlib

import pytest

import relay_api
from relay_api import TENANTS

TERMS = {"returnable": True, "windowFromDays": -180, "windowToDays": -20, "creditPermille": 700,
         "freightBy": "distributor", "freightPaisePerKg": 300, "quotaPermille": 20,
         "reason": "agreement of April"}
PATH = "/api/v1/suppliers/SUP-01/terms"


def engines():
    found = ["sqlite"]
    if list(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        found.append("postgres")
    return found


@pytest.fixture(scope="module", params=engines())
def host(request, build):
    one = relay_api.Host(build, request.param)
    yield one
    one.end()


@pytest.fixture
def owner(host):
    return host.client("acme", "owner")


def good(answer):
    assert answer.status_code == 200, answer.text
    return answer.json()


# --- suppliers


def test_terms_are_versions_with_their_author_and_reason(host, owner):
    assert good(owner.get(PATH))["terms"] == []
    first = good(owner.put(PATH, TERMS, key="terms-1"))
    assert first == good(owner.put(PATH, TERMS, key="terms-1"))  # the same request
    good(owner.put(PATH, {**TERMS, "reason": "the same again"}))  # nothing changes
    now = good(owner.put(PATH, {**TERMS, "creditPermille": 650, "reason": "they pay less now"}))
    assert [(v["version"], v["creditPermille"], v["changedBy"], v["reason"])
            for v in now["versions"]] == [(2, 650, "user:owner", "they pay less now"),
                                          (1, 700, "user:owner", "agreement of April")]
    assert [t["version"] for t in now["terms"]] == [2]
    brand = good(owner.put(PATH, {**TERMS, "brand": "Suraj", "returnable": False, "quotaPermille": 0,
                                  "reason": "a brand of its own"}))
    assert [(t["brand"], t["returnable"]) for t in brand["terms"]] == [("", True), ("Suraj", False)]
    trail = good(owner.get("/api/v1/audit", type="SupplierTermsChanged", subject="supplier:SUP-01"))
    assert [(e["kind"], e["actor"]) for e in trail["items"]] == [("audit", "user:owner")] * 3
    changed = trail["items"][1]["body"]
    assert changed["before"]["creditPermille"] == 700 and changed["after"]["creditPermille"] == 650
    assert good(host.client("blue", "owner").get(PATH))["terms"] == []


def test_what_is_left_of_a_quota_is_shown(host):
    for n, tenant in enumerate(TENANTS, 1):
        client = host.client(tenant, "owner")
        good(client.put(PATH, {**TERMS, "brand": "Suraj", "quotaPermille": 100, "quotaUnits": 100,
                               "reason": "tenth"}))
        quarter = next(t["quarter"] for t in good(client.get(PATH))["terms"] if t["brand"] == "Suraj")
        bought = quarter["boughtPaise"]
        assert bought % 140000 == 0 and quarter["backPaise"] == bought // 20
        assert quarter["leftPaise"] == bought // 10 - bought // 20
        assert quarter["leftUnits"] == 100 - quarter["backUnits"]
        listed = good(client.get("/api/v1/suppliers"))["items"]
        assert [s["supplier"] for s in listed] == ["SUP-01"]


def test_terms_that_cannot_be_are_refused(host, owner):
    for change, status, word in (
            ({"windowToDays": -181}, 422, "terms"), ({"brand": "Nobody"}, 422, "unknown_brand"),
            ({"creditPermille": 1001}, 400, "malformed"), ({"freightBy": "both"}, 400, "malformed"),
            ({"reason": ""}, 400, "malformed"), ({"surprise": 1}, 400, "malformed")):
        answer = owner.put(PATH, {**TERMS, **change})
        assert answer.status_code == status, (change, answer.text)
        assert answer.json()["type"] == f"urn:vyapar:{word}"
    answer = owner.put("/api/v1/suppliers/OUT-001/terms", TERMS)
    assert answer.status_code == 422 and answer.json()["type"] == "urn:vyapar:unknown_party"
    assert owner.get("/api/v1/suppliers/OUT-001/terms").status_code == 404
    for user in ("manager", "procurement", "auditor"):
        assert host.client("acme", user).put(PATH, TERMS).status_code == 403
        assert host.client("acme", user).get(PATH).status_code == 200
    assert host.client("acme", "north").get(PATH).status_code == 403  # for all territories


# --- what ways truly cost

COST = {"freightPaise": 600, "handlingPaise": 50, "paper": "LR-881"}


def test_a_true_cost_is_entered_once_and_corrected_with_a_reason(host, owner):
    path = "/api/v1/proposals/P3/true-cost"
    before = good(owner.get("/api/v1/proposals/P3"))["actualCostPaise"]
    first = good(owner.put(path, COST, key="cost-1"))
    assert first["actualCostPaise"] == before + 650 - 500  # 500 were predicted
    assert good(owner.put(path, COST, key="cost-1")) == first
    assert good(owner.put(path, COST)) == first  # it stands so already
    answer = owner.put(path, {**COST, "freightPaise": 700})
    assert answer.status_code == 422 and answer.json()["where"] == "reason"
    corrected = good(owner.put(path, {**COST, "freightPaise": 700, "reason": "detention"}))
    assert corrected["actualCostPaise"] == first["actualCostPaise"] + 100
    told = good(owner.get("/api/v1/audit", type="FreightEntered"))["items"]
    assert [e["body"]["version"] for e in told] == [2, 1]
    assert told[0]["body"]["why"] == "detention" and told[0]["actor"] == "user:owner"
    story = good(owner.get("/api/v1/cases/C2"))["history"]
    assert [e["type"] for e in story].count("FreightEntered") == 2
    assert owner.put("/api/v1/proposals/P1/true-cost", COST).status_code == 409  # nothing has left
    assert owner.put("/api/v1/proposals/P99/true-cost", COST).status_code == 404
    assert host.client("acme", "north").put(path, COST).status_code == 403  # it left the south
    assert host.client("acme", "field").put(path, COST).status_code == 403


def test_outcomes_stand_predicted_beside_actual_with_their_trend(host, owner):
    blue = host.client("blue", "owner")
    one = good(blue.get("/api/v1/reallocation/outcomes"))
    assert [i["proposalId"] for i in one["items"]] == ["P3"] and one["next"] is None
    item = one["items"][0]
    assert item["freightPaise"] is None and item["predictedFreightPaise"] == 500
    assert (item["units"], item["doneUnits"], item["state"]) == (5, 5, "done")
    assert len(one["trend"]) == 12 and one["trend"] == sorted(one["trend"], key=lambda m: m["month"])
    assert sum(m["ended"] for m in one["trend"]) == 1
    assert [m["successPermille"] for m in one["trend"] if m["ended"]] == [1000]
    assert [i["proposalId"] for i in good(blue.get("/api/v1/reallocation/outcomes",
                                                  unpaid="true"))["items"]] == ["P3"]
    good(blue.put("/api/v1/proposals/P3/true-cost", COST))
    paid = good(blue.get("/api/v1/reallocation/outcomes", site="WH-1", sku="TEA-250"))["items"][0]
    assert (paid["freightPaise"], paid["handlingPaise"], paid["paper"]) == (600, 50, "LR-881")
    assert good(blue.get("/api/v1/reallocation/outcomes", unpaid="true"))["items"] == []
    page = good(blue.get("/api/v1/reallocation/outcomes", limit=1))
    assert good(blue.get("/api/v1/reallocation/outcomes", limit=1, after=page["next"]))["items"] == []
    assert owner.get("/api/v1/reallocation/outcomes", after="x").status_code == 400


# --- what sites offer


def lots(client, **query):
    return good(client.get("/api/v1/market/lots", **query))


def test_lots_are_listed_with_reserve_and_bids(owner):
    one = lots(owner)["items"][0]
    assert (one["caseId"], one["site"], one["name"]) == ("C1", "WH-1", "acme biscuits")
    assert one["reserveMilliPaise"] == 400000 and one["bestSite"] == "WH-2"
    assert one["bids"] == [{"site": "WH-2", "bidMilliPaise": 700000, "transportMilliPaise": 50000,
                            "leadDays": 2}]


def test_lots_are_sorted_filtered_and_paged(host, owner):
    assert [i["caseId"] for i in lots(owner)["items"]] == ["C1", "C3"]
    assert [i["caseId"] for i in lots(owner, sort="value")["items"]] == ["C3", "C1"]
    assert [i["caseId"] for i in lots(owner, sort="expiry")["items"]] == ["C1", "C3"]
    assert [i["caseId"] for i in lots(owner, wanted="true")["items"]] == ["C1"]
    assert [i["caseId"] for i in lots(owner, site="WH-2")["items"]] == ["C3"]
    assert [i["caseId"] for i in lots(owner, sku="BISC-80")["items"]] == ["C1"]
    for sort in ("spread", "value", "expiry"):
        first = lots(owner, sort=sort, limit=1)
        second = lots(owner, sort=sort, limit=1, after=first["next"])
        walked = [i["caseId"] for i in first["items"] + second["items"]]
        assert walked == [i["caseId"] for i in lots(owner, sort=sort)["items"]]
        assert lots(owner, sort=sort, limit=1, after=second["next"])["items"] == []
    north = host.client("acme", "north")
    assert [i["caseId"] for i in lots(north)["items"]] == ["C1"]
    assert owner.get("/api/v1/market/lots", sort="nothing").status_code == 400
