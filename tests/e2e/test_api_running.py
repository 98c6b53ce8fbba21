# SPDX-License-Identifier: GPL-3.0-or-later
"""The routes of the relay's API that run it: events, settings, quotas, agents, the trail, metrics."""

import contextlib
import http.client
import json
import re
import socket
import subprocess
import threading
import urllib.parse

import jsonschema
import pytest

import relay_api
from api_under_test import host, owner, rows  # noqa: F401  (fixtures)
from relay_api import Client, DOCUMENT, PASSWORD


def test_a_setting_is_changed_with_its_reason(owner):
    answer = owner.put("/api/v1/settings/dead.days", {"value": "60", "reason": "faster goods"})
    assert answer.status_code == 200 and answer.json()["version"] == 1
    assert owner.get("/api/v1/distributor").json()["businessRules"]["deadStockThreshold"] == 60
    history = rows(owner, "/api/v1/settings/dead.days/history")
    assert [h["value"] for h in history] == ["60"] and history[0]["changedBy"] == "user:owner"
    bad = owner.put("/api/v1/settings/dead.days", {"value": "0", "reason": "nonsense"})
    assert bad.status_code == 422
    assert owner.put("/api/v1/settings/no.such", {"value": "1", "reason": "abc"}
                     ).status_code == 404


def usage(client):
    return {row["quota"]: row for row in client.get("/api/v1/tenant/usage").json()["items"]}


def test_quotas_refuse_one_more_with_what_is_allowed_and_say_what_is_used(host, build):
    if host.engine != "sqlite":
        pytest.skip("relayctl reaches the test's SQLite store; statements are the same")
    blue = host.client("blue", "owner")

    def grant(quota, number):
        subprocess.run([build / "cloud-relay/relayctl", "--store", host.store, "quota", "set", "blue",
                        quota, str(number), "the plan that was bought"], check=True)

    assert {row["allowed"] for row in usage(blue).values()} == {None}
    used = usage(blue)
    for quota in ("users", "devices", "campaigns", "exports_day"):
        grant(quota, used[quota]["used"] or 1)
    assert usage(blue)["users"]["state"] == "reached"
    new = {"user": "one.more", "name": "One", "role": "field", "territories": [], "password": PASSWORD}
    claim = {"device": "wh-9", "site": "WH-1"}
    for path, body, where in (("/api/v1/users", new, "user"), ("/api/v1/claims", claim, "device")):
        answer = blue.post(path, body)
        assert answer.status_code == 403, answer.text
        problem = answer.json()
        assert problem["type"] == "urn:vyapar:quota" and problem["where"] == where
        assert problem["allowed"].startswith("at most ")
    # One that is in already is let in again.
    assert blue.post("/api/v1/claims", {**claim, "device": "wh-1"}).status_code == 201
    # An export more than was granted waits for tomorrow; other reads go on.
    left = (used["exports_day"]["used"] or 1) - usage(blue)["exports_day"]["used"]
    for _ in range(left):
        assert blue.get("/api/v1/audit").status_code == 200
    assert usage(blue)["exports_day"]["state"] == "reached"
    answer = blue.get("/api/v1/audit")
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0
    assert blue.get("/api/v1/cases").status_code == 200
    # Granted, it goes on; each grant is a version that people see and cannot change.
    for quota in ("users", "devices", "exports_day"):
        grant(quota, 0)
    assert blue.post("/api/v1/users", new).status_code == 201
    assert blue.get("/api/v1/audit").status_code == 200
    versions = rows(blue, "/api/v1/settings/quota.users/history")
    assert [v["changedBy"] for v in versions] == ["relayctl", "relayctl"]
    answer = blue.put("/api/v1/settings/quota.users", {"value": "1000", "reason": "we want more"})
    assert answer.status_code == 403 and answer.json()["type"] == "urn:vyapar:operator"
    assert usage(host.client("acme", "owner"))["users"]["allowed"] is None


