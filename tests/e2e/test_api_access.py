# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may ask the relay's API for what: sessions, roles, territories, and appliances that enrol."""

import base64
import shutil
import subprocess

import pytest

from api_under_test import QUERIES, host, owner, path_of, rows  # noqa: F401  (fixtures)
from relay_api import Client, OPERATIONS, PASSWORD, ROLES


# --- who may ask


@pytest.mark.parametrize("id", [op.id for op in OPERATIONS.values() if not op.open])
def test_nobody_without_a_token(host, id):
    op = OPERATIONS[id]
    body = {} if "requestBody" in op.body else None
    answer = Client(host).ask(op.method, path_of(op), body)
    assert answer.status_code == 401


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_document_gives_it(host, role):
    client = host.client("blue", role)
    for op in OPERATIONS.values():
        if op.open or op.id in ("logout", "streamEvents"):
            continue
        # An unknown member, so that nothing is done: roles are looked at before the body.
        body = {"nonsense": 1} if "requestBody" in op.body else None
        if op.writes and body is None:
            continue  # deleteContact has its own test
        query = {} if op.writes else QUERIES.get(op.id, [{}])[0]
        answer = client.ask(op.method, path_of(op), body, query=query)
        assert (answer.status_code == 403) == (role not in op.roles), (op.id, answer.text)


def test_values_are_hidden_from_roles_that_see_no_money(host):
    item = rows(host.client("acme", "field"), "/api/v1/inventory/current")[0]
    assert item["riskPaise"] is None and item["landedPaise"] is None
    assert all(batch["riskPaise"] is None for batch in item["batches"])
    assert rows(host.client("acme", "owner"), "/api/v1/inventory/current")[0]["riskPaise"] > 0
    assert rows(host.client("acme", "agent"), "/api/v1/catalogue")[0]["costPaise"] is None


def test_a_territory_sees_and_moves_only_its_own(host):
    north = host.client("acme", "north")
    for path in ("/api/v1/inventory/current", "/api/v1/cases", "/api/v1/orders", "/api/v1/campaigns",
                 "/api/v1/outlets", "/api/v1/sites", "/api/v1/approvals", "/api/v1/alerts"):
        text = north.get(path).text
        assert '"site":"WH-2"' not in text and '"territory":"South"' not in text, path
    assert {i["territory"] for i in rows(north, "/api/v1/inventory/current")} == {"North"}
    assert north.get("/api/v1/cases/C2").status_code == 404
    assert north.get("/api/v1/orders/SO-2").status_code == 404
    assert north.get("/api/v1/outlets/OUT-002").status_code == 403
    assert north.get("/api/v1/retailers/OUT-002/sales-history").status_code == 403
    assert north.get("/campaigns/K2/analytics").status_code == 404
    assert north.get("/api/v1/lanes").status_code == 403  # for callers of all territories
    order = {"document": "SO-N1", "kind": "sale", "site": "WH-2", "party": "OUT-001",
             "lines": [{"sku": "BISC-80", "quantity": 1}]}
    assert north.post("/api/v1/orders", order).status_code == 404
    answer = north.get("/api/v1/totals", by="site").json()
    assert [row["key"] for row in answer["items"]] == ["WH-1"]


def unsigned(token):
    head, body, _ = token.split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    return [f"{none}.{body}.", f"{none}.{body}.x", f"{head}.{body}.", f"{head}.{body}.AAAA",
            token[:-3] + ("AAA" if not token.endswith("AAA") else "BBB"), "x.y.z", "", "a" * 5000]


def test_forged_tokens_are_nobodys(host, owner):
    for forged in unsigned(owner.token) + [owner.session["refreshToken"]]:
        stranger = Client(host)
        stranger.token = forged
        assert stranger.get("/api/v1/me").status_code == 401


def test_a_session_is_refreshed_and_ended(host):
    one = Client(host, "acme", "technician")
    again = Client(host).post("/api/v1/refresh", {"refreshToken": one.session["refreshToken"]},
                              key=None)
    assert again.status_code == 200 and again.json()["user"]["user"] == "technician"
    assert one.post("/api/v1/logout", {}).status_code == 200
    assert one.get("/api/v1/me").status_code == 401
    assert Client(host).post("/api/v1/refresh", {"refreshToken": one.session["refreshToken"]},
                             key=None).status_code == 401
    host.clients.pop(("acme", "technician"), None)


