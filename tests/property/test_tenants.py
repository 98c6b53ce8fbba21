# SPDX-License-Identifier: GPL-3.0-or-later
"""Property 16 at the relay's API: two distributors with equal ids, and whatever is asked with a token
of the one, nothing of the other is shown or changed. Requests are made from the document: any
operation, ids that both have or nobody, bodies that fit the schemas or nearly."""

import json
import pathlib
import re
import sys
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tests" / "e2e")]

import relay_api  # noqa: E402  (the path above)
from product import tagged  # noqa: E402
from relay_api import OPERATIONS, resolve  # noqa: E402

# Words that mean something to somebody: ids of both tenants, of one alone, and of nobody.
WORDS = ["WH-1", "WH-2", "WH-B", "wh-1", "wh-2", "BISC-80", "TEA-250", "OUT-001", "OUT-002", "SUP-01",
         "C1", "C2", "P1", "P2", "P3", "K1", "K2", "SO-1", "SO-2", "TR-1", "SO-B", "offer", "event-2",
         "analysis", "owner", "manager", "field", "dead.days", "catalogue", "parties", "North",
         "South", "L1", "T1", "2026-11", "x", "1", "2", "'; DROP TABLE site; --", "%", "*", "+",
         "North+South"]
# What has no place in acme's answers: blue's own words and figures (tests/api/world.sql, @t, @n).
# "blue" is in no request; the others are, as ids that somebody else has, and once acme has written
# one of them, as the name of a user, say, it is acme's own word too.
FOREIGN = ["blue", "WH-B", "SO-B"]
# These end sessions of acme's own user, which would only end the test.
LEFT_OUT = {"logout", "putPassword", "putUser", "streamEvents", "login", "refresh"}


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def host(request):
    if request.param == "postgres" and not list(
            pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        pytest.skip("no PostgreSQL here")
    one = relay_api.Host(TOP / "build" / "release", request.param)
    blue = one.client("blue", "owner")
    site = {"name": "blue Bhopal", "territory": "North", "gstNumber": "27AAPFU0939F1ZV",
            "pincode": "422001", "latitude": 20, "longitude": 74}
    assert blue.put("/api/v1/sites/WH-B", site).status_code == 200
    order = {"document": "SO-B", "kind": "sale", "site": "WH-B", "party": "OUT-001",
             "lines": [{"sku": "BISC-80", "quantity": 1}]}
    assert blue.post("/api/v1/orders", order).status_code == 201
    assert blue.post("/api/v1/orders", order | {"document": "SO-blue"}).status_code == 201
    one.written = set()  # of FOREIGN, by acme itself
    yield one
    one.end()


def foreign_in(host, op, asked, answer):
    """The words in an answer that neither this request nor an earlier write of acme's brought."""
    if op.writes:
        host.written.update(word for word in FOREIGN if word in asked)
    return [word for word in FOREIGN
            if word in answer.text and word not in asked and word not in host.written]


def values_of(schema, draw, depth=0):
    """A value of a schema of the document, or, seldom, another one."""
    schema = resolve(schema)
    if draw(st.integers(0, 79)) == 79:
        return draw(st.sampled_from([None, 0, -1, "", "x" * 300, [], {}, True]))
    if "allOf" in schema:
        return values_of(schema["allOf"][0], draw, depth)
    if "enum" in schema:
        return draw(st.sampled_from(schema["enum"]))
    kind = schema.get("type", "object")
    if isinstance(kind, list):
        kind = draw(st.sampled_from(kind))
    if kind == "object":
        wanted = set(schema.get("required", []))
        return {name: values_of(part, draw, depth + 1)
                for name, part in schema.get("properties", {}).items()
                if name in wanted or draw(st.booleans())}
    if kind == "array":
        count = draw(st.integers(schema.get("minItems", 0), 3)) if depth < 4 else 0
        return [values_of(schema.get("items", {}), draw, depth + 1) for _ in range(count)]
    if kind in ("integer", "number"):
        low, high = schema.get("minimum", 0), schema.get("maximum", 100)
        return draw(st.one_of(st.integers(int(low), int(min(high, low + 100))), st.just(high)))
    if kind == "string":
        form = schema.get("format")
        if form == "date":
            return draw(st.sampled_from(["2026-11-22", "2027-07-01", "2028-01-17", "never"]))
        if form == "date-time":
            return "2026-11-21T10:00:00Z"
        if "gst" in str(schema.get("pattern", "")) or "{15}" in str(schema.get("pattern", "")):
            return "27AAPFU0939F1ZV"
        word = draw(st.sampled_from(WORDS))
        return word if len(word) >= schema.get("minLength", 0) else word * 12
    return draw(st.sampled_from([None, True]))


@st.composite
def requests_to(draw, operations):
    op = OPERATIONS[draw(st.sampled_from(operations))]
    path = re.sub(r"\{\w+\}", lambda m: draw(st.sampled_from(WORDS)).replace("/", "-"), op.path)
    query = {p["name"]: values_of(p["schema"], draw) for p in op.params
             if p["in"] == "query" and (p.get("required") or draw(st.booleans()))}
    query = {k: str(v).lower() if isinstance(v, bool) else v for k, v in query.items()
             if v is not None and not isinstance(v, (dict, list))}
    body = None
    if "requestBody" in op.body:
        body = values_of(op.body["requestBody"]["content"]["application/json"]["schema"], draw)
        if op.id == "createSales" and isinstance(body, dict):
            sale = {"$ref": "#/components/schemas/SalesTransaction"}
            body = {"transactions": [values_of(sale, draw) for _ in range(draw(st.integers(1, 2)))]}
    key = draw(st.sampled_from(["new", "new", "shared-1", "shared-2"])) if op.writes else "new"
    return op, path, query, body, key


def digest_of(client):
    """All that the owner of a tenant can read, but for ages, the time and the trace of the answer, and
    the exports that looking itself has made."""
    parts = {}
    for op in OPERATIONS.values():
        if op.writes or op.open or op.id == "streamEvents" or "{" in op.path:
            continue
        if op.id == "checkCompliance":
            continue
        query = {p["name"]: {"site": "WH-1", "sku": "BISC-80", "by": "site"}.get(p["name"], 1)
                 for p in op.params if p["in"] == "query" and p.get("required")}
        if any(p["name"] == "limit" for p in op.params):
            query["limit"] = 500
        answer = client.get(op.path, **query)
        text = re.sub(r'"(asOf|siteDataAgeSeconds|online|traceId|nextAt)":[^,}]*', "", answer.text)
        own = getattr(client, "exports", 0)
        parts[op.id] = re.sub(r'("exports_day","unit":"[^"]*","used":)(\d+)',
                              lambda m: m[1] + str(int(m[2]) - own), text)
        if op.body.get("x-export") and answer.status_code == 200:
            client.exports = own + 1
    return parts


def numbers_in(node):
    if isinstance(node, dict):
        for value in node.values():
            yield from numbers_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from numbers_in(value)
    elif isinstance(node, (int, float)) and not isinstance(node, bool):
        yield node


@tagged
def test_no_request_of_one_tenant_shows_or_changes_another(host):
    """Feature: vyapar-sahayak-distributor, Property 16: No tenant sees or affects another; each
    tenant's rules apply to it alone."""
    reach = Counter()
    blue = host.client("blue", "owner")
    operations = [op.id for op in OPERATIONS.values() if not op.open and op.id not in LEFT_OUT]
    # Figures that blue alone can have: multiples by 7 of acme's (63000 * 7 and so on).
    foreign_figures = {441000, 2576000, 420000, 630000, 560000, 350000}
    before = digest_of(blue)

    @given(st.sampled_from(["owner", "owner", "owner", "manager", "agent", "technician", "auditor",
                            "north"]),
           requests_to(operations))
    @settings(max_examples=300, deadline=None)
    def run(user, request):
        op, path, query, body, key = request
        answer = host.client("acme", user).ask(op.method, path, body, key=key, query=query)
        reach[answer.status_code] += 1
        reach["changed"] += op.writes and answer.status_code < 300
        shown = foreign_in(host, op, json.dumps([path, query, body]), answer)
        assert not shown, (op.id, shown, answer.text[:300])
        if answer.headers["Content-Type"].startswith("application/json"):
            figures = foreign_figures & set(numbers_in(answer.json())) - set(numbers_in(body))
            assert not figures, (op.id, figures)
        if op.writes and answer.status_code < 500:
            assert digest_of(blue) == before, op.id

    run()
    assert reach[200] + reach[201] > 20 and reach[403] > 5 and reach["changed"] > 3, reach


# What blue has and acme has not, and what both have.
THEIRS = ["WH-B", "SO-B", "WH-1", "wh-1", "C1", "P1", "K1", "OUT-001", "owner", "catalogue", "offer",
          "dead.days", "1", "BISC-80"]


def least(schema, word):
    """The smallest value that the schema takes, with `word` wherever there is a text."""
    schema = resolve(schema)
    if "allOf" in schema:
        return least(schema["allOf"][0], word)
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: least(schema["properties"][name], word) for name in schema.get("required", [])}
    if kind == "array":
        return [least(schema["items"], word) for _ in range(max(1, schema.get("minItems", 0)))]
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    if kind == "string":
        form = {"date": "2026-11-22", "date-time": "2026-11-21T10:00:00Z"}.get(schema.get("format"))
        return form or (word if len(word) >= schema.get("minLength", 0) else word * 12)
    return True