def test_sites_lanes_documents_and_templates_are_changed(owner):
    site = {"name": "Nashik", "territory": "North", "gstNumber": "27AAPFU0939F1ZV",
            "pincode": "422001", "latitude": 19.9975, "longitude": 73.7898}
    assert owner.put("/api/v1/sites/WH-3", {**site, "gstNumber": "27AAPFU0939F1ZX"}
                     ).status_code == 422
    made = owner.put("/api/v1/sites/WH-3", site).json()
    assert (made["latitude"], made["stateCode"], made["siteDataAgeSeconds"]) == (19.9975, 27, None)
    lane = {"km": 210, "leadDays": 1, "paisePerKg": 200, "paisePerTruck": 100000,
            "kgPerTruck": 9000, "trucks": 2, "open": True}
    assert owner.put("/api/v1/lanes/WH-1/WH-3", lane).json()["km"] == 210
    assert owner.put("/api/v1/lanes/WH-1/WH-9", lane).status_code == 404
    bins = "bin,kind,volume_ml,walk\nDOCK,dock,0,0\nDOCK,dock,0,0\n"
    twice = owner.put("/api/v1/documents/bins", {"csv": bins, "reason": "first", "scope": "wh-1"})
    assert twice.status_code == 422 and "twice" in twice.json()["detail"]
    line = owner.put("/api/v1/documents/bins", {"csv": "bin,kind\nA,nonsense\n", "reason": "first"})
    assert line.status_code == 422 and "line 2" in line.json()["detail"]
    good = owner.put("/api/v1/documents/bins", {"csv": bins[:-len("DOCK,dock,0,0\n")],
                                                "reason": "first", "scope": "wh-1"})
    assert good.status_code == 200 and good.json()["version"] == 1
    assert owner.get("/api/v1/documents/bins", scope="wh-1").json()["csv"].startswith("bin,")
    assert owner.get("/api/v1/documents/workers").status_code == 403
    template = {"channel": "sms", "language": "hi", "category": "marketing",
                "providerName": "offer_hi", "body": "नमस्ते\n{{1}}", "variables": "name",
                "approved": True}
    assert owner.put("/api/v1/templates/offer", template).json()["version"] == 1


def test_agents_are_commanded_and_dead_letters_decided(owner):
    answer = owner.post("/api/v1/agents/analysis/command", {"command": "stop", "reason": "a test"})
    assert answer.status_code == 200 and answer.json()["wanted"] == "stopped"
    assert owner.post("/api/v1/agents/nobody/command", {"command": "stop", "reason": "a test"}
                      ).status_code == 404
    one = owner.post("/api/v1/dead-letters/1/decision", {"decision": "repair", "reason": "mended"})
    assert one.json()["state"] == "again"
    two = owner.post("/api/v1/dead-letters/2/decision", {"decision": "drop", "reason": "useless"})
    assert two.json()["state"] == "dropped"
    assert owner.post("/api/v1/dead-letters/2/decision", {"decision": "drop", "reason": "useless"}
                      ).status_code == 409


def test_an_external_record_joins_the_chain_and_the_chain_holds(owner):
    made = owner.post("/audit/v1/trail/create",
                      {"subject": "stock:BISC-80", "what": "auditor counted", "details": {"n": 3}},
                      headers={"traceparent": "00-" + "ab" * 16 + "-" + "cd" * 8 + "-01"})
    assert made.status_code == 201 and made.json()["traceId"] == "ab" * 16
    assert rows(owner, "/api/v1/audit", trace="ab" * 16)[0]["body"]["details"] == {"n": 3}
    assert rows(owner, "/api/v1/audit", subject="stock:BISC-80", actor="user:owner")
    verdict = owner.get("/api/v1/audit/verify").json()
    assert verdict["intact"] and verdict["events"] >= made.json()["seq"]
    assert [(j["device"], j["entries"], j["intact"]) for j in verdict["journals"]] == [
        ("wh-1", 4, True), ("wh-2", 1, True)]


# --- events


def read_stream(client, last=None, count=1, **query):
    """Events of the stream until `count` of them are there."""
    headers = {"Authorization": f"Bearer {client.token}"}
    if last is not None:
        headers["Last-Event-ID"] = str(last)
    found = []
    with client.http.get(client.host.address + "/api/v1/events", headers=headers, params=query,
                         stream=True, timeout=30) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        block = {}
        for line in answer.iter_lines(decode_unicode=True):
            if line:
                name, _, value = line.partition(": ")
                block[name] = value
                continue
            if "id" in block:
                data = json.loads(block["data"])
                assert data["seq"] == int(block["id"]) and data["type"] == block["event"]
                found.append(data)
            if block.get("event") == "beat" or len(found) >= count:
                return found
            block = {}
    return found