def test_wrong_names_and_passwords_are_answered_alike(host):
    tries = [("acme", "owner", "wrong"), ("acme", "nobody", "wrong"), ("other", "owner", PASSWORD),
             ("acme", "owner2", PASSWORD)]
    answers = []
    for tenant, user, password in tries:
        answer = Client(host).post("/api/v1/login", {"tenant": tenant, "user": user,
                                                     "password": password}, key=None)
        assert answer.status_code == 401
        problem = answer.json()
        problem.pop("traceId")
        answers.append(problem)
    assert all(a == answers[0] for a in answers)


def test_ten_wrong_passwords_lock_a_user(host, owner):
    new = {"user": "locked", "name": "Lock", "role": "field", "territories": [],
           "password": PASSWORD}
    assert owner.post("/api/v1/users", new).status_code == 201
    for _ in range(10):
        body = {"tenant": "acme", "user": "locked", "password": "wrong"}
        assert Client(host).post("/api/v1/login", body, key=None).status_code == 401
    body["password"] = PASSWORD
    assert Client(host).post("/api/v1/login", body, key=None).status_code == 401
    user = next(u for u in rows(owner, "/api/v1/users") if u["user"] == "locked")
    assert user["lockedUntil"] is not None
    # The owner's word opens it again.
    change = {"name": "Lock", "role": "field", "territories": ["North"], "state": "active"}
    assert owner.put("/api/v1/users/locked", change).status_code == 200
    assert Client(host, "acme", "locked").get("/api/v1/me").json()["territories"] == ["North"]


def test_the_last_owner_stays(owner):
    change = {"name": "Olga", "role": "manager", "territories": [], "state": "active"}
    answer = owner.put("/api/v1/users/owner", change)
    assert answer.status_code == 422 and answer.json()["type"] == "urn:vyapar:last_owner"


def test_a_password_is_changed_and_ends_sessions(host, owner):
    new = {"user": "changer", "name": "C", "role": "auditor", "territories": [],
           "password": PASSWORD}
    assert owner.post("/api/v1/users", new).status_code == 201
    one = Client(host, "acme", "changer")
    body = {"oldPassword": "not it at all", "newPassword": "another horse 2"}
    assert one.put("/api/v1/me/password", body).status_code == 422
    body["oldPassword"] = PASSWORD
    assert one.put("/api/v1/me/password", body).status_code == 200
    assert one.get("/api/v1/me").status_code == 401
    assert Client(host, "acme", "changer", "another horse 2").get("/api/v1/me").status_code == 200


# --- enrolment


needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the requests")


def make_request(folder, name):
    key, csr = folder / f"{name}.key", folder / f"{name}.csr"
    subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-sha256", "-subj", "/CN=unclaimed",
                    "-keyout", key, "-out", csr], check=True, capture_output=True)
    return csr.read_text()