@tagged
def test_each_operation_is_blind_to_what_another_tenant_has(host):
    """Feature: vyapar-sahayak-distributor, Property 16: every operation, with each name that the other
    tenant has in every place of the request."""
    blue = host.client("blue", "owner")
    before = digest_of(blue)
    tried = [op for op in OPERATIONS.values() if not op.open and op.id not in LEFT_OUT]
    assert len(tried) + len(LEFT_OUT) > 70
    for op in tried:
        try_all(host, op)
        if op.writes:
            assert digest_of(blue) == before, op.id


def try_all(host, op):
    client = host.client("acme", "owner")
    for word in THEIRS if "{" in op.path else THEIRS[:3]:
        path = re.sub(r"\{\w+\}", word, op.path)
        query = {p["name"]: least(p["schema"], word) for p in op.params if p["in"] == "query" and (
            p.get("required") or resolve(p["schema"]).get("type") == "string")}
        body = None
        if "requestBody" in op.body:
            schema = op.body["requestBody"]["content"]["application/json"]["schema"]
            body = least(schema, word)
        answer = client.ask(op.method, path, body, query=query)
        shown = foreign_in(host, op, json.dumps([path, query, body]), answer)
        assert not shown, (op.id, word, shown, answer.text[:300])


@tagged
def test_a_key_of_one_tenant_is_free_in_the_other(host):
    """Feature: vyapar-sahayak-distributor, Property 16: the same user name and Idempotency-Key in
    two tenants are two requests."""
    record = {"subject": "stock:SAME", "what": "said in both"}
    one = host.client("acme", "owner").post("/audit/v1/trail/create", record, key="same-key")
    two = host.client("blue", "owner").post("/audit/v1/trail/create", record, key="same-key")
    assert one.status_code == two.status_code == 201
    assert one.json()["hash"] != two.json()["hash"]


@tagged
def test_a_token_is_good_at_its_own_tenant_alone(host):
    """Feature: vyapar-sahayak-distributor, Property 16: what a token says of its tenant is signed."""
    import base64
    client = relay_api.Client(host)
    head, body, sign = host.client("acme", "owner").token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    assert claims["ten"] == "acme"
    claims["ten"] = "blue"
    other = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    client.token = f"{head}.{other}.{sign}"
    assert client.get("/api/v1/distributor").status_code == 401
