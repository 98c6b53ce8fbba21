# SPDX-License-Identifier: GPL-3.0-or-later
"""The relay's API on a real store (tests/api/api_host.c), a client of it, and the document that it
must keep: every answer that goes through Client is held against openapi.yaml."""

import itertools
import os
import pathlib
import re
import subprocess
import tempfile

import jsonschema
import requests
import yaml

TOP = pathlib.Path(__file__).resolve().parents[2]
DOCUMENT = yaml.safe_load((TOP / "cloud-relay/api/openapi.yaml").read_text())
PASSWORD = "correct horse 1"
TENANTS = ["acme", "blue"]
ROLES = ["owner", "manager", "procurement", "field", "technician", "auditor", "agent"]
KEYS = (f"key-{n}" for n in itertools.count())

CATALOGUE = """sku,name,brand,category,hsn,unit,expiry_kind,shelf_life_days,cost,price,mrp,volume_ml,piece_units,case_units
BISC-80,{t} biscuits,Suraj,biscuits,19053100,piece,best_before,180,7.00,8.40,10.00,240,1,144
TEA-250,{t} tea,Bagaan,tea,090230,piece,best_before,365,92.00,101.50,125.00,900,1,24
"""
PARTIES = """party,kind,name,gstin,territory
OUT-001,outlet,{t} Sharma Store,,North
OUT-002,outlet,{t} Fresh Mart,,South
SUP-01,supplier,{t} Suraj Foods,27AAPFU0939F1ZV,
WH-1,site,{t} Nagpur,27AAPFU0939F1ZV,North
WH-2,site,{t} Pune,27AAPFU0939F1ZV,South
"""


class Operation:
    """One operation of the document."""

    def __init__(self, path, method, body):
        self.path, self.method, self.body = path, method.upper(), body
        self.id = body["operationId"]
        self.roles = body.get("x-roles", [])
        self.scope = body.get("x-scope")
        self.open = "security" in body
        self.writes = method != "get"
        self.params = [resolve(p) for p in body.get("parameters", [])]
        self.keyed = any(p["name"] == "Idempotency-Key" for p in self.params)

    def schema_of(self, status, media):
        response = self.body["responses"].get(str(status))
        if response is None:
            return None
        content = resolve(response).get("content", {})
        return content.get(media, {}).get("schema")


def resolve(node):
    while "$ref" in node:
        ref = node["$ref"]
        node = DOCUMENT
        for part in ref[2:].split("/"):
            node = node[part]
    return node


OPERATIONS = {op.id: op for op in (Operation(path, method, body)
                                   for path, methods in DOCUMENT["paths"].items()
                                   for method, body in methods.items())}


def operation_of(method, path):
    for op in OPERATIONS.values():
        pattern = re.sub(r"\{[^}]+\}", "[^/]+", op.path)
        if op.method == method and re.fullmatch(pattern, path):
            return op
    return None


def check_answer(op, response):
    """The status is one of the document's, and the body is what its schema says."""
    media = response.headers.get("Content-Type", "").split(";")[0]
    schema = op.schema_of(response.status_code, media)
    assert schema is not None, (f"{op.id} answered {response.status_code} {media}, which the document "
                                f"does not know: {response.text[:500]}")
    if media.endswith("json"):
        validate(schema, response.json())


def validate(schema, value):
    resolver = jsonschema.RefResolver.from_schema(DOCUMENT)
    jsonschema.Draft202012Validator(schema, resolver=resolver).validate(value)


def check_schema(name, value):
    """The value is what the document's schema of that name says."""
    validate(DOCUMENT["components"]["schemas"][name], value)


class Client:
    """One user of one tenant, or nobody."""

    def __init__(self, host, tenant=None, user=None, password=PASSWORD):
        self.host, self.tenant, self.user = host, tenant, user
        self.http = requests.Session()
        self.http.trust_env = False  # no proxies, no other roots than those that a test names
        self.token = None
        if user:
            answer = self.post("/api/v1/login",
                               {"tenant": tenant, "user": user, "password": password}, key=None)
            assert answer.status_code == 200, answer.text
            self.session = answer.json()
            self.token = self.session["accessToken"]

    def ask(self, method, path, body=None, key="new", query=None, headers=None, raw=None):
        sent = dict(headers or {})
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if method != "GET" and key is not None:
            sent["Idempotency-Key"] = next(KEYS) if key == "new" else key
        if raw is not None:
            sent.setdefault("Content-Type", "application/json")
        response = self.http.request(method, self.host.address + path, params=query, headers=sent,
                                     json=body if raw is None else None, data=raw, timeout=60)
        op = operation_of(method, path)
        if op and op.id != "streamEvents":
            check_answer(op, response)
        return response

    def get(self, path, **query):
        return self.ask("GET", path, query=query)

    def post(self, path, body, **more):
        return self.ask("POST", path, body, **more)

    def put(self, path, body, **more):
        return self.ask("PUT", path, body, **more)

    def delete(self, path, **more):
        return self.ask("DELETE", path, **more)


class Host:
    """api_host with the two tenants of tests/api/world.sql."""

    def __init__(self, build, engine):
        self.engine = engine
        self.folder = tempfile.TemporaryDirectory(prefix="vyapar-api-")
        folder = pathlib.Path(self.folder.name)
        secret = folder / "secret"
        secret.write_bytes(os.urandom(48))
        secret.chmod(0o600)
        program = build / "tests" / "api" / "api_host"
        world = TOP / "tests" / "api" / "world.sql"
        self.store = f"sqlite:{folder}/store"
        if engine == "sqlite":
            command = [program, folder, f"sqlite:{folder}/store", f"sqlite:{folder}/store", world]
        else:
            command = [TOP / "tests" / "postgres", "sh", "-c",
                       'exec "$0" "$1" "$STORE_POSTGRES" "$STORE_POSTGRES_OWNER" "$2"',
                       program, folder, world]
        self.log = open(folder / "log", "w+")
        self.process = subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("port "), (folder / "log").read_text()[-4000:]
        self.address = f"http://127.0.0.1:{int(line.split()[1])}"
        self.clients = {}
        for tenant in TENANTS:
            owner = self.client(tenant, "owner")
            for kind, text in (("catalogue", CATALOGUE), ("parties", PARTIES)):
                answer = owner.put(f"/api/v1/documents/{kind}",
                                   {"csv": text.format(t=tenant), "reason": "the first one"})
                assert answer.status_code == 200, answer.text

    def client(self, tenant, user):
        """Signed in once a user: a password takes its time, by design."""
        if (tenant, user) not in self.clients:
            self.clients[tenant, user] = Client(self, tenant, user)
        return self.clients[tenant, user]

    def log_text(self):
        return pathlib.Path(self.log.name).read_text()

    def end(self):
        self.process.stdin.close()
        status = self.process.wait(timeout=60)
        text = self.log_text()
        self.log.close()
        self.folder.cleanup()
        assert status == 0, text[-4000:]