def test_a_stream_resumes_behind_what_was_seen(host, owner):
    schema = {"$ref": "#/components/schemas/Event"}
    resolver = jsonschema.RefResolver.from_schema(DOCUMENT)
    first = read_stream(owner, last=0, count=3)
    assert [e["seq"] for e in first] == [1, 2, 3]
    for event in first:
        jsonschema.Draft202012Validator(schema, resolver=resolver).validate(event)
    rest = read_stream(owner, last=3, count=10000)  # to the next beat
    newest = rest[-1]["seq"] if rest else 3
    assert [e["seq"] for e in rest] == list(range(4, newest + 1))
    record = {"subject": "stock:X", "what": "while nobody listened"}
    made = owner.post("/audit/v1/trail/create", record).json()
    missed = read_stream(owner, last=newest, count=1)
    assert missed[0]["seq"] == newest + 1 and missed[0]["seq"] <= made["seq"]
    assert read_stream(owner, last=0, count=10, types="CaseOpened")[0]["type"] == "CaseOpened"


def test_a_stream_without_an_id_begins_now_and_wakes_at_once(host, owner):
    got = []
    listener = Client(host, "acme", "owner")
    thread = threading.Thread(target=lambda: got.extend(read_stream(listener, count=1)))
    thread.start()
    made = None
    while thread.is_alive() and made is None or thread.is_alive() and not got:
        made = owner.post("/audit/v1/trail/create", {"subject": "stock:Y", "what": "now"}).json()
        thread.join(0.2)
    thread.join(30)
    assert not got or got[0]["seq"] > 3


def test_a_stream_shows_a_territory_and_a_role_their_own(host):
    north = read_stream(host.client("acme", "north"), last=0, count=10000)
    assert north and all(e["body"].get("territory", "North") == "North" for e in north)
    shown = read_stream(host.client("blue", "technician"), last=0, count=10000)
    assert all(e["subject"].startswith("device:") for e in shown)  # others have claimed one, or not


# --- running


def test_metrics_for_those_with_the_token(host, owner):
    stranger = Client(host)
    assert stranger.get("/metrics").status_code == 401
    stranger.token = "metrics-token"
    text = stranger.get("/metrics").text
    for line in ('relay_http_requests_total{operation="login",status="2xx"}',
                 'relay_agent_handled_total{tenant="acme",agent="analysis"} 10',
                 'relay_outbox_messages{tenant="acme",state="queued"}',
                 'relay_device_queue{tenant="acme",device="wh-1"} 0',
                 'relay_store_up{tenant="blue"} 1', "process_resident_memory_bytes"):
        assert line in text, line
    for line in text.splitlines():
        assert re.fullmatch(r"#.*|[a-z_]+(\{[^}]*\})? [0-9.e+-]+", line), line


def test_the_log_has_a_line_a_request_with_its_trace_and_no_secret(host, owner):
    trace = "12" * 16
    owner.ask("GET", "/api/v1/me", headers={"traceparent": f"00-{trace}-{'34' * 8}-01"})
    lines = [line for line in host.log_text().splitlines() if trace in line]
    assert len(lines) == 1 and "operation=getMe status=200" in lines[0]
    text = host.log_text()
    assert PASSWORD not in text and owner.token not in text and "metrics-token" not in text


def test_too_many_requests_are_told_when_to_come_again(build):
    host = relay_api.Host(build, "sqlite")
    try:
        where = urllib.parse.urlsplit(host.address)
        asked = (f"GET /api/v1/health HTTP/1.1\r\nHost: {where.netloc}\r\n"
                 "Connection: close\r\n\r\n").encode()
        with contextlib.ExitStack() as open_ones:
            wires = [open_ones.enter_context(
                socket.create_connection((where.hostname, where.port), timeout=60))
                for _ in range(80)]
            for wire in wires:  # at once: one after another they may be slow enough to be allowed
                wire.sendall(asked)
            late = []
            for wire in wires:
                answer = http.client.HTTPResponse(wire)
                answer.begin()
                if answer.status == 429:
                    late.append((answer.headers, json.loads(answer.read())))
        assert late and int(late[0][0]["Retry-After"]) >= 1
        assert late[0][1]["type"] == "urn:vyapar:too_many"
    finally:
        host.end()