@needs_openssl
def test_a_claim_lets_one_appliance_in_once(host, owner, tmp_path):
    claim = owner.post("/api/v1/claims", {"device": "wh-9", "site": "WH-1"}, key="claim-1")
    assert claim.status_code == 201
    code = claim.json()["code"]
    assert claim.json()["qr"].endswith(code)
    # A code is shown once: a repetition learns only that it was done.
    assert owner.post("/api/v1/claims", {"device": "wh-9", "site": "WH-1"}, key="claim-1"
                      ).status_code == 409
    csr, other = make_request(tmp_path, "one"), make_request(tmp_path, "two")
    device = Client(host)
    body = {"v": 1, "claim": code, "csr": csr, "facts": {"serial": "S1", "release": "1.0"}}
    answer = device.post("/enrol/v1/claim", body, key=None)
    assert answer.status_code == 200, answer.text
    grant = answer.json()
    assert (grant["tenant"], grant["device"], grant["epoch"], grant["site"]) == (
        "acme", "wh-9", 1, "WH-1")
    (tmp_path / "ca.pem").write_text(grant["ca"])
    (tmp_path / "chain.pem").write_text(grant["certificate"])
    shown = subprocess.run(["openssl", "verify", "-CAfile", tmp_path / "ca.pem", "-untrusted",
                            tmp_path / "chain.pem", tmp_path / "chain.pem"],
                           capture_output=True, text=True)
    assert shown.returncode == 0, shown.stderr
    subject = subprocess.run(["openssl", "x509", "-noout", "-subject", "-in",
                              tmp_path / "chain.pem"], capture_output=True, text=True).stdout
    assert "acme.wh-9" in subject
    # The answer may have been lost: the same key gets the same certificate; another gets nothing.
    assert device.post("/enrol/v1/claim", body, key=None).json()["certificate"] == (
        grant["certificate"])
    stolen = device.post("/enrol/v1/claim", {**body, "csr": other}, key=None)
    assert stolen.status_code == 409 and stolen.json()["error"] == "claim_used"
    renewal = {"v": 1, "certificate": grant["certificate"], "csr": csr, "name": "acme.wh-9",
               "epoch": 1}
    renewed = device.post("/enrol/v1/claim", renewal, key=None)
    assert renewed.status_code == 200 and renewed.json()["certificate"] != grant["certificate"]
    shown = next(d for d in rows(owner, "/api/v1/devices") if d["device"] == "wh-9")
    assert shown["state"] == "claimed" and shown["certificateUntil"] is not None
    assert owner.post("/api/v1/devices/wh-9/revoke", {"reason": "stolen"}).status_code == 200
    renewal["certificate"] = renewed.json()["certificate"]
    assert device.post("/enrol/v1/claim", renewal, key=None).status_code == 403


@needs_openssl
def test_an_operators_claim_lets_in_until_it_is_revoked(build, host, owner, tmp_path):
    if host.engine != "sqlite":
        pytest.skip("the store's owner is known to relayctl alone: tests/e2e/test_callbacks.py")
    command = [build / "cloud-relay/relayctl", "--store", f"sqlite:{host.folder.name}/store", "claim"]

    def ctl(*words, status=0):
        done = subprocess.run([*command, *words], capture_output=True, text=True)
        assert done.returncode == status, done.stderr
        return done.stdout.strip()

    device = Client(host)
    for name, revoked in (("wh-7", False), ("wh-6", True)):
        code = ctl("create", "acme", name, "WH-1", "2")
        csr = make_request(tmp_path, name)
        if revoked:
            assert ctl("revoke", "acme", name) == "1"
        answer = device.post("/enrol/v1/claim", {"v": 1, "claim": code, "csr": csr}, key=None)
        assert answer.status_code == (403 if revoked else 200), answer.text
    states = {line.split(",")[0]: line.split(",")[-1] for line in ctl("list", "acme").splitlines()}
    assert states["wh-7"] == "used" and states["wh-6"] == "over"
    trail = {e["type"] for e in rows(owner, "/api/v1/audit", limit=500)
             if e["subject"] == "device:wh-6"}
    assert trail == {"ClaimMade", "ClaimRevoked"}
    ctl("revoke", "acme", "wh-7", status=1)
    ctl("create", "acme", "wh-5", "WH-99", status=1)
    ctl("create", "acme", "wh-5", "WH-1", "0", status=1)
    ctl("create", "acme", "Wh/5", "WH-1", status=1)


@needs_openssl
def test_false_claims_are_refused_with_words_that_appliances_know(host, tmp_path):
    csr = make_request(tmp_path, "x")
    device = Client(host)
    for claim, status, word in [("acme.0000-0000-0000-0000", 403, "claim_unknown"),
                                ("nobody.0000-0000", 403, "claim_unknown"),
                                ("nonsense", 403, "claim_unknown")]:
        answer = device.post("/enrol/v1/claim", {"v": 1, "claim": claim, "csr": csr}, key=None)
        assert (answer.status_code, answer.json()["error"]) == (status, word)
    assert device.post("/enrol/v1/claim", {"v": 1, "claim": "a.b", "csr": "no"}, key=None
                       ).status_code == 400
    assert device.post("/enrol/v1/claim", {"v": 9}, key=None).status_code == 400
