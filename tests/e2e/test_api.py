# SPDX-License-Identifier: GPL-3.0-or-later
"""The relay's API from outside, on SQLite and on PostgreSQL: the document, what any request must keep
to, and figures. Every answer is held against the document by the client."""

import jsonschema
import pytest

import relay_api
from api_under_test import QUERIES, host, owner, path_of, rows  # noqa: F401  (fixtures)
from relay_api import Client, DOCUMENT, OPERATIONS


# --- the document


def test_every_schema_of_the_document_is_one():
    for name, schema in DOCUMENT["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert isinstance(schema, dict), name


def test_every_route_of_the_mission_is_in_the_document():
    wanted = {("GET", "/api/v1/inventory/current"), ("POST", "/api/v1/sales/batch"),
              ("GET", "/api/v1/retailers/{id}/sales-history"),
              ("PUT", "/api/v1/inventory/{sku}/reallocation"),
              ("POST", "/whatsapp/v1/messages/broadcast"), ("POST", "/sms/v1/campaigns/create"),
              ("POST", "/email/v1/templates/send"), ("GET", "/campaigns/{id}/analytics"),
              ("GET", "/gst/v1/compliance-check"), ("POST", "/audit/v1/trail/create"),
              ("GET", "/reports/v1/regulatory/{period}")}
    assert wanted <= {(op.method, op.path) for op in OPERATIONS.values()}


def test_the_server_shows_the_document_that_it_was_built_from(host):
    shown = Client(host).get("/api/v1/openapi.json").json()
    kept = {k: v for k, v in DOCUMENT.items() if k != "x-sets"}
    assert shown == kept

READS = [(op.id, query) for op in OPERATIONS.values()
         if not op.writes and op.id not in ("streamEvents", "getMetrics", "subscribeWhatsapp",
                                           "showUnsubscribe", "fetchDocument",
                                           "getCampaignPlan")
         for query in QUERIES.get(op.id, [{}])]


@pytest.mark.parametrize("read", READS, ids=lambda r: r[0])
def test_a_read_answers_as_documented(owner, read):
    op = OPERATIONS[read[0]]
    answer = owner.get(path_of(op), **read[1])
    assert answer.status_code == 200, answer.text
    figures = op.schema_of(200, "application/json")
    if "siteDataAgeSeconds" in relay_api.resolve(figures).get("required", []):
        assert "siteDataAgeSeconds" in answer.json()


@pytest.mark.parametrize("id", [op.id for op in OPERATIONS.values() if not op.writes and not op.open
                                and op.id != "streamEvents"])
def test_an_unknown_argument_is_refused_by_name(owner, id):
    answer = owner.get(path_of(OPERATIONS[id]), nonsense="1")
    assert answer.status_code == 400 and answer.json()["where"] == "nonsense"


def test_unknown_paths_and_methods(owner):
    assert owner.get("/api/v1/nothing").status_code == 404
    answer = owner.ask("PATCH", "/api/v1/orders", {})
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "POST"}


# --- bounds


def test_bodies_are_bounded_and_strict(owner):
    path = "/api/v1/orders"
    assert owner.ask("POST", path, raw="x" * 70000).status_code == 413
    assert owner.ask("POST", path, raw="{}", headers={"Content-Type": "text/plain"}
                     ).status_code == 415
    for raw in ("", "[]", "{", "{} {}", '{"document": 1}', '{"document":"a\\u0000b"}', "\x00",
                '{"kind":"sale","kind":"sale","document":"D","site":"WH-1","party":"OUT-001",'
                '"lines":[{"sku":"BISC-80","quantity":1}]}'):
        answer = owner.ask("POST", path, raw=raw)
        assert answer.status_code == 400, (raw, answer.text)
        assert answer.headers["Content-Type"] == "application/problem+json"
    order = {"document": "SO-B1", "kind": "sale", "site": "WH-1", "party": "OUT-001",
             "lines": [{"sku": "BISC-80", "quantity": 0}]}
    problem = owner.post(path, order).json()
    assert problem["where"] == "lines[0].quantity" and problem["allowed"] == "1 to 1000000000"


def test_foreign_pages_and_names_are_refused(owner):
    headers = {"Origin": "https://evil.example"}
    assert owner.ask("POST", "/api/v1/orders", {}, headers=headers).status_code == 403
    assert owner.ask("GET", "/api/v1/sites", headers={"Host": "evil.example"}).status_code == 403
    answer = owner.get("/api/v1/sites")
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


# --- writes happen once


def test_a_write_wants_a_key_and_happens_once(owner):
    order = {"document": "SO-K1", "kind": "sale", "site": "WH-1", "party": "OUT-001",
             "lines": [{"sku": "BISC-80", "quantity": 3}]}
    answer = owner.post("/api/v1/orders", order, key=None)
    assert answer.status_code == 400 and answer.json()["where"] == "Idempotency-Key"
    first = owner.post("/api/v1/orders", order, key="once-1")
    again = owner.post("/api/v1/orders", order, key="once-1")
    assert first.status_code == again.status_code == 201 and first.json() == again.json()
    other = {**order, "document": "SO-K2"}
    answer = owner.post("/api/v1/orders", other, key="once-1")
    assert answer.status_code == 422 and answer.json()["type"] == "urn:vyapar:key_used"
    assert owner.post("/api/v1/orders", order, key="once-2").status_code == 409
    assert owner.get("/api/v1/orders/SO-K2").status_code == 404
    # Another user's key is another key.
    assert other["document"] == "SO-K2"


