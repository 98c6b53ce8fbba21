# SPDX-License-Identifier: GPL-3.0-or-later
"""The fixtures of the tests of the relay's API: a host on each store, and its owner."""

import pathlib
import re

import pytest

import relay_api

VALUES = {"name": "dead.days", "type": "catalogue", "device": "wh-1", "outlet": "OUT-001",
          "id": "K1", "document": "SO-1", "caseId": "C1", "proposalId": "P1", "period": "2026-11",
          "sku": "BISC-80", "user": "field", "site": "WH-1", "fromSite": "WH-1", "toSite": "WH-2",
          "channel": "whatsapp", "template": "offer", "alertId": "event-2", "agent": "analysis",
          "letter": "1", "epoch": "1", "sequence": "1", "supplier": "SUP-01"}

QUERIES = {
    "getTotals": [{"by": by} for by in ("territory", "site", "category", "outlet")],
    "checkCompliance": [{"fromSite": "WH-1", "toSite": "WH-2", "sku": "BISC-80", "quantity": 5,
                         "batch": "L1", "expiryDate": "2027-07-01", "mrpPaise": 1000}],
    "getCampaignPlan": [{"site": "WH-1", "sku": "BISC-80", "units": 50}],
    "getNetwork": [{}, {"by": "sku"}, {"by": "sku", "sku": "BISC-80"}, {"category": "tea"}],
    "listInventory": [{}, {"sku": "BISC-80"}, {"territory": "South"}, {"status": "dead"},
                      {"category": "tea"}, {"limit": 1}],
}


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


def path_of(op, **more):
    values = {**VALUES, **({"id": "OUT-001"} if op.id == "listSalesHistory" else {}), **more}
    return re.sub(r"\{(\w+)\}", lambda m: values[m.group(1)], op.path)


def rows(client, path, **query):
    answer = client.get(path, **query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]