def test_what_was_refused_may_be_tried_again_with_its_key(owner):
    order = {"document": "SO-K3", "kind": "sale", "site": "WH-1", "party": "OUT-001",
             "lines": [{"sku": "NO-SUCH", "quantity": 3}]}
    assert owner.post("/api/v1/orders", order, key="again-1").status_code == 422
    order["lines"][0]["sku"] = "BISC-80"
    assert owner.post("/api/v1/orders", order, key="again-1").status_code == 201

GROUPINGS = ["site", "territory", "category", "brand", "tenant"]


def test_forecasts_by_any_parent_add_up_to_the_same_total(host, owner):
    answers = {by: owner.get("/api/v1/forecasts", by=by).json() for by in GROUPINGS}
    totals = [answer["total"] for answer in answers.values()]
    assert totals[0]["pairs"] == 3 and all(total == totals[0] for total in totals)
    for answer in answers.values():
        for at, week in enumerate(answer["total"]["weeks"]):
            rows = [row["weeks"][at] for row in answer["items"]]
            assert sum(row["meanMilli"] for row in rows) == week["meanMilli"] > 0
            assert sum(row["varianceMilli"] for row in rows) == week["varianceMilli"]
            assert week["lowUnits"] * 1000 <= week["meanMilli"] <= week["highUnits"] * 1000
    # Three weeks are the first span: what was fitted for it, to the thousandth.
    assert sum(week["meanMilli"] for week in totals[0]["weeks"][:3]) == 21000 + 4207 + 63011
    assert {row["key"] for row in answers["brand"]["items"]} == {"Suraj", "Bagaan"}
    north = host.client("acme", "north").get("/api/v1/forecasts", by="site").json()
    assert [row["key"] for row in north["items"]] == ["WH-1"]
    one = owner.get("/api/v1/forecasts", by="site", sku="TEA-250").json()
    assert [(row["key"], row["pairs"]) for row in one["items"]] == [("WH-1", 1), ("WH-2", 1)]


def test_pages_meet_without_gap_or_double(owner):
    whole = [e["seq"] for e in rows(owner, "/api/v1/audit", limit=500)]
    walked, after = [], None
    while after is not None or not walked:
        page = owner.get("/api/v1/audit", limit=2, **({"after": after} if after else {})).json()
        walked += [e["seq"] for e in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert walked == whole
    lines, after = [], None
    while True:
        page = owner.get("/api/v1/orders", limit=1, **({"after": after} if after else {})).json()
        lines += [(x["document"], x["site"], x["line"]) for x in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert lines == [(x["document"], x["site"], x["line"]) for x in rows(owner, "/api/v1/orders")]


# --- totals, conservation, the map


@pytest.mark.parametrize("by", ["territory", "site", "category", "outlet"])
def test_totals_are_the_sum_of_their_rows(owner, by):
    answer = owner.get("/api/v1/totals", by=by).json()
    for name in ("stockUnits", "landedPaise", "riskUnits", "riskPaise", "soldUnits", "soldPaise",
                 "returnedUnits"):
        assert answer["total"][name] == sum(row[name] for row in answer["items"])
    assert answer["total"]["soldUnits"] == 13 and answer["total"]["returnedUnits"] == 1


def test_stock_is_conserved_over_the_network(owner):
    answer = owner.get("/api/v1/conservation").json()
    sums = answer["sums"]
    assert answer["conserved"] and sums["difference"] == 0
    assert sums["opening"] + sums["received"] + sums["returned"] + sums["adjusted"] == (
        sums["sold"] + sums["sentBack"] + sums["disposed"] + sums["onHand"] + sums["inTransit"]
        + sums["lost"])
    assert sums["inTransit"] == 4


def test_the_map_shows_surplus_need_and_prices(host):
    answer = host.client("acme", "auditor").get("/api/v1/network", by="sku").json()
    cells = {(c["site"], c["key"]): c for c in answer["cells"]}
    assert cells["WH-1", "BISC-80"]["surplusUnits"] == 90
    # 2 a day for 30 days, less 40 there and 4 on the way.
    assert cells["WH-2", "TEA-250"]["needUnits"] == 16
    assert cells["WH-1", "BISC-80"]["askMilliPaise"] == 400000


def test_figures_tell_the_age_of_their_data(owner):
    by_site = {i["site"]: i["siteDataAgeSeconds"] for i in rows(owner, "/api/v1/inventory/current")}
    assert 0 <= by_site["WH-1"] < 600 and by_site["WH-2"] is None
